/** Content that a caller has, or makes, as a source. */

import { HoldallError } from '../errors.ts'
import { checkUnusedStream } from './checks.ts'
import type { Data, DataOrThunk, SourceInput } from './types.ts'

/** `data` as a source; a function is a source that is asked later. */
export function parseData(data: DataOrThunk, name: string, index: number): SourceInput {
  if (typeof data === 'function') return { type: 'thunk', open: data }
  return parseValue(data, name, index)
}

function parseValue(data: Data, name: string, index: number): SourceInput {
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
  throw invalidFile(index)
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
