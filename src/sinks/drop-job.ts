/** Has what is stored of an archive deleted by the service worker that is asked for it, whichever that is by then. */

import type { PageMessage } from '../port/delivery.ts'

/** Tells it in a message of its own, which wakes one that was stopped, and would hear nothing over its port. */
export class JobDropper {
  readonly #id: string
  readonly #url: Promise<string>
  readonly #waiting = new AbortController()
  /** The one that was told of the archive last. */
  worker: ServiceWorker

  /** @param url Of the archive, once it is known. */
  constructor(id: string, url: Promise<string>, worker: ServiceWorker) {
    this.#id = id
    this.#url = url
    this.worker = worker
  }

  /** At once, unless the service worker was replaced: the page may be going away. */
  readonly drop = (): void => {
    if (this.worker.state !== 'redundant') this.#tell()
    else void this.#find().then((isFound) => isFound && this.#tell())
  }

  /** Does so when the page goes, until `stop()`. */
  dropWithPage(): void {
    addEventListener('pagehide', this.drop, { signal: this.#waiting.signal })
    this.#follow()
  }

  stop(): void {
    this.#waiting.abort()
  }

  /** Has the next one at hand where this one is replaced: a page that goes has no time to look for it. */
  #follow(): void {
    const { worker } = this
    const { signal } = this.#waiting
    const look = async (): Promise<void> => {
      if (worker.state === 'redundant' && (await this.#find()) && !signal.aborted) this.#follow()
    }
    worker.addEventListener('statechange', () => void look(), { signal })
    void look()
  }

  #tell(): void {
    const message: PageMessage = { type: 'holdall:drop', id: this.#id }
    this.worker.postMessage(message)
  }

  /** Whether there is another one. It is registered already, or not at all: nothing is fetched for this. */
  async #find(): Promise<boolean> {
    try {
      const { active } = (await navigator.serviceWorker.getRegistration(await this.#url)) ?? {}
      if (!active || active.state === 'redundant') return false
      this.worker = active
      return true
    } catch {
      return false // the page is gone
    }
  }
}
