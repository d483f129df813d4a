/** How many jobs of an origin are at work at once, in all its pages: they share one budget. */

import { isProducerLock } from '../port/delivery.ts'
import { heldLocks } from './held-locks.ts'

/** How often to look, in ms. */
const LOOK_EVERY = 200

/** Knows the number of jobs, this one among them; 1 where nobody tells which Web Locks are held. */
export class Share {
  #jobs = 1
  readonly #timer: ReturnType<typeof setInterval>

  constructor() {
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY)
  }

  get jobs(): number {
    return this.#jobs
  }

  async look(): Promise<void> {
    const held = (await heldLocks()) ?? []
    this.#jobs = Math.max(1, held.filter(isProducerLock).length)
  }

  /** To be called when the job is over. */
  stop(): void {
    clearInterval(this.#timer)
  }
}
