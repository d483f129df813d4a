/** How many requests are under way at once: for each origin, as many as do it good. */

import { originOf, type ResponseFault } from './request.ts'

/** Browsers open six connections to a server of HTTP/1.1; more requests than that wait in line. */
const HTTP_1 = 6
/** Where to begin, and to stop, with HTTP/2 and 3, where requests share one connection. */
const MULTIPLEXED = 24
const MOST = 96

/** The requests to one origin. */
class Lane {
  active = 0
  /** When a file that had failed before its turn failed again in it, by `performance.now()`. */
  inVain = 0
  #limit: number
  /** As many as there are without a fault, and without having found out that more are better. */
  #start: number
  readonly #most: number
  #multiplexed: boolean | undefined
  /** What was answered first. */
  #first: string | undefined
  #answers = 0
  #since = 0
  #bestRate = 0

  constructor(most: number | undefined) {
    this.#limit = this.#start = most ?? HTTP_1
    this.#most = most ?? MOST
    // A number that the caller gave is not for us to raise.
    this.#multiplexed = most === undefined ? undefined : false
  }

  get free(): boolean {
    return this.active < Math.max(1, Math.floor(this.#limit))
  }

  /** Goes up while that brings more answers a second, and down at once when the server has enough. */
  answered(url: string, fault: ResponseFault | undefined): void {
    if (fault !== undefined) {
      this.#limit = Math.max(1, this.#limit / 2)
      this.#answers = 0
      return
    }
    if (this.#multiplexed === undefined) {
      // What is known of an answer is told after its body: of the first, once a later one has come.
      this.#multiplexed = isMultiplexed((this.#first ??= url))
      if (this.#multiplexed) this.#limit = this.#start = MULTIPLEXED
    }
    if (this.#limit < this.#start) {
      this.#limit = Math.min(this.#start, this.#limit + 1 / this.#limit)
    }
    if (!this.#multiplexed) return
    const now = performance.now()
    if (this.#answers === 0) this.#since = now
    if (++this.#answers <= this.#limit) return
    const rate = this.#answers / (now - this.#since)
    if (rate > this.#bestRate * 1.05) {
      this.#bestRate = rate
      this.#limit = Math.min(this.#most, this.#limit * 1.5)
    }
    this.#answers = 0
  }
}

/** All origins of a job. */
export class Lanes {
  readonly #most: number | undefined
  readonly #lanes = new Map<string, Lane>()

  /** @param most Requests at once to one origin. Default: what its protocol and its answers suggest. */
  constructor(most?: number) {
    this.#most = most
  }

  of(url: string): Lane {
    const origin = originOf(url)
    const lane = this.#lanes.get(origin) ?? new Lane(this.#most)
    this.#lanes.set(origin, lane)
    return lane
  }
}

export type { Lane }

/**
 * Whether `url` came over HTTP/2 or 3, as far as the browser tells
 * (https://w3c.github.io/resource-timing/#dom-performanceresourcetiming-nexthopprotocol).
 */
function isMultiplexed(url: string): boolean | undefined {
  // workerd, by its compatibility date, has less of it
  const [entry] = (performance as Partial<Performance>).getEntriesByName?.(url, 'resource') ?? []
  const protocol = (entry as PerformanceResourceTiming | undefined)?.nextHopProtocol
  return protocol === undefined || protocol === '' ? undefined : /^h[23]/.test(protocol)
}
