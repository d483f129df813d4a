/** "holdall/core": plan and encode archives in any runtime, without workers or downloads. */

import { archiveHeaders } from './engine/response-headers.ts'
import { locateError, prepareJob, runJob, type PreparedJob } from './engine/job.ts'
import type { ArchiveOptions, FilesInput } from './manifest/types.ts'
import type { ArchiveEncoder } from './zip/encode.ts'

export { HoldallError, isHoldallError, type ErrorCode, type ErrorDetails } from './errors.ts'
export type {
  ArchiveOptions,
  Data,
  DataFile,
  DataOrThunk,
  DirectoryEntry,
  FileInput,
  FilesInput,
  FramingOption,
  HandleFile,
  SymlinkEntry,
  UrlFile,
  Warning,
} from './manifest/types.ts'
export type { Checkpoint } from './zip/checkpoint.ts'
export { crc32 } from './zip/crc32.ts'
export {
  encodeArchive,
  type ArchiveEncoder,
  type Content,
  type OpenContent,
} from './zip/encode.ts'
export {
  archiveLength,
  planArchive,
  type ArchivePlan,
  type EntryInput,
  type PlannedEntry,
  type PlanOptions,
} from './zip/plan.ts'

/** What `zipStream` and `zipResponse` may be told. */
export interface StreamOptions extends ArchiveOptions {
  /** Ends the archive, and every request for it; the stream fails with its reason. */
  readonly signal?: AbortSignal
}

/**
 * The archive of `files` as a stream, made no faster than it is read.
 *
 * Nothing is fetched before the first read. Cancelling it ends every request. Bad input and failed
 * sources error the stream with a `HoldallError`.
 */
export function zipStream(
  files: FilesInput,
  options: StreamOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return streamOf(() => prepareJob(files, options, options.signal), options.signal)
}

/**
 * The archive of `files` as a response to be saved, with `Content-Length` where all sizes are known.
 *
 * Bad input rejects before there is a response; a source that fails later errors its body.
 *
 * @param options `name` is the archive's, `archive.zip` by default.
 */
export async function zipResponse(
  files: FilesInput,
  options: StreamOptions & { readonly name?: string } = {},
): Promise<Response> {
  const { name = 'archive.zip', signal } = options
  const job = await prepareJob(files, options, signal)
  return new Response(
    streamOf(() => job, signal),
    { headers: archiveHeaders(name, job.plan.length) },
  )
}

function streamOf(
  prepare: () => PreparedJob | Promise<PreparedJob>,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const ending = new AbortController()
  const end = (): void => ending.abort(signal?.reason)
  let job: PreparedJob | undefined
  let chunks: ArchiveEncoder | undefined
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          if (job === undefined || chunks === undefined) {
            signal?.throwIfAborted()
            signal?.addEventListener('abort', end)
            job = await prepare()
            chunks = runJob(job, ending.signal)
          }
          const { done, value } = await chunks.next()
          if (!done) {
            controller.enqueue(value)
            return
          }
          controller.close()
        } catch (error) {
          controller.error(job === undefined ? error : locateError(error, job))
        }
        signal?.removeEventListener('abort', end)
      },
      async cancel(reason) {
        signal?.removeEventListener('abort', end)
        ending.abort(reason)
        await chunks?.return()
      },
    },
    { highWaterMark: 0 },
  )
}
