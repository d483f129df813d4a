/** How far a job is, and at what rate: a window over the last seconds, with the clock passed in. */

/** A snapshot of a running job. */
export interface Progress {
  /** Bytes of the archive made so far. */
  readonly bytes: number
  /**
   * The archive's exact length in bytes; absent while any size is unknown. Where files may be left out
   * (`onError`), what it will be if no more are.
   */
  readonly total?: number
  /** Entries completed. */
  readonly entries: number
  readonly totalEntries: number
  /** Bytes a second over the last five seconds. */
  readonly rate: number
  /** Time left at that rate, in milliseconds; absent while it cannot be told. */
  readonly remaining?: number
  /** The entry being written; absent before the first and after the last. */
  readonly current?: EntryProgress
  /** Bytes that came over the network so far, those that had to be read again too. */
  readonly received: number
  /** The entries whose state is another than in the event before. Those never named are `queued`. */
  readonly changed: readonly EntryState[]
}

/** What becomes of one entry's file. */
export interface EntryState {
  /** Its place in the list of files, from 0. */
  readonly index: number
  readonly state: 'fetching' | 'retrying' | 'done' | 'skipped'
  /** With `retrying`: which attempt it is, in a row without a byte. */
  readonly attempt?: number
}

/** How far the entry being written is. */
export interface EntryProgress {
  /** Its place in the list of files, from 0. */
  readonly index: number
  readonly name: string
  /** Bytes of it read so far. */
  readonly bytes: number
  /** Its size in bytes, where it is known. */
  readonly size?: number
}

const WINDOW = 5000
const SAMPLE_EVERY = 250

/** Bytes a second over a sliding window of five seconds. Times are in ms, of any steady clock. */
export class RateMeter {
  #samples: { time: number; bytes: number }[] = []

  /** Takes note of `bytes` in all at `time`, and gives the rate up to now. */
  rate(bytes: number, time: number): number {
    const last = this.#samples.at(-1)
    if (last === undefined || time - last.time >= SAMPLE_EVERY) this.#samples.push({ time, bytes })
    while (this.#samples.length > 2 && time - this.#samples[1]!.time >= WINDOW)
      this.#samples.shift()
    const first = this.#samples[0]!
    return time > first.time ? ((bytes - first.bytes) * 1000) / (time - first.time) : 0
  }

  /** Forgets what was: after a pause the old rate says nothing. */
  reset(): void {
    this.#samples = []
  }
}
