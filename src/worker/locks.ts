/** The Web Locks that a worker holds: by them others know that it lives, and what it makes. */

import { claimLock, producerLock } from '../port/delivery.ts'

/**
 * The Web Lock of who makes an archive. A worker has one, as it makes one archive: it would wait for itself if it
 * asked for the same again, and be counted twice with another.
 *
 * Where there are no locks, as in pages that are not secure, nobody can look for them either.
 */
export class ProducerLock {
  #name: string | undefined
  #held: Promise<void> = Promise.resolve()
  #letGo: () => void = () => undefined

  /**
   * Holds the Web Lock `name` until this worker is gone or takes another; resolves when it does.
   *
   * @param name Default: one that nobody knows, for other jobs to count.
   */
  async take(name?: string): Promise<void> {
    if (!navigator.locks) return
    if (name === undefined || name !== this.#name) {
      this.#name = name ?? producerLock(crypto.randomUUID(), 0) // which pages that are not secure have not
      this.#held = this.#hold(this.#name, this.#held)
    }
    await this.#held
  }

  async #hold(name: string, before: Promise<void>): Promise<void> {
    const held = new Promise<() => void>((resolve) => {
      const asked = navigator.locks.request(name, () => new Promise<void>(resolve))
      asked.catch(() => resolve(() => undefined))
    })
    await before
    const letGo = this.#letGo
    this.#letGo = await held
    letGo()
  }
}

/** How often a claim is asked for, and how long it is waited in between, in ms: somebody may only ask whether it is held. */
const TRIES = 5
const TRIED_EVERY = 20

/** Whether it is for this worker to go on with the archive `id`, until it is gone. */
export async function claim(id: string): Promise<boolean> {
  if (!navigator.locks) return true
  for (let tries = 1; !(await isClaimed(id)); tries++) {
    if (tries === TRIES) return false
    await new Promise((resolve) => setTimeout(resolve, TRIED_EVERY))
  }
  return true
}

function isClaimed(id: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = navigator.locks.request(claimLock(id), { ifAvailable: true }, (lock) => {
      resolve(lock !== null)
      return lock === null ? undefined : new Promise<never>(() => undefined)
    })
    asked.catch(() => resolve(true))
  })
}
