/** The reading end of a port: an ordinary stream. */

import { strayMessage, type ReaderMessage, type WriterMessage } from './protocol.ts'
import { fromWire, toWire } from './wire-error.ts'

/** Bytes asked for beyond what was read. Covers the way there and back; bounds what is under way. */
export const WINDOW: number = 4 * 1024 * 1024

export interface ReadableOptions {
  /** Bytes asked for beyond what was read, at most. Default: 4 MiB. */
  readonly window?: number | undefined
  /** Told what the writer says of the first `bytes` that it sent, when they have come. */
  readonly marked?: (mark: unknown, bytes: number) => void
  /** Asked with each pull for buffers of chunks that nobody reads any more: they go back to the writer. */
  readonly spent?: () => ArrayBuffer[]
  /** Told of each sign of life: bytes, or the word that there will be some. */
  readonly alive?: () => void
}

/**
 * A stream of what `pumpToPort` sends to the other end of `port`.
 *
 * Cancelling it tells the writer why. So does a message that is none of the protocol, which ends it with `worker-failed`.
 */
export function readableFromPort(
  port: MessagePort,
  { window = WINDOW, marked, spent, alive }: ReadableOptions = {},
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const send = (message: ReaderMessage, list: Transferable[] = []): void =>
    port.postMessage(message, list)
  const end = (reason: unknown): void => {
    port.onmessage = null // chunks may be under way; there is nowhere to put them
    send({ type: 'cancel', error: toWire(reason) })
    port.close()
  }
  /** Bytes asked for that have not come. */
  let granted = 0
  let received = 0
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      start(controller) {
        const hear = (message: WriterMessage): void => {
          alive?.()
          switch (message.type) {
            case 'alive':
              return
            case 'chunk':
              if (!((message.bytes as unknown) instanceof Uint8Array)) throw message
              granted -= message.bytes.byteLength
              received += message.bytes.byteLength
              if (message.mark !== undefined) marked?.(message.mark, received)
              controller.enqueue(message.bytes)
              return
            case 'end':
              port.close()
              controller.close()
              return
            case 'error':
              port.close()
              controller.error(fromWire(message.error))
              return
            default:
              throw message
          }
        }
        port.onmessage = ({ data }: MessageEvent<WriterMessage>) => {
          try {
            hear(data)
          } catch (cause) {
            const error = strayMessage(cause)
            end(error)
            controller.error(error)
          }
        }
      },
      pull(controller) {
        // Credit is given in portions: a message for every chunk read would cost more than it tells.
        const bytes = controller.desiredSize! - granted
        if (bytes < window / 4) return
        granted += bytes
        const buffers = spent?.() ?? []
        send({ type: 'pull', bytes, ...(buffers.length > 0 && { spent: buffers }) }, buffers)
      },
      cancel(reason) {
        end(reason)
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: window }),
  )
}
