/** Whether there is a network, as far as the browser tells, and as far as servers answer. */

import { answers } from '../sources/reach.ts'
import { originOf } from '../sources/request.ts'
import { whenAborted } from '../sources/when-aborted.ts'

/** How often to look, where no event tells that there is one again, in ms. */
const LOOK_EVERY = 1000

/** How long nothing may answer that has answered before, until that is the end, in ms. */
const LONGEST_OUTAGE = 10 * 60_000

/** The network of one job, which waits where there is none. */
export class Network {
  readonly #waiting: (waits: boolean) => void
  /** Origins that answered, and a file of each that could be read. */
  readonly #answered = new Map<string, string>()
  /** When something answered last, by `performance.now()`. */
  lastAnswer = 0
  #out = false
  /** When it was first found that nothing answers, by `performance.now()`, if nothing has since. */
  #outSince: number | undefined

  /** @param waiting Told when the job waits for a network, and when that is over. */
  constructor(waiting: (waits: boolean) => void) {
    this.#waiting = waiting
  }

  answered(url: string): void {
    if (url.startsWith('http')) this.#answered.set(originOf(url), url)
    this.lastAnswer = performance.now()
    if (this.#out) this.#waiting(false)
    this.#out = false
    this.#outSince = undefined
  }

  /**
   * Whether nothing answers of all that did: then it is not for one file to fail, and the job waits.
   * Not if nothing ever did, nor without end.
   *
   * @param since When the file that is to fail was first not to be had.
   * @param before `lastAnswer` when it was tried last. Where nothing had answered by then since it was not to be had, it
   *   may have been for a reason that has just gone, as for all others that are under way.
   */
  async outage(since: number, before: number, signal: AbortSignal): Promise<boolean> {
    if (this.#answered.size === 0) return false
    // Their roots, of which no more is expected than any status: a file may be what fails.
    const roots = [...this.#answered.keys()].map((origin) => answers(`${origin}/`, signal))
    if ((await Promise.all(roots)).includes(true)) return this.#isBack(before < since)
    // A policy of the page may hide what cannot be read: so what could be is asked for, too.
    const files = [...this.#answered.values()].map((file) => answers(file, signal, 'cors'))
    if ((await Promise.all(files)).includes(true)) return this.#isBack(before < since)
    const now = performance.now()
    this.#outSince ??= now
    if (now - this.#outSince > LONGEST_OUTAGE) return false
    if (!this.#out) this.#waiting(true)
    this.#out = true
    return true
  }

  /** Something answers. */
  #isBack(isNews: boolean): boolean {
    this.lastAnswer = performance.now()
    this.#outSince = undefined
    return isNews
  }

  /**
   * Resolves when the browser does not say that it is offline: at once, as a rule.
   *
   * @throws The reason of `signal`.
   */
  async online(signal: AbortSignal): Promise<void> {
    if (isOnline()) return
    this.#waiting(true)
    try {
      while (!isOnline()) {
        await new Promise<void>((resolve) => {
          const done = (): void => {
            clearTimeout(timer)
            forget()
            globalThis.removeEventListener('online', done)
            resolve()
          }
          const timer = setTimeout(done, LOOK_EVERY)
          const forget = whenAborted(signal, done)
          globalThis.addEventListener('online', done)
        })
        signal.throwIfAborted()
      }
    } finally {
      this.#waiting(false)
    }
  }
}

function isOnline(): boolean {
  const { navigator } = globalThis as { navigator?: NavigatorOnLine } // which Node 20 has not
  return navigator?.onLine !== false
}
