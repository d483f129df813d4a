/** Tells every page of the origin how far each download is, whichever page began it. */

import { NEWS_CHANNEL, type DownloadNews } from '../port/delivery.ts'

/** How often, in ms. */
const TOLD_EVERY = 500

export class News {
  readonly #download: Pick<DownloadNews, 'id' | 'name' | 'length'>
  readonly #channel: BroadcastChannel | undefined
  #state: DownloadNews['state'] = 'running'
  #told = 0

  /** @param isOwn Whether it is the job's own download, not an answer to somebody who asks again. */
  constructor(download: Pick<DownloadNews, 'id' | 'name' | 'length'>, isOwn: boolean) {
    this.#download = download
    this.#channel = isOwn ? new BroadcastChannel(NEWS_CHANNEL) : undefined
  }

  /** The browser has `bytes` of it; told from time to time. */
  reached(bytes: number): void {
    const now = performance.now()
    if (now - this.#told < TOLD_EVERY) return
    this.#told = now
    this.#tell(bytes)
  }

  /** Told at once. */
  is(state: DownloadNews['state'], bytes: number): void {
    this.#state = state
    this.#tell(bytes)
  }

  close(): void {
    this.#channel?.close()
  }

  #tell(bytes: number): void {
    const news: DownloadNews = { ...this.#download, bytes, state: this.#state }
    this.#channel?.postMessage(news)
  }
}
