/** The browser's own download: registers an archive with the service worker, and hands its URL over. */

import type { RunSummary } from '../engine/summary.ts'
import { isHoldallError } from '../errors.ts'
import {
  answerLock,
  pageLock,
  producerLock,
  type BroadcastMessage,
  type ControlMessage,
  type DeliveryMessage,
  type PageMessage,
} from '../port/delivery.ts'
import { strayMessage, type WriterMessage } from '../port/protocol.ts'
import { fromWire, toWire } from '../port/wire-error.ts'
import type { Progress } from '../progress.ts'
import {
  cancelledInBrowser,
  handoffFailed,
  noAnswer,
  serviceWorkerGone,
} from './download-errors.ts'
import type { DownloadRequest } from './download-request.ts'
import { JobDropper } from './drop-job.ts'
import { becomesDownload, handOver, openFrame } from './handoff.ts'
import { serviceWorkerIsGone } from './watch-service-worker.ts'
import { inTime } from './in-time.ts'

/** How long the service worker may take to answer, in ms. */
const REGISTERED_WITHIN = 10_000

/** How long the service worker may take to hear that an archive is released, in ms. */
const RELEASED_WITHIN = 5000

/** How long the URL of a finished archive is answered still, for whoever asks late, in ms. */
const ANSWERED_FOR = 5 * 60_000

/**
 * Downloads an archive through `worker`.
 *
 * @returns What became of it where it was taken over, when the browser has taken its last byte.
 * @throws {HoldallError} `service-worker-failed`, `handoff-failed`, `cancelled`, `delivery-lost`, `worker-failed`.
 */
export async function download(
  worker: ServiceWorker,
  request: DownloadRequest,
): Promise<RunSummary | undefined> {
  const delivery = new Delivery(worker, request)
  try {
    const summary = await delivery.outcome()
    delivery.keepFor(ANSWERED_FOR)
    return summary
  } catch (error) {
    // What was interrupted before, and is again, can still be had later.
    const again = request.id !== undefined && !isHoldallError(error, 'cancelled')
    const letGo = delivery.release(again)
    // Who hears of it may try again, or discard it, which nobody can while a page answers for it.
    if (again) await letGo
    throw error
  }
}

/** What is waited for, one after the other, and the end of it. */
interface Settle {
  registered: (url: string) => void
  opened: () => void
  delivered: (summary: RunSummary | undefined) => void
  failed: (error: Error) => void
}

class Delivery {
  readonly #id: string
  readonly #request: DownloadRequest
  readonly #url: Promise<string>
  readonly #opened: Promise<void>
  readonly #outcome: Promise<RunSummary | undefined>
  readonly #settle: Settle
  /** What to call when a run is over. */
  readonly #over = new Map<number, () => void>()
  readonly #stored: JobDropper
  #control: MessagePort | undefined
  #frame: HTMLIFrameElement | undefined
  /** Whether this page answers for it no more. */
  readonly #free: Promise<void>
  #letGo: () => void = () => undefined
  #released = false
  /** How often it was asked for. */
  #runs = 0
  /** Until it is over. */
  readonly #watching = new AbortController()
  /** Until the service worker has heard of the archive, or need not any more. */
  readonly #unheard = new AbortController()

  constructor(worker: ServiceWorker, request: DownloadRequest) {
    this.#request = request
    this.#id = request.id ?? crypto.randomUUID()
    const settle: Partial<Settle> = {}
    this.#url = new Promise((resolve) => (settle.registered = resolve))
    this.#opened = new Promise((resolve) => (settle.opened = resolve))
    this.#outcome = new Promise((resolve, reject) => {
      settle.delivered = resolve
      settle.failed = reject
    })
    this.#outcome.catch(() => undefined) // told by outcome()
    request.onPause((paused) => this.#tell({ type: 'paused', paused }))
    this.#settle = settle as Settle
    this.#stored = new JobDropper(this.#id, this.#url, worker)
    this.#free = new Promise((resolve) => (this.#letGo = resolve))
    navigator.serviceWorker.addEventListener('message', this.#forgotten)
    navigator.serviceWorker.startMessages()
    request.arm(producerLock(this.#id, 0))
    // The service worker takes whoever gives the lock up for dead: it must be held before it looks.
    void navigator.locks.request(pageLock(this.#id), () => {
      if (!this.#released) this.#register(worker)
      return this.#free
    })
  }

  /** Hands the URL to the browser, and waits for the end. */
  async outcome(): Promise<RunSummary | undefined> {
    const { signal } = this.#request
    const abort = (): void => this.#settle.failed(signal.reason as Error)
    signal.addEventListener('abort', abort)
    if (signal.aborted) abort()
    try {
      const silent = (): Promise<Error> => noAnswer(this.#stored.worker)
      const url = await this.#before(this.#url, REGISTERED_WITHIN, silent)
      this.#frame = openFrame(url)
      const asked = (within: number): Promise<void> =>
        this.#before(this.#opened, within, () => handoffFailed(url))
      await handOver(this.#frame, url, asked, signal)
      const [summary] = await Promise.all([this.#outcome, becomesDownload(signal)])
      return summary
    } finally {
      signal.removeEventListener('abort', abort)
      this.#watching.abort()
    }
  }

  /** Nobody gets the archive any more; a download that is still running fails. Resolves when all can see that. */
  release(keepJob = false): Promise<void> {
    this.#released = true
    this.#stored.stop()
    if (!keepJob) this.#stored.drop()
    const isKnown = this.#unheard.signal.aborted
    this.#unheard.abort()
    // Nobody says of a service worker that was stopped that its answers are over.
    for (const over of this.#over.values()) over()
    this.#over.clear()
    this.#tell({ type: 'release' })
    // Who sees the lock go before it hears that takes us for dead, and goes on with the download. Who has not
    // heard of it yet answers nobody.
    if (isKnown) setTimeout(() => this.#letGo(), RELEASED_WITHIN)
    else this.#letGo()
    // Not before: the last byte of a small archive may have been handed over while the browser has
    // yet to make a download of the frame's navigation, and would drop both with the frame.
    this.#frame?.remove()
    navigator.serviceWorker.removeEventListener('message', this.#forgotten)
    return this.#free
  }

  /** Answers for an archive that is done for `ms` more, or until the page goes. */
  keepFor(ms: number): void {
    setTimeout(() => void this.release(), ms)
    this.#stored.dropWithPage()
  }

  #tell(message: ControlMessage): void {
    this.#control?.postMessage(message)
  }

  #register(worker: ServiceWorker): void {
    const { port1, port2 } = new MessageChannel()
    const { name, length, fingerprint } = this.#request
    const message: PageMessage = {
      type: 'holdall:register',
      id: this.#id,
      name,
      ...(length !== undefined && { length }),
      ...(fingerprint !== undefined && { fingerprint }),
      runs: this.#runs,
      control: port2,
    }
    port1.onmessage = ({ data }: MessageEvent<DeliveryMessage>) => {
      try {
        this.#hear(data)
      } catch (cause) {
        this.#settle.failed(strayMessage(cause)) // as of a service worker of another version
      }
    }
    this.#stored.worker = worker
    this.#control = port1
    // older Firefoxes throw at messages to one that was replaced
    if (worker.state !== 'redundant') worker.postMessage(message, [port2])
    this.#watchForSuccessor(worker)
  }

  /** Who is replaced before it hears of the archive never does, in Chromium: its successor is told. */
  #watchForSuccessor(worker: ServiceWorker): void {
    const { signal } = this.#unheard
    const look = (): void => {
      if (worker.state !== 'redundant' || signal.aborted) return
      this.#request.successor().then(
        (next) => signal.aborted || this.#register(next),
        (error: Error) => signal.aborted || this.#settle.failed(error),
      )
    }
    worker.addEventListener('statechange', look, { signal })
    look()
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
        this.#unheard.abort()
        this.#settle.registered(message.url)
        return
      case 'open':
        if (!((message.port as unknown) instanceof MessagePort)) throw strayMessage()
        if (!this.#released) this.#open(message.run, message.port, message.lock)
        return
      case 'delivered':
        // of what nobody has asked for, or nobody has opened
        if (this.#frame === undefined || this.#runs === 0) throw strayMessage()
        if (message.run === 0) this.#settle.delivered(message.summary as RunSummary | undefined)
        break
      case 'released':
        return this.#letGo()
      case 'refresh':
        return void this.#refresh(message.number, message.file)
      case 'stalled':
        if (message.run === 0) this.#request.changed(message.stalls ? 'stalled' : 'running')
        return
      case 'taken-over':
        if (message.run === 0) this.#request.changed('taken-over')
        return
      case 'progress':
        if (message.run === 0) this.#request.changed('taken-over', message.progress as Progress)
        return
      case 'cancelled':
        if (message.run === 0) this.#settle.failed(cancelledInBrowser())
        break
      case 'failed':
        if (message.run === 0) this.#settle.failed(fromWire(message.error))
        break
      default: // of a newer service worker
        return
    }
    this.#over.get(message.run)?.()
    this.#over.delete(message.run)
  }

  async #refresh(
    number: number,
    file: Parameters<DownloadRequest['refreshUrl']>[0],
  ): Promise<void> {
    const fresh = await Promise.resolve(this.#request.refreshUrl(file)).catch(() => undefined)
    this.#tell({ type: 'refreshed', number, url: fresh })
  }

  #open(run: number, port: MessagePort, lock: string): void {
    const over = new Promise<void>((resolve) => this.#over.set(run, resolve))
    this.#runs = Math.max(this.#runs, run + 1)
    this.#settle.opened()
    if (run === 0) {
      const control = this.#control
      const gone = serviceWorkerIsGone(answerLock(this.#id, 0), this.#watching.signal)
      void gone.then((isDead) => {
        // Nobody is left to take us for dead, unless another was told of the archive since.
        if (isDead && control === this.#control) this.#letGo()
        this.#settle.failed(serviceWorkerGone())
      })
    }
    const id = this.#id
    this.#request.open({ id, run, port, lock, over }).catch((error: Error) => {
      if (run > 0) {
        // It may be that nobody has begun to send anything, nor will.
        const message: WriterMessage = { type: 'error', error: toWire(error) }
        port.postMessage(message)
        return port.close()
      }
      // What the service worker can go on with, it does; what not, it tells.
      if (isHoldallError(error, 'worker-failed')) this.#tell({ type: 'abandoned' })
      else if (isHoldallError(error, 'delivery-lost')) return // it was the service worker who ended it
      else this.#settle.failed(error)
    })
  }

  /** `step`, unless it takes longer than `limit` ms or the download is over before. */
  #before<T>(step: Promise<T>, limit: number, late: Parameters<typeof inTime>[2]): Promise<T> {
    return inTime(Promise.race([step, this.#outcome.then(() => step)]), limit, late)
  }
}
