/** Content that a caller has, or makes, as a source. */

import { HoldallError } from '../errors.ts'
import { shownAs } from '../zip/option-checks.ts'
import { checkUnusedStream } from './checks.ts'
import type { Data, DataOrThunk, SourceInput } from './types.ts'

type DataSource = Extract<SourceInput, { type: 'bytes' | 'blob' | 'stream' }>

/** `data` as a source; a function is a source that is asked later. */
export function parseData(data: DataOrThunk, name: string, index: number): SourceInput {
  if (typeof data === 'function') return { type: 'thunk', open: data }
  return parseValue(data, name) ?? refuse(data, name, index, `its data is ${shownAs(data)}`)
}

/**
 * What the function of the file `name` gave, as a source.
 *
 * @throws {HoldallError} `invalid-file`, `stream-used`.
 */
export function parseGiven(given: Data | Response, name: string, index: number): DataSource {
  const data = given instanceof Response ? bodyOf(given) : given
  return parseValue(data, name) ?? refuse(data, name, index, 'it gave no data')
}

/** @throws {HoldallError} `invalid-file`, for `data` that is none. */
function refuse(data: unknown, name: string, index: number, how: string): never {
  const isNodes = typeof (data as { pipe?: unknown } | null)?.pipe === 'function'
  const remedy = isNodes
    ? 'make the stream of Node one of the Web: Readable.toWeb(stream)'
    : 'give text, bytes, a Blob or a stream; a function may give a Response, too'
  const message = `Cannot pack file ${index}, "${name}": ${how}; ${remedy}`
  throw new HoldallError('invalid-file', message, { index })
}

/** The content of `response`: what a server says of a file that it has not is none. */
export function bodyOf(response: Response): ReadableStream<Uint8Array> {
  if (!response.ok) {
    response.body?.cancel().catch(() => undefined) // else its request would stay open
    throw new TypeError(`it gave a response of status ${response.status}`)
  }
  return response.body ?? new Blob().stream()
}

function parseValue(data: Data, name: string): DataSource | undefined {
  if (typeof data === 'string') return { type: 'bytes', bytes: new TextEncoder().encode(data) }
  if (data instanceof Blob) return { type: 'blob', blob: data }
  if (data instanceof ArrayBuffer) return { type: 'bytes', bytes: new Uint8Array(data) }
  if (ArrayBuffer.isView(data)) {
    const { buffer, byteOffset, byteLength } = data
    return {
      type: 'bytes',
      bytes: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength),
    }
  }
  if (data instanceof ReadableStream) {
    checkUnusedStream(data, name)
    return { type: 'stream', stream: data }
  }
  return undefined
}

/** In bytes, if it is known. */
export function sizeOf(source: SourceInput): number | undefined {
  if (source.type === 'bytes') return source.bytes.length
  return source.type === 'blob' ? source.blob.size : undefined
}

/** The error for a file of none of the shapes that there are. */
export function invalidFile(index: number): HoldallError {
  return new HoldallError(
    'invalid-file',
    `Cannot pack file ${index}: give a URL, a File, a handle, or an object with just one of url, data, handle, directory, symlink`,
    { index },
  )
}
