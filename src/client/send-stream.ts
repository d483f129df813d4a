/** What functions and streams of the page's need to get to its worker; loaded when there is one. */

import { checkUnusedStream } from '../manifest/checks.ts'
import { bodyOf } from '../manifest/data.ts'
import type { DataFile, DataOrThunk, FileInput } from '../manifest/types.ts'
import { pumpToPort } from '../port/pump.ts'

export { uncloneable } from './uncloneable.ts'

/** @throws {HoldallError} `stream-used`. */
export function checkStreams(batch: readonly FileInput[]): void {
  for (const input of batch) {
    const { data, name = '' } = Object(input) as DataFile
    if (data instanceof ReadableStream) checkUnusedStream(data, name)
  }
}

/** What crosses to the worker. */
type Given = Blob | string | Uint8Array<ArrayBuffer> | MessagePort | null

/**
 * `content` as it crosses, and what of it is transferred: a stream, or the body of a response, is the reading end of a
 * port. `null` for what is no content: the worker refuses it, and knows its file.
 *
 * @throws {HoldallError} `stream-used`; what a function throws.
 */
export async function give(content: DataOrThunk): Promise<[content: Given, owned?: Transferable]> {
  const data: unknown = typeof content === 'function' ? await content() : content
  if (data instanceof Blob || typeof data === 'string') return [data]
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) {
    const copy = bytesOf(data).slice()
    return [copy, copy.buffer]
  }
  const stream = data instanceof Response ? bodyOf(data) : data
  if (!(stream instanceof ReadableStream)) return [null]
  const port = sendStream(stream)
  return [port, port]
}

/**
 * The reading end of a port that carries `stream`. Its chunks are copied: they may be its maker's.
 *
 * @throws {HoldallError} `stream-used`.
 */
export function sendStream(stream: ReadableStream<Uint8Array>): MessagePort {
  checkUnusedStream(stream, 'a stream')
  const { port1, port2 } = new MessageChannel()
  const reader = stream.getReader()
  const cancel = (reason?: Error): void => void reader.cancel(reason).catch(() => undefined)
  const chunks: AsyncIterator<Uint8Array<ArrayBuffer>, undefined, void> = {
    next: async () => {
      const { done, value } = await reader.read()
      if (!done && !((value as unknown) instanceof Uint8Array))
        throw new TypeError('it gave no Uint8Array')
      return done ? { done, value: undefined } : { done, value: value as Uint8Array<ArrayBuffer> }
    },
    return: async () => {
      cancel()
      return { done: true, value: undefined }
    },
  }
  // Whoever reads the port gets the error; there is nobody else to tell.
  pumpToPort(chunks, port1, { cancel }).catch(() => undefined)
  return port2
}

function bytesOf(data: ArrayBuffer | ArrayBufferView): Uint8Array {
  if (data instanceof ArrayBuffer) return new Uint8Array(data)
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}
