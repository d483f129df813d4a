/** The writing end of a port: sends chunks as fast as the reader takes them. */

import { BEAT_EVERY, strayMessage, type ReaderMessage, type WriterMessage } from './protocol.ts'
import { fromWire, toWire } from './wire-error.ts'

/** Chunks are sent in pieces of at most this many bytes, so that credit is worth something. */
const LARGEST = 2 * 1024 * 1024

export interface PumpOptions {
  /**
   * Whether chunks that cover their whole buffer are transferred, and so gone for whoever made them.
   * Others are copied. Default: false.
   */
  readonly transfer?: boolean
  /** Told of each buffer that the reader is done with, and gives back. */
  readonly spent?: (buffer: ArrayBuffer) => void
  /** Called if the reader cancels, or is not understood: end what the chunks come from, so that a read under way ends. */
  readonly cancel?: (reason: Error) => void
  /** Asked after each chunk for what is to be told with it; see `WriterMessage`. */
  readonly mark?: (() => unknown) | undefined
  /** Asked at every beat whether the reader is to be told that the writer is alive. Default: it is not. */
  readonly vouch?: () => boolean
  /**
   * Bytes of credit to leave unspent at the moment, at most three quarters of the reader's window: it asks for
   * more in quarters. Default: none.
   */
  readonly reserve?: () => number
  /** Ends the sending, also while the reader takes nothing; the reader gets its reason. */
  readonly signal?: AbortSignal
}

/**
 * Sends `chunks` to the reading end of `port`, no faster than it reads; then closes the port.
 *
 * @returns When the reader has been told how it ended.
 * @throws What `chunks` throws and the signal's reason, after the reader was told, as it is of `worker-failed`, if the
 *   reader sends what is none of the protocol; and the reader's reason if it cancels.
 */
export async function pumpToPort(
  chunks: AsyncIterator<Uint8Array<ArrayBuffer>, unknown, void>,
  port: MessagePort,
  { transfer = false, spent, cancel, mark, vouch, reserve, signal }: PumpOptions = {},
): Promise<void> {
  const credit = new Credit(reserve)
  let cancelled: Error | undefined
  let stray: Error | undefined
  port.onmessage = ({ data }: MessageEvent<ReaderMessage | null | undefined>) => {
    if (cancelled ?? stray) return
    const pulled = data?.type === 'pull' && Number.isFinite(data.bytes) && data.bytes > 0
    const buffers = pulled ? (data.spent ?? []) : []
    if (pulled && areBuffers(buffers)) {
      if (spent) buffers.forEach(spent)
      return credit.add(data.bytes)
    }
    if (data?.type === 'cancel') cancelled = fromWire(data.error)
    else stray = strayMessage()
    credit.add(Infinity)
    cancel?.((cancelled ?? stray)!)
  }
  const wake = (): void => credit.add(Infinity)
  if (signal?.aborted) wake()
  signal?.addEventListener('abort', wake)
  const creditOrEnd = async (): Promise<void> => {
    await credit.some()
    if (cancelled ?? stray) throw (cancelled ?? stray)!
    signal?.throwIfAborted()
  }
  const send = (message: WriterMessage, list: Transferable[] = []): void =>
    port.postMessage(message, list)
  const beat = (): void => {
    if (vouch?.() === true) send({ type: 'alive' })
  }
  const timer = vouch && setInterval(beat, BEAT_EVERY)
  try {
    for (;;) {
      await creditOrEnd()
      const { done, value } = await chunks.next()
      if (done === true) break
      const told = mark?.()
      let left = value.length
      for (const bytes of pieces(value, transfer)) {
        await creditOrEnd()
        credit.spend(bytes.byteLength)
        left -= bytes.byteLength
        const last = left === 0 && told !== undefined
        send({ type: 'chunk', bytes, ...(last && { mark: told }) }, [bytes.buffer])
      }
    }
    send({ type: 'end' })
  } catch (error) {
    if (cancelled) throw cancelled
    send({ type: 'error', error: toWire(error) })
    throw error
  } finally {
    clearInterval(timer)
    signal?.removeEventListener('abort', wake)
    port.onmessage = null
    port.close()
    await chunks.return?.()
  }
}

function areBuffers(value: unknown): value is ArrayBuffer[] {
  return Array.isArray(value) && value.every((buffer) => buffer instanceof ArrayBuffer)
}

/** `chunk` in pieces that own their buffers. */
function* pieces(
  chunk: Uint8Array<ArrayBuffer>,
  transfer: boolean,
): Generator<Uint8Array<ArrayBuffer>> {
  const { length } = chunk
  if (transfer && length <= LARGEST && length === chunk.buffer.byteLength) yield chunk
  else for (let at = 0; at < length; at += LARGEST) yield chunk.slice(at, at + LARGEST)
}

/** Bytes that the reader is willing to take, and the wait for more of it. */
class Credit {
  #bytes = 0
  #wake: (() => void) | undefined
  readonly #reserve: () => number

  constructor(reserve: () => number = () => 0) {
    this.#reserve = reserve
  }

  add(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > this.#reserve()) this.#wake?.()
  }

  spend(bytes: number): void {
    this.#bytes -= bytes
  }

  async some(): Promise<void> {
    if (this.#bytes > this.#reserve()) return
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
  }
}
