/** Asks the page of an archive for fresh URLs in place of those that a server refuses. */

import type { RefreshUrl } from '../engine/job.ts'
import type { DeliveryMessage } from '../port/delivery.ts'

export class FreshUrls {
  readonly #tell: (message: DeliveryMessage) => void
  readonly #ended: AbortSignal
  readonly #asked = new Map<number, (url: string | undefined) => void>()
  #count = 0

  /** @param ended Aborts when there is no page any more: then there are no fresh URLs either. */
  constructor(tell: (message: DeliveryMessage) => void, ended: AbortSignal) {
    this.#tell = tell
    this.#ended = ended
    ended.addEventListener('abort', () => {
      for (const resolve of this.#asked.values()) resolve(undefined)
    })
  }

  /** The fresh URL of `file`, if the page has one. */
  of(file: Parameters<RefreshUrl>[0]): Promise<string | undefined> {
    return new Promise((resolve) => {
      if (this.#ended.aborted) return resolve(undefined)
      const number = this.#count++
      this.#asked.set(number, resolve)
      this.#tell({ type: 'refresh', number, file })
    })
  }

  /** To be called with what the page says. */
  answered(number: number, url: string | undefined): void {
    this.#asked.get(number)?.(url)
    this.#asked.delete(number)
  }
}
