/** "holdall/core": plan and encode archives in any runtime, without workers or downloads. */

import { archiveHeaders } from './engine/response-headers.ts'
import { explained, prepareJob, runJob, type PreparedJob, type RefreshUrl } from './engine/job.ts'
import type { SkippedFile } from './engine/missing.ts'
import type { ArchiveOptions, FilesInput } from './manifest/types.ts'
import { whenAborted } from './sources/when-aborted.ts'
import type { ArchiveEncoder } from './zip/encode.ts'

export { HoldallError, isHoldallError, type ErrorCode, type ErrorDetails } from './errors.ts'
export type {
  ArchiveOptions,
  BundleWarning,
  Data,
  DataFile,
  DataOrThunk,
  DirectoryEntry,
  FileInput,
  FilesInput,
  FramingOption,
  HandleFile,
  RetryOptions,
  SymlinkEntry,
  UrlFile,
  Warning,
} from './manifest/types.ts'
export type { RefreshUrl } from './engine/job.ts'
export type { SkippedFile } from './engine/missing.ts'
export type { BufferPool } from './zip/buffer-pool.ts'
export type { Checkpoint } from './zip/checkpoint.ts'
export type { CheckpointDelta } from './zip/checkpoint-log.ts'
export { crc32 } from './zip/crc32.ts'
export {
  encodeArchive,
  type ArchiveEncoder,
  type Content,
  type EncodeOptions,
  type OpenContent,
  type Opened,
} from './zip/encode.ts'
export type { NameWarning } from './zip/names.ts'
export type { Received } from './zip/tally.ts'
export type { Missing, Omission } from './zip/omissions.ts'
export {
  archiveLength,
  planArchive,
  type ArchivePlan,
  type EntryInput,
  type OnError,
  type PlannedEntry,
  type PlanOptions,
} from './zip/plan.ts'

/** What `zipStream` and `zipResponse` may be told. */
export interface StreamOptions extends ArchiveOptions {
  /** Ends the archive, and every request for it; the stream fails with its reason. */
  readonly signal?: AbortSignal
  /** Gives a fresh URL for one that a server refuses (401, 403), if it can; asked once in a row. */
  readonly refreshUrl?: RefreshUrl
  /** Told of each file that is not in the archive, where `onError` allows that. */
  readonly skipped?: (file: SkippedFile) => void
}

/**
 * The archive of `files` as a stream, made no faster than it is read.
 *
 * Nothing is fetched before the first read. Once it was read from, cancelling it ends every request, and, as a failure
 * does, every stream among `files`. Bad input and failed sources error the stream with a `HoldallError`.
 */
export function zipStream(
  files: FilesInput,
  options: StreamOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const ending = endingWith(options.signal)
  const prepare = (signal: AbortSignal): Promise<PreparedJob> => preparedIn(files, options, signal)
  return streamOf(prepare, ending, options)
}

/**
 * The archive of `files` as a response to be saved, with `Content-Length` where all sizes are known.
 *
 * Bad input rejects before there is a response; a source that fails later errors its body. Cancelling that, read from or
 * not, ends every stream among `files`.
 *
 * @param options `name` is the archive's: by default the manifest's, else `archive.zip`.
 */
export async function zipResponse(
  files: FilesInput,
  options: StreamOptions & { readonly name?: string } = {},
): Promise<Response> {
  const ending = endingWith(options.signal)
  const job = await preparedIn(files, options, ending.signal)
  const name = options.name ?? job.name ?? 'archive.zip'
  const headers = archiveHeaders(name, job.plan.length)
  return new Response(
    streamOf(() => job, ending, options),
    { headers },
  )
}

/** A controller that aborts when `signal` does. */
function endingWith(signal: AbortSignal | undefined): AbortController {
  const ending = new AbortController()
  const end = (): void => ending.abort(signal?.reason)
  if (signal?.aborted) end()
  signal?.addEventListener('abort', end, { signal: ending.signal })
  return ending
}

/** A job whose streams are cancelled when `signal` aborts. */
function preparedIn(
  files: FilesInput,
  options: ArchiveOptions,
  signal: AbortSignal,
): Promise<PreparedJob> {
  return prepareJob(files, options, signal, (job) => cancelStreams(job, signal))
}

/** Cancels the streams of `job` when it ends: those too whose turn has not come, which nobody will read. */
function cancelStreams({ files }: PreparedJob, signal: AbortSignal): void {
  const cancel = (): void => {
    for (const { source } of files) {
      // one that is locked is left to who reads it
      if (source?.type === 'stream') source.stream.cancel(signal.reason).catch(() => undefined)
    }
  }
  if (signal.aborted) cancel()
  else whenAborted(signal, cancel)
}

function streamOf(
  prepare: (signal: AbortSignal) => PreparedJob | Promise<PreparedJob>,
  ending: AbortController,
  { refreshUrl, skipped }: StreamOptions,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const { signal } = ending
  let job: PreparedJob | undefined
  let chunks: ArchiveEncoder | undefined
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          signal.throwIfAborted()
          job ??= await prepare(signal)
          chunks ??= runJob(job, { signal, refreshUrl, skipped })
          const { done, value } = await chunks.next()
          if (!done) {
            controller.enqueue(value)
            return
          }
          controller.close()
        } catch (error) {
          const told = job === undefined ? error : explained(error, job)
          controller.error(told)
          ending.abort(told)
        }
        ending.abort() // what was opened ahead, in vain or not
      },
      async cancel(reason) {
        ending.abort(reason)
        await chunks?.return()
      },
    },
    { highWaterMark: 0 },
  )
}
