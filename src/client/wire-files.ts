/** Options and file inputs made fit to cross to a worker: what cannot be cloned of files stays here, to be asked for. */

import { transfer } from 'comlink'
import { HoldallError, isHoldallError } from '../errors.ts'
import type {
  ArchiveOptions,
  DataFile,
  DataOrThunk,
  FileInput,
  FilesInput,
} from '../manifest/types.ts'
import type { PageServices, WireFile } from '../worker/protocol.ts'
import { loaded } from './loaded.ts'
import type * as PageContents from './page-contents.ts'

const FIELDS =
  'url data handle directory symlink name size crc32 sha256 lastModified mode comment headers credentials integrity referrerPolicy etag cache'.split(
    ' ',
  )

const OPTIONS = 'duplicates onError framing comment concurrency sizes retry baseURL'.split(' ')

/** `options` as they cross: no more of them than is known. */
export function wireOptions(options: ArchiveOptions): ArchiveOptions {
  const wire = known(options, OPTIONS)
  const { retry } = wire
  // what frameworks wrap objects in cannot be cloned
  if (typeof retry === 'object') wire['retry'] = retry && { ...retry }
  return wire
}

/** What one worker may ask its page for. */
export class RemoteContents {
  readonly #contents: DataOrThunk[] = []
  readonly #ending = new AbortController()

  /**
   * `batch` as it crosses, and what is to be transferred with it.
   *
   * Views of bytes are copied into one buffer: cloning a view would clone all of the buffer behind
   * it, and the caller keeps theirs.
   *
   * @throws {HoldallError} `stream-used`.
   */
  async toWire(
    batch: readonly FileInput[],
  ): Promise<{ files: WireFile[]; transfer: Transferable[] }> {
    const views = batch.map(viewOf)
    const packed = new Uint8Array(views.reduce((sum, view) => sum + (view?.byteLength ?? 0), 0))
    let offset = 0
    const files = batch.map((input, index) => {
      const view = views[index]
      if (view === undefined) return this.#wire(input)
      // a view of no bytes would be of no use once the buffer was transferred with those that it has
      const { byteLength } = view
      const copy = byteLength > 0 ? packed.subarray(offset, offset + byteLength) : new Uint8Array(0)
      copy.set(view)
      offset += byteLength
      return { ...pick(input as DataFile), data: copy } as DataFile
    })
    // They are asked for later, when what answers might not be had any more.
    if (this.#contents.length > 0) (await contents()).keepStreams(batch, this.#ending.signal)
    return { files, transfer: [packed.buffer] }
  }

  #wire(input: FileInput): WireFile {
    if (input instanceof URL) return input.href
    if (typeof input !== 'object' || input === null) {
      // What cannot be packed cannot always be cloned: null is refused in its place in the list.
      return typeof input === 'string' ? input : (null as unknown as WireFile)
    }
    if (input instanceof Blob || 'getFile' in input || 'values' in input) return input as WireFile
    const fields = pick(input)
    const { data } = fields
    if (typeof data !== 'function' && !(data instanceof ReadableStream)) return fields as WireFile
    return { ...fields, data: { remote: this.#contents.push(data) - 1 } } as WireFile
  }

  /** See `PageServices`. */
  async open(remote: number): ReturnType<PageServices['open']> {
    const { openContent } = await contents()
    const [value, list] = await openContent(this.#contents[remote]!, this.#ending.signal)
    return list ? transfer(value, list) : value
  }

  /**
   * Cancels the streams that are being read: nobody does so any more.
   *
   * @param error Of the job that they were for. If there is one, those that nobody has asked for are cancelled, too.
   */
  end(error?: unknown): void {
    this.#ending.abort(error)
  }
}

function contents(): Promise<typeof PageContents> {
  return loaded(import('./page-contents.ts'))
}

/** The fields of `object` with those `names`, if it has them. */
function known(object: unknown, names: readonly string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {}
  for (const name of names) {
    const value = (object as Record<string, unknown>)[name]
    if (value !== undefined) fields[name] = value
  }
  return fields
}

function pick(input: FileInput): Partial<DataFile> {
  const fields = known(input, FIELDS)
  const { url, headers } = fields
  if (url instanceof URL) fields['url'] = url.href
  if (headers !== undefined) fields['headers'] = plainHeaders(headers)
  return fields as Partial<DataFile>
}

/** What cannot be headers is refused by the worker, with the name of its file. */
function plainHeaders(headers: unknown): unknown {
  try {
    return Object.fromEntries(new Headers(headers as HeadersInit))
  } catch {
    return 'no headers'
  }
}

function viewOf(input: FileInput): Uint8Array | undefined {
  if (typeof input !== 'object' || input === null || !('data' in input)) return undefined
  const { data } = input
  return data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? bytesOf(data) : undefined
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/**
 * The files as a list, for the archive may be asked for more than once; or the URL of a manifest.
 *
 * @throws {HoldallError} `invalid-option`; what the caller's own iterable throws is its cause, unless it has a code.
 */
export async function collect(input: FilesInput): Promise<readonly FileInput[] | string> {
  if (typeof input === 'string') return input
  if (input instanceof URL) return input.href
  try {
    // Not the same way: the page would not answer while a hundred thousand files are waited for.
    if (!(Symbol.asyncIterator in Object(input))) return [...(input as Iterable<FileInput>)]
    const files: FileInput[] = []
    for await (const file of input) files.push(file)
    return files
  } catch (cause) {
    if (isHoldallError(cause)) throw cause
    const { message: why = 'its iteration failed' } = Object(cause) as Error
    const message = `Cannot list the files: ${why}; give an iterable of files, or a manifest URL`
    throw new HoldallError('invalid-option', message, { option: 'files' }, { cause })
  }
}
