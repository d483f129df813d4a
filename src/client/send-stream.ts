/** What streams of the page's need to get to its worker; loaded when there is one. */

import { checkUnusedStream } from '../manifest/checks.ts'
import { pumpToPort } from '../port/pump.ts'

/**
 * The reading end of a port that carries `stream`. Its chunks are copied: they may be its maker's. However that ends, the
 * stream is let go, and cancelled if there is more of it.
 *
 * @param signal Ends it: of a reader that is gone nothing is heard.
 * @throws {HoldallError} `stream-used`.
 */
export function sendStream(stream: ReadableStream<Uint8Array>, signal?: AbortSignal): MessagePort {
  checkUnusedStream(stream, 'a stream')
  const { port1, port2 } = new MessageChannel()
  const reader = stream.getReader()
  const cancel = (reason?: unknown): void => {
    reader.cancel(reason).catch(() => undefined)
    reader.releaseLock() // which browsers refuse during a read: that has ended now
  }
  const chunks: AsyncIterator<Uint8Array<ArrayBuffer>, undefined, void> = {
    next: async () => {
      const { done, value } = await reader.read()
      signal?.throwIfAborted() // a stream that was cancelled looks as if it were whole
      if (!done && !((value as unknown) instanceof Uint8Array))
        throw new TypeError('it gave no Uint8Array')
      return done ? { done, value: undefined } : { done, value: value as Uint8Array<ArrayBuffer> }
    },
    return: async () => {
      signal?.removeEventListener('abort', abort)
      cancel()
      return { done: true, value: undefined }
    },
  }
  const abort = (): void => cancel(signal?.reason)
  if (signal?.aborted) abort()
  signal?.addEventListener('abort', abort)
  // Whoever reads the port gets the error; there is nobody else to tell.
  pumpToPort(chunks, port1, { cancel, ...(signal && { signal }) }).catch(() => undefined)
  return port2
}
