/** One job, from what a caller asks for to the chunks of its archive. Runs in any worker or runtime. */

import { HoldallError, isHoldallError } from '../errors.ts'
import { checkOptions } from '../manifest/checks.ts'
import { parseManifest } from '../manifest/json.ts'
import { parseFiles } from '../manifest/parse.ts'
import type { ArchiveOptions, FilesInput, ManifestFile } from '../manifest/types.ts'
import { Ahead, WHOLE_UP_TO } from '../sources/ahead.ts'
import type { Checkpoint } from '../zip/checkpoint.ts'
import { encodeArchive, type ArchiveEncoder } from '../zip/encode.ts'
import { planArchive, type ArchivePlan } from '../zip/plan.ts'

/** A job whose archive is settled; nothing of its files is fetched. */
export interface PreparedJob {
  readonly files: readonly ManifestFile[]
  readonly plan: ArchivePlan
  readonly concurrency: number
}

/** Files asked for at once on HTTP/1.1, where browsers allow six connections to a server. */
const CONCURRENCY = 6

/**
 * Checks the input, and plans the archive.
 *
 * Fetches the manifest if `files` is the URL of one, and nothing else.
 *
 * @throws {HoldallError} One of the codes for bad input.
 */
export async function prepareJob(
  files: FilesInput,
  options: ArchiveOptions = {},
  signal?: AbortSignal,
): Promise<PreparedJob> {
  checkOptions(options)
  const { duplicates, framing, comment, concurrency = CONCURRENCY } = options
  const baseURL = options.baseURL === undefined ? defaultBase() : String(options.baseURL)
  const parsed =
    typeof files === 'string' || files instanceof URL
      ? await loadManifest(String(files), baseURL, signal)
      : await parseFiles(files, baseURL)
  const plan = planArchive(
    parsed.map((file) => ({ ...file, whole: isWhole(file) })),
    {
      ...(duplicates !== undefined && { duplicates }),
      ...(framing !== undefined && { framing }),
      ...(comment !== undefined && { comment }),
    },
  )
  return { files: parsed, plan, concurrency }
}

/**
 * Makes the archive of a prepared job.
 *
 * @param signal Ends it, with every request under way; the encoder throws its reason.
 * @param from Where to go on. Default: the start.
 * @throws {HoldallError} As `encodeArchive` does, naming the URL where the fault is a source's.
 */
export function runJob(job: PreparedJob, signal: AbortSignal, from?: Checkpoint): ArchiveEncoder {
  const { files, plan, concurrency } = job
  const wanted = files.map((file, index) => {
    const { framing, crc32 } = plan.entries[index]!
    return { file, whole: framing === 'sized' && crc32 === undefined }
  })
  const ahead = new Ahead(wanted, concurrency, signal)
  return encodeArchive(plan, (index, position) => ahead.open(index, position), from)
}

/**
 * Small files are read before their header is written, so that it can hold their CRC-32; what is in
 * memory is at hand anyway.
 */
function isWhole({ kind, size, crc32, source }: ManifestFile): boolean {
  if (kind === 'directory' || size === undefined || crc32 !== undefined) return false
  return source?.type === 'bytes' || size <= WHOLE_UP_TO
}

/** `error`, with the URL of the file that it is about where that is known here and not there. */
export function locateError(error: unknown, { files, plan }: PreparedJob): unknown {
  if (!isHoldallError(error, 'size-mismatch') && !isHoldallError(error, 'crc-mismatch')) return error
  const { entry } = error.detail
  const source = files[plan.entries.findIndex(({ name }) => name === entry)]?.source
  if (source?.type !== 'url') return error
  const message = `${error.message} (${source.url})`
  return new HoldallError(error.code, message, { ...error.detail, url: source.url })
}

async function loadManifest(
  url: string,
  baseURL: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ManifestFile[]> {
  let source: string
  try {
    source = new URL(url, baseURL).href
  } catch (cause) {
    const message = `Cannot fetch the manifest: "${url}" is not a URL; to pack one file, give a list`
    throw new HoldallError('invalid-url', message, { entry: url, url }, { cause })
  }
  let response: Response
  try {
    response = await fetch(source, { ...(signal && { signal }) })
  } catch (cause) {
    signal?.throwIfAborted()
    const message = `Cannot fetch the manifest ${source}: ${(cause as Error).message}; check the connection and the URL`
    throw new HoldallError('source-failed', message, { entry: source, url: source }, { cause })
  }
  if (!response.ok) {
    const { status } = response
    const message = `Cannot fetch the manifest: ${source} answered ${status}; check its URL`
    throw new HoldallError('source-failed', message, { entry: source, url: source, status })
  }
  const manifest = parseManifest(await response.text(), source)
  return parseFiles(manifest.files, response.url)
}

function defaultBase(): string | undefined {
  return 'location' in globalThis ? globalThis.location.href : undefined
}
