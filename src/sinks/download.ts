/** The browser's own download: registers an archive with the service worker, and hands its URL over. */

import { fromWire, HoldallError } from '../errors.ts'
import type {
  BroadcastMessage,
  DeliveryMessage,
  PageMessage,
  ReleaseMessage,
} from '../port/delivery.ts'

/** An archive to be downloaded. */
export interface DownloadRequest {
  readonly name: string
  /** In bytes, if it is known. */
  readonly length?: number
  /**
   * Has the archive made and sent over `port`. Called when the browser asks for it: with `run` 0 for
   * the download itself, and again for each further request for its URL. The download fails with
   * what the first of them rejects with.
   *
   * @param lock A Web Lock that the producer holds as long as it lives, which must be until `over`.
   * @param over Resolves when whoever asked has it all, or has gone.
   */
  readonly open: (
    run: number,
    port: MessagePort,
    lock: string,
    over: Promise<void>,
  ) => Promise<unknown>
  /** Ends the download, which then fails in the browser, and rejects with its reason. */
  readonly signal: AbortSignal
}

/** How long the service worker may take to answer, and the browser to ask it, in ms. */
const REGISTERED_WITHIN = 10_000
const IFRAME_WITHIN = 2000
const NAVIGATION_WITHIN = 8000

/** How long the URL of a finished archive is answered still, for whoever asks late, in ms. */
const ANSWERED_FOR = 5 * 60_000

/**
 * Downloads an archive through `worker`.
 *
 * @returns Its length in bytes, when the browser has taken the last one of them.
 * @throws {HoldallError} `service-worker-failed`, `handoff-failed`, `cancelled`, `delivery-lost`.
 */
export async function download(worker: ServiceWorker, request: DownloadRequest): Promise<number> {
  const delivery = new Delivery(worker, request)
  try {
    const bytes = await delivery.bytes()
    setTimeout(() => delivery.release(), ANSWERED_FOR)
    return bytes
  } catch (error) {
    delivery.release()
    throw error
  }
}

/** What is waited for, one after the other, and the end of it. */
interface Settle {
  registered: (url: string) => void
  opened: () => void
  delivered: (bytes: number) => void
  failed: (error: Error) => void
}

class Delivery {
  readonly #id = crypto.randomUUID()
  readonly #request: DownloadRequest
  readonly #url: Promise<string>
  readonly #opened: Promise<void>
  readonly #outcome: Promise<number>
  readonly #settle: Settle
  /** What to call when a run is over. */
  readonly #over = new Map<number, () => void>()
  #control: MessagePort | undefined
  #frame: HTMLIFrameElement | undefined
  #letGo: () => void = () => undefined

  constructor(worker: ServiceWorker, request: DownloadRequest) {
    this.#request = request
    const settle: Partial<Settle> = {}
    this.#url = new Promise((resolve) => (settle.registered = resolve))
    this.#opened = new Promise((resolve) => (settle.opened = resolve))
    this.#outcome = new Promise((resolve, reject) => {
      settle.delivered = resolve
      settle.failed = reject
    })
    this.#outcome.catch(() => undefined) // told by bytes()
    this.#settle = settle as Settle
    navigator.serviceWorker.addEventListener('message', this.#forgotten)
    navigator.serviceWorker.startMessages()
    // The service worker takes whoever gives the lock up for dead: it must be held before it looks.
    void navigator.locks.request(this.#lock, () => {
      this.#register(worker)
      return new Promise<void>((resolve) => {
        this.#letGo = resolve
      })
    })
  }

  /** Hands the URL to the browser, and waits for the end. */
  async bytes(): Promise<number> {
    const { signal } = this.#request
    const abort = (): void => this.#settle.failed(signal.reason as Error)
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    try {
      const url = await this.#before(this.#url, REGISTERED_WITHIN, noAnswer)
      this.#frame = openFrame(url)
      try {
        await this.#before(this.#opened, IFRAME_WITHIN, () => handoffFailed(url))
      } catch (error) {
        if (!(error instanceof HoldallError) || error.code !== 'handoff-failed') throw error
        // The server's own page is in the frame: the navigation would get it, too, and leave this one.
        if (this.#frame.contentDocument?.URL === url) throw error
        // A Content-Security-Policy may forbid frames: a navigation to a download leaves the page be.
        this.#frame.remove()
        location.assign(url)
        await this.#before(this.#opened, NAVIGATION_WITHIN, () => handoffFailed(url))
      }
      return await this.#outcome
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  /** Nobody gets the archive any more; a download that is still running fails. */
  release(): void {
    const message: ReleaseMessage = { type: 'release' }
    this.#control?.postMessage(message)
    this.#letGo()
    // Not before: the last byte of a small archive may have been handed over while the browser has
    // yet to make a download of the frame's navigation, and would drop both with the frame.
    this.#frame?.remove()
    navigator.serviceWorker.removeEventListener('message', this.#forgotten)
  }

  get #lock(): string {
    return `holdall:${this.#id}`
  }

  #register(worker: ServiceWorker): void {
    const { port1, port2 } = new MessageChannel()
    const { name, length } = this.#request
    const message: PageMessage = {
      type: 'holdall:register',
      id: this.#id,
      name,
      ...(length !== undefined && { length }),
      lock: this.#lock,
      control: port2,
    }
    port1.onmessage = ({ data }: MessageEvent<DeliveryMessage>) => this.#hear(data)
    worker.postMessage(message, [port2])
    this.#control = port1
  }

  readonly #forgotten = ({ data, source }: MessageEvent): void => {
    const message = data as BroadcastMessage | null | undefined
    if (message?.type === 'holdall:forgotten' && message.id === this.#id) {
      this.#register(source as ServiceWorker)
    }
  }

  #hear(message: DeliveryMessage): void {
    switch (message.type) {
      case 'registered':
        this.#settle.registered(message.url)
        return
      case 'open':
        this.#open(message.run, message.port, message.lock)
        return
      case 'delivered':
        if (message.run === 0) this.#settle.delivered(message.bytes)
        break
      case 'cancelled':
        if (message.run === 0) this.#settle.failed(cancelledInBrowser())
        break
      case 'failed':
        if (message.run === 0) this.#settle.failed(fromWire(message.error))
    }
    this.#over.get(message.run)?.()
    this.#over.delete(message.run)
  }

  #open(run: number, port: MessagePort, lock: string): void {
    const over = new Promise<void>((resolve) => this.#over.set(run, resolve))
    this.#settle.opened()
    this.#request.open(run, port, lock, over).catch((error: Error) => {
      if (run === 0) this.#settle.failed(error)
    })
  }

  /** `step`, unless it takes longer than `limit` ms or the download is over before. */
  async #before<T>(step: Promise<T>, limit: number, late: () => Error): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const tooLate = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(late()), limit)
    })
    try {
      return await Promise.race([step, tooLate, this.#outcome.then(() => step)])
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Never `<a download>`: Chromium and WebKit go past the service worker then, to the server. */
function openFrame(url: string): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.title = 'Download'
  frame.src = url
  document.body.append(frame)
  return frame
}

function noAnswer(): HoldallError {
  const { href } = location
  return new HoldallError(
    'service-worker-failed',
    'Cannot hand over the download: the service worker does not answer; if it is your own, it must import holdall/service-worker and call answerDownload(event)',
    { url: href },
  )
}

function handoffFailed(url: string): HoldallError {
  return new HoldallError(
    'handoff-failed',
    `Cannot start the download: the browser did not ask the service worker for ${url}; check the Content-Security-Policy (frame-src, sandbox) and the scope of the service worker`,
    { url },
  )
}

function cancelledInBrowser(): HoldallError {
  return new HoldallError('cancelled', 'The download was cancelled in the browser', {
    by: 'browser',
  })
}
