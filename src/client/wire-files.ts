/** File inputs made fit to cross to a worker: what cannot be cloned stays here, to be asked for. */

import { transfer } from 'comlink'
import { HoldallError } from '../errors.ts'
import type { DataFile, DataOrThunk, FileInput, FilesInput } from '../manifest/types.ts'
import type { PageServices, WireFile } from '../worker/protocol.ts'
import { loaded } from './loaded.ts'
import type * as Sending from './send-stream.ts'

const FIELDS =
  'url data handle directory symlink name size crc32 sha256 lastModified mode comment headers credentials integrity referrerPolicy etag cache'.split(
    ' ',
  )

/** What functions and streams of the page's need. */
export const loadSending = (): Promise<typeof Sending> => loaded(import('./send-stream.ts'))

/** What one worker may ask its page for. */
export class RemoteContents {
  readonly #contents: DataOrThunk[] = []

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
    // Not when their turn has come: by then, the server may have another version.
    if (batch.some((input) => isRemote(dataOf(input)))) (await loadSending()).checkStreams(batch)
    const views = batch.map((input) => bytesOf(dataOf(input)))
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
    if (!isRemote(data)) return fields as WireFile
    return { ...fields, data: { remote: this.#contents.push(data) - 1 } } as WireFile
  }

  /** See `PageServices`. */
  async open(remote: number): ReturnType<PageServices['open']> {
    const { give } = await loadSending()
    const [content, owned] = await give(this.#contents[remote]!)
    return owned ? transfer(content, [owned]) : content
  }
}

function pick(input: FileInput): Partial<DataFile> {
  const fields: Record<string, unknown> = {}
  for (const field of FIELDS) {
    const value = (input as unknown as Record<string, unknown>)[field]
    if (value !== undefined) fields[field] = value
  }
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

/** What cannot be cloned. */
function isRemote(data: unknown): data is DataOrThunk {
  return typeof data === 'function' || data instanceof ReadableStream
}

/** Whatever is in the place of a file. */
function dataOf(input: unknown): unknown {
  return (Object(input) as { data?: unknown }).data
}

function bytesOf(data: unknown): Uint8Array | undefined {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  if (!ArrayBuffer.isView(data)) return undefined
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/** The files as a list, for the archive may be asked for more than once; or the URL of a manifest. */
export async function collect(input: FilesInput): Promise<readonly FileInput[] | string> {
  if (typeof input === 'string') return input
  if (input instanceof URL) return input.href
  if (Symbol.asyncIterator in Object(input)) {
    const files: FileInput[] = []
    for await (const file of input) files.push(file)
    return files
  }
  // Not the same way: the page would not answer while a hundred thousand files are waited for.
  if (Symbol.iterator in Object(input)) return [...(input as Iterable<FileInput>)]
  const message = 'Cannot make the archive: give an iterable of files or the URL of a manifest'
  throw new HoldallError('invalid-option', message, { option: 'files' })
}
