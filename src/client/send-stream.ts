/** What streams of the page's need to get to its worker; loaded when there is one. */

import { checkUnusedStream } from '../manifest/checks.ts'
import { bodyOf } from '../manifest/data.ts'
import { pumpToPort } from '../port/pump.ts'

export { checkUnusedStream }

/**
 * The reading end of a port that carries the stream or the response that a function gave; `null` for what is
 * neither: the worker refuses it, and knows its file.
 *
 * @throws {HoldallError} `stream-used`.
 */
export function sendGiven(given: unknown): MessagePort | null {
  const stream = given instanceof Response ? bodyOf(given) : given
  return stream instanceof ReadableStream ? sendStream(stream) : null
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
