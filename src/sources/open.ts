/** Reads the content of a file of the manifest, whatever it comes from. */

import { HoldallError } from '../errors.ts'
import { messageOf } from './thrown.ts'
import { checkUnusedStream } from '../manifest/checks.ts'
import { parseGiven } from '../manifest/data.ts'
import { ASK_AGAIN, isNotAllowed } from '../manifest/permission.ts'
import type { ManifestFile, SourceInput } from '../manifest/types.ts'
import { readCached } from './cache-storage.ts'
import { fetchFile, type HttpContext } from './http.ts'
import type { FileIdentity } from './identity.ts'
import { orAborted } from './patience.ts'
import { readStream } from './read-stream.ts'
import { changedSince, restOf } from './rest.ts'

/** What becomes of a file on its way. */
export type SourceState = 'fetching' | 'retrying' | 'done' | 'skipped'

/** What sources need of the job that they belong to. */
export interface SourceContext extends HttpContext {
  /** Told what becomes of the file at `index` of the list; of further attempts with their number. */
  report(index: number, state: SourceState, attempt?: number): void
  /** Told what is known of the file at `index`, which tells it from others at its URL. */
  identified(index: number, identity: FileIdentity): void
  /** The last file of which something is wanted, and the byte at which it is probably enough. Default: all is. */
  readonly end?: { readonly index: number; readonly until: number } | undefined
  /** The same of a file of which a part was read before, in another life of the job. */
  readonly known?: FileIdentity | undefined
  /** The CRC-32 of what was taken of the file at `index`, if it is the one under way. */
  crcTaken(index: number): number
}

/**
 * The bytes of `file` from `position` on.
 *
 * @param index Its place in the list.
 * @param copied Whether each chunk is done with when the next is asked for; see `readStream`.
 * @param crcTaken The CRC-32 of what was taken of it; to compare, should it have to be read again.
 * @throws {HoldallError} `source-failed`, `source-changed`, `size-mismatch`, `stream-used`.
 */
export async function* readSource(
  file: ManifestFile,
  index: number,
  position: number,
  context: SourceContext,
  copied = false,
  crcTaken: (index: number) => number = context.crcTaken,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { source, name, size } = file
  if (source === undefined) return
  context.report(index, 'fetching')
  if (source.type === 'url') {
    const crcUpTo = (): number => crcTaken(index)
    const checked = file.crc32 !== undefined || file.sha256 !== undefined
    const identified = (identity: FileIdentity): void => context.identified(index, identity)
    const { known, end } = context
    const until = end?.index === index ? end.until : undefined
    const wanted = { source, name, size, until, checked, crcUpTo, identified, known, copied }
    yield* fetchFile(wanted, position, context, (attempt) =>
      context.report(index, 'retrying', attempt),
    )
  } else {
    const { signal } = context
    try {
      const taken = (): number => crcTaken(index)
      yield* readLocal(source, { file, index, position, context, copied, crcTaken: taken })
    } catch (cause) {
      signal.throwIfAborted()
      throw cause instanceof HoldallError ? cause : unreadable(name, cause)
    }
  }
  context.report(index, 'done')
}

/** A file that is not fetched, and what is wanted of it. */
interface LocalFile {
  readonly file: ManifestFile
  readonly index: number
  readonly position: number
  readonly context: SourceContext
  readonly copied: boolean
  readonly crcTaken: () => number
}

async function* readLocal(
  source: Exclude<SourceInput, { type: 'url' }>,
  local: LocalFile,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { file, position, context, copied, crcTaken } = local
  const { name } = file
  const { signal, buffers } = context
  const options = { copied, buffers }
  switch (source.type) {
    case 'bytes':
      yield source.bytes.subarray(position)
      return
    case 'blob':
      yield* readStream(source.blob.slice(position).stream(), signal, options)
      return
    case 'handle':
      yield* readHandle(await source.handle.getFile(), local)
      return
    case 'unreadable':
      throw new Error(source.why)
    case 'cached':
      yield* restOf(readCached(source, name, signal, options), file, position, crcTaken)
      return
    case 'stream':
      if (position > 0) throw notRepeatable(name)
      // once more: Node cancels the body of a response that nobody holds, which would be an empty file
      checkUnusedStream(source.stream, name)
      yield* readStream(source.stream, signal, options)
      return
    case 'thunk': {
      const given = await orAborted(source.open(), signal)
      yield* readLocal(parseGiven(given, name, local.index), local)
    }
  }
}

/** A file that was picked, as it is now: with each opening it may be another. */
async function* readHandle(
  opened: File,
  { file, index, position, context, copied, crcTaken }: LocalFile,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { known, signal, buffers } = context
  const lastModified = String(opened.lastModified)
  const total = opened.size
  context.identified(index, { lastModified, total })
  const read = (from: number): Chunks =>
    readStream(opened.slice(from).stream(), signal, { copied, buffers })
  if (position === 0) yield* read(0)
  else if (known === undefined) yield* restOf(read(0), file, position, crcTaken)
  else if (known.lastModified === lastModified && known.total === total) yield* read(position)
  else throw changedSince(file)
}

type Chunks = AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>

/** A small Blob in one piece; making a stream of each of a thousand takes longer than reading them. */
export async function readBlob(
  blob: Blob,
  name: string,
  position: number,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await blob.slice(position).arrayBuffer())
  } catch (cause) {
    throw unreadable(name, cause)
  }
}

function unreadable(name: string, cause: unknown): HoldallError {
  const why = isNotAllowed({ cause })
    ? ASK_AGAIN
    : `${messageOf(cause)}; if it is a file, it may have been moved or changed since it was picked`
  return new HoldallError(
    'source-failed',
    `Cannot read "${name}": ${why}`,
    { entry: name },
    { cause },
  )
}

function notRepeatable(name: string): HoldallError {
  return new HoldallError(
    'stream-used',
    `Cannot go on with "${name}": its stream was read already and cannot be read again; give a function that makes a new one`,
    { entry: name },
  )
}
