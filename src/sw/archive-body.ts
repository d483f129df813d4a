/** The body of one answer: an archive's bytes, whoever makes them, errored unless they are all there. */

import { HoldallError } from '../errors.ts'
import type { StoredJob } from '../engine/stored-job.ts'
import { answerLock, producerLock } from '../port/delivery.ts'
import { toWire } from '../port/wire-error.ts'
import { hold, keepAlive, mayGoOn, released } from './liveness.ts'
import { News } from './news.ts'
import { OwnProduction, PageProduction, type Logged, type Production } from './production.ts'
import { Gate } from '../sources/gate.ts'
import { CheckpointLog } from '../zip/checkpoint-log.ts'
import { Record } from './record.ts'
import type { Delivery } from './registry.ts'
import { watchStalls } from './stall-watch.ts'

/** How often the page is told of a production of our own, in ms. */
const PROGRESS_EVERY = 200

/**
 * To be made a stream without a queue (`highWaterMark: 0`): then it is pulled only when the browser
 * has taken all there was, and the end is told when the last byte has been handed over.
 */
export class ArchiveBody implements UnderlyingDefaultSource<Uint8Array> {
  readonly #delivery: Delivery
  readonly #finish: () => void
  readonly #run: number
  readonly #over = new AbortController()
  /** Checkpoints of these bytes: for a further request they are made once more, perhaps of files that have changed. */
  readonly #kept: Logged
  readonly #record: Record
  readonly #news: News
  #port: MessagePort | undefined
  #production: Production
  /** Whether the page's worker is known to be gone. */
  #orphaned = false
  #watched = false
  /** Whether bytes are waited for. */
  #pulling = false
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #stopKeepAlive: () => void = () => undefined
  #bytes = 0

  /** @param finish Called once when it is over, however it ends. */
  constructor(delivery: Delivery, finish: () => void) {
    const { port1, port2 } = new MessageChannel()
    this.#delivery = delivery
    this.#finish = finish
    this.#run = delivery.runs++
    const { id, name, length } = delivery
    const isOwn = this.#run === 0
    this.#kept = isOwn ? delivery : { job: undefined, log: new CheckpointLog() }
    this.#record = new Record(id, this.#kept.log, isOwn)
    this.#news = new News({ id, name, length }, isOwn)
    this.#production = new PageProduction(port1, this.#kept)
    this.#port = port2
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { ended, abandoned, tell } = this.#delivery
    const { signal } = this.#over
    const port = this.#port!
    this.#controller = controller
    this.#stopKeepAlive = keepAlive((reason) => this.#fail(reason))
    const end = (): void => {
      if (ended.reason === 'gone') void this.#takeOver()
      else this.#fail(producerGone())
    }
    if (ended.aborted) {
      void hold(answerLock(this.#delivery.id, this.#run), signal)
      return end()
    }
    ended.addEventListener('abort', end, { signal })
    // It is said of the worker that makes the download itself.
    if (this.#run === 0) {
      abandoned.addEventListener('abort', () => void this.#takeOver(), { signal })
    }
    const stop = watchStalls({
      signs: () => this.#signs(),
      stalled: (stalls) => void this.#stalled(stalls),
      gaveUp: () => this.#fail(hung()),
    })
    signal.addEventListener('abort', stop)
    // Held before the page is asked, which takes us for dead when it gets the lock.
    void hold(answerLock(this.#delivery.id, this.#run), signal, () =>
      tell({ type: 'open', run: this.#run, port, lock: this.#lock }, [port]),
    )
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.#pulling = true
    try {
      for (;;) {
        const production = this.#production
        const { done, value } = await production.next().catch((error: unknown) => {
          if (production === this.#production) throw error
          return REPLACED
        })
        if (this.#over.signal.aborted) return
        if (production !== this.#production) continue // which makes these bytes itself
        if (done === true) return this.#complete(controller)
        // By now the producer holds its lock: whoever else gets it learns that it has died.
        if (!this.#watched) void this.#watchProducer()
        this.#bytes += value.byteLength
        controller.enqueue(value)
        this.#record.reached(this.#bytes)
        this.#news.reached(this.#bytes)
        return
      }
    } catch (error) {
      this.#fail(error as Error)
    } finally {
      this.#pulling = false
    }
  }

  async cancel(): Promise<void> {
    // WebKit calls this in the middle of something else: its thread hangs if a signal aborts then.
    await undefined
    if (this.#over.signal.aborted) return
    const message = 'The download was cancelled in the browser'
    this.#end('cancelled')
    this.#record.drop()
    void this.#production.cancel(new HoldallError('cancelled', message, { by: 'browser' }))
    this.#delivery.tell({ type: 'cancelled', run: this.#run })
  }

  get #lock(): string {
    return producerLock(this.#delivery.id, this.#run)
  }

  /** No browser compares the length with what was promised, so it is done here. */
  #complete(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { length = this.#bytes } = this.#delivery
    const bytes = this.#bytes
    if (bytes !== length) throw wrongLength(length, bytes)
    this.#end('done')
    controller.close()
    this.#delivery.isDone ||= this.#run === 0
    if (this.#delivery.ended.aborted) this.#record.drop()
    else this.#record.done(bytes)
    const own = this.#production instanceof OwnProduction ? this.#production : undefined
    const summary = own && { entries: own.entries, bytes, skipped: own.skipped }
    this.#delivery.tell({
      type: 'delivered',
      run: this.#run,
      bytes,
      ...(summary !== undefined && { summary }),
    })
  }

  async #watchProducer(): Promise<void> {
    this.#watched = true
    await released(this.#lock, this.#over.signal)
    await this.#takeOver()
  }

  /** Of the page's worker, while its bytes are waited for. */
  #signs(): number | undefined {
    const production = this.#production
    return this.#pulling && production instanceof PageProduction ? production.signs : undefined
  }

  async #stalled(stalls: boolean): Promise<void> {
    if (!stalls && this.#orphaned) return // nobody has come to life: we go on ourselves
    this.#delivery.tell({ type: 'stalled', run: this.#run, stalls })
    this.#news.is(stalls ? 'stalled' : 'running', this.#bytes)
    // What nobody else can go on with may still come to life.
    if (stalls && (await this.#job()) !== undefined) await this.#takeOver()
  }

  /** What it takes to go on, where that is kept. */
  async #job(): Promise<StoredJob | undefined> {
    return this.#delivery.job ?? (await this.#record.job())
  }

  /** Goes on from the byte where the browser is, if the job is such that others than its page can. */
  async #takeOver(): Promise<void> {
    if (this.#orphaned || this.#over.signal.aborted) return
    this.#orphaned = true
    const goesOn = await mayGoOn()
    const stored = goesOn ? await this.#job() : undefined
    if (this.#over.signal.aborted) return
    // Nor can it be where nothing says what its first bytes were made of.
    const isKnown = this.#run === 0 || this.#bytes === 0 || this.#kept.log.offset > 0
    if (stored === undefined || !isKnown) return this.#fail(producerGone())
    try {
      this.#produce(stored)
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #produce(stored: StoredJob): void {
    const { tell, ended, refreshUrl } = this.#delivery
    const { log } = this.#kept
    const run = this.#run
    const before = this.#production
    // The page's own download is paused, not what somebody reads who asks for its URL again.
    const gate = run === 0 ? this.#delivery.gate : new Gate()
    const own = new OwnProduction(stored, log, true, { start: this.#bytes }, { gate, refreshUrl })
    this.#production = own
    this.#watched = true
    void before.cancel(producerGone()).catch(() => undefined)
    void hold(this.#lock, this.#over.signal)
    tell({ type: 'taken-over', run })
    this.#news.is('taken-over', this.#bytes)
    const progress = (): void => {
      if (!gate.closed) tell({ type: 'progress', run, progress: own.progress() })
    }
    const timer = setInterval(progress, PROGRESS_EVERY)
    const { signal } = this.#over
    signal.addEventListener('abort', () => clearInterval(timer))
    if (ended.aborted) clearInterval(timer) // nobody hears it
  }

  #fail(error: Error): void {
    if (this.#over.signal.aborted) return
    this.#end('failed')
    this.#controller?.error(error)
    void this.#production.cancel(error).catch(() => undefined)
    this.#delivery.tell({ type: 'failed', run: this.#run, error: toWire(error) })
  }

  #end(state: 'done' | 'failed' | 'cancelled'): void {
    this.#over.abort()
    this.#news.is(state, this.#bytes)
    this.#news.close()
    this.#stopKeepAlive()
    this.#finish()
  }
}

const REPLACED = { done: true, value: undefined } as const

function producerGone(): HoldallError {
  return new HoldallError(
    'delivery-lost',
    'The download was stopped: the page that made the archive was closed, and nobody else can make it; keep it open until it is done',
    { reason: 'worker-gone' },
  )
}

function hung(): HoldallError {
  return new HoldallError(
    'delivery-lost',
    'The download was stopped: what makes the archive gives no sign of life, and nobody else can make it; try again',
    { reason: 'worker-gone' },
  )
}

function wrongLength(planned: number, actual: number): HoldallError {
  return new HoldallError(
    'length-mismatch',
    `Cannot finish the archive: planned ${planned} bytes, ${actual} came; this is a fault in holdall, please report it`,
    { planned, actual },
  )
}
