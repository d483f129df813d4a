/** How far an upload is: what the store has, or is being sent, rather than what was made. */

import { RateMeter, type EntryState, type Progress } from '../progress.ts'

/** Progress is told this often, in ms: as often as a worker does, which is not to the millisecond. */
const TELL_EVERY = 90

export class UploadProgress {
  /** Told of it. */
  onTell: (progress: Progress) => void = () => undefined
  readonly #meter = new RateMeter()
  /** Bytes of each part that were sent. */
  readonly #sent = new Map<number, number>()
  #before: number
  #most = 0
  #made: Progress | undefined
  #changed: EntryState[] = []
  #told = 0

  /** @param before Bytes that the store has already. */
  constructor(before: number) {
    this.#before = before
  }

  /** Takes what the worker says, of which all but bytes and times is true of the upload, too. */
  made(progress: Progress): void {
    this.#made = progress
    this.#changed.push(...progress.changed)
    this.#tellSoon()
  }

  sent(part: number, bytes: number): void {
    this.#sent.set(part, bytes)
    this.#tellSoon()
  }

  /** The store has that part, and all before it: `bytes` in all. */
  landed(part: number, bytes: number): void {
    this.#sent.delete(part)
    this.#before = bytes
  }

  #tellSoon(): void {
    if (performance.now() - this.#told >= TELL_EVERY) this.tell()
  }

  tell(): void {
    if (this.#made === undefined) return
    const { rate: _rate, remaining: _remaining, ...made } = this.#made
    this.#told = performance.now()
    let bytes = this.#before
    for (const some of this.#sent.values()) bytes += some
    // A part that is sent again is not taken back: nobody wants to see that.
    this.#most = Math.max(this.#most, Math.min(bytes, made.total ?? bytes))
    const rate = this.#meter.rate(this.#most, this.#told)
    const left = made.total === undefined ? undefined : made.total - this.#most
    const changed = this.#changed.splice(0)
    this.onTell({
      ...made,
      bytes: this.#most,
      rate,
      ...(left !== undefined && rate > 0 && { remaining: (left * 1000) / rate }),
      changed,
    })
  }
}
