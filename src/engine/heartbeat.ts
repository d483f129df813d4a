/** Whether a job may be said to be alive: while bytes come, and as long as its patience lasts. */

import { LONGEST_RETRY_AFTER, type Patience } from '../sources/patience.ts'

/**
 * Counts beats rather than time, as a machine that sleeps has no patience to lose.
 *
 * A job of which nothing is heard for longer than all attempts at a file may take hangs for a fault of
 * our own: it is better begun again from its last checkpoint.
 */
export class Heartbeat {
  readonly #most: number
  #beats = 0

  /** @param every Ms from beat to beat. */
  constructor({ attempts, silence }: Patience, every: number) {
    this.#most = Math.ceil((attempts * (silence + LONGEST_RETRY_AFTER)) / every)
  }

  /** Something has come of it, or it was told to wait. */
  sign(): void {
    this.#beats = 0
  }

  /** To be called once for each beat. */
  beats(): boolean {
    return this.#beats++ < this.#most
  }
}
