/**
 * Bytes from one thread to another, at the reader's pace.
 *
 *     reader                         writer
 *       │ ── pull { bytes: 4 MiB } ──▶ │   credit += 4 MiB
 *       │ ◀── chunk { bytes } ──────── │   credit −= chunk, buffer transferred
 *       │ ◀── chunk { bytes } ──────── │   … until credit ≤ 0
 *       │ ── pull { bytes, spent } ──▶ │   as the reader's queue drains; buffers go back with it
 *       │ ◀── alive ────────────────── │   from time to time, while there is nothing to send
 *       │ ◀── end ──────────────────── │   or error, or (from the reader) cancel
 *
 * Each direction ends with exactly one of `end`, `error`, `cancel`; nothing follows it. The port is a
 * line of its own: no other message travels on it. A `ReadableStream` cannot be transferred in
 * WebKit, and where it can it is slower than this.
 *
 * @module
 */

import { HoldallError } from '../errors.ts'
import type { WireError } from './wire-error.ts'

/** How often the writer says that it is alive, in ms. */
export const BEAT_EVERY = 2000

/** What the reader sends. */
export type ReaderMessage =
  | {
      readonly type: 'pull'
      readonly bytes: number
      /** Of chunks that the reader is done with: for the writer to use again. */
      readonly spent?: readonly ArrayBuffer[]
    }
  | { readonly type: 'cancel'; readonly error: WireError }

/** What the writer sends. */
export type WriterMessage =
  | {
      readonly type: 'chunk'
      readonly bytes: Uint8Array<ArrayBuffer>
      /** What the writer has to say of all that was sent so far, with this chunk; plain data. */
      readonly mark?: unknown
    }
  | { readonly type: 'alive' }
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly error: WireError }

/** The error for a message that is none of the above, which ends its line. */
export function strayMessage(cause?: unknown): HoldallError {
  const message =
    'Cannot go on with the archive: parts of holdall do not understand each other; reload the page'
  return new HoldallError('worker-failed', message, {}, { cause })
}
