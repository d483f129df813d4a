/** The reading end of a port: an ordinary stream. */

import { fromWire, toWire } from '../errors.ts'
import type { ReaderMessage, WriterMessage } from './protocol.ts'

/** Bytes asked for beyond what was read. Covers the way there and back; bounds what is under way. */
export const WINDOW: number = 4 * 1024 * 1024

export interface ReadableOptions {
  /** Bytes asked for beyond what was read, at most. Default: 4 MiB. */
  readonly window?: number | undefined
  /** Told what the writer says of the first `bytes` that it sent, when they have come. */
  readonly marked?: (mark: unknown, bytes: number) => void
  /** Told of each sign of life: bytes, or the word that there will be some. */
  readonly alive?: () => void
}

/**
 * A stream of what `pumpToPort` sends to the other end of `port`.
 *
 * Cancelling it tells the writer why.
 */
export function readableFromPort(
  port: MessagePort,
  { window = WINDOW, marked, alive }: ReadableOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const send = (message: ReaderMessage): void => port.postMessage(message)
  /** Bytes asked for that have not come. */
  let granted = 0
  let received = 0
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        port.onmessage = ({ data }: MessageEvent<WriterMessage>) => {
          alive?.()
          switch (data.type) {
            case 'alive':
              return
            case 'chunk':
              granted -= data.bytes.byteLength
              received += data.bytes.byteLength
              if (data.mark !== undefined) marked?.(data.mark, received)
              controller.enqueue(data.bytes)
              return
            case 'end':
              port.close()
              controller.close()
              return
            case 'error':
              port.close()
              controller.error(fromWire(data.error))
          }
        }
      },
      pull(controller) {
        // Credit is given in portions: a message for every chunk read would cost more than it tells.
        const bytes = controller.desiredSize! - granted
        if (bytes < window / 4) return
        granted += bytes
        send({ type: 'pull', bytes })
      },
      cancel(reason) {
        port.onmessage = null // chunks may be under way; there is nowhere to put them
        send({ type: 'cancel', error: toWire(reason) })
        port.close()
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: window }),
  )
}
