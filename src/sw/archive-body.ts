/** The body of one answer: an archive's bytes, asked of its page, errored unless they are all there. */

import { HoldallError, toWire } from '../errors.ts'
import { readableFromPort } from '../port/readable.ts'
import { keepAlive, released } from './liveness.ts'
import type { Delivery } from './registry.ts'

/**
 * To be made a stream without a queue (`highWaterMark: 0`): then it is pulled only when the browser
 * has taken all there was, and the end is told when the last byte has been handed over.
 */
export class ArchiveBody implements UnderlyingDefaultSource<Uint8Array> {
  readonly #delivery: Delivery
  readonly #finish: () => void
  readonly #run: number
  readonly #over = new AbortController()
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #port: MessagePort
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #stopKeepAlive: () => void = () => undefined
  #bytes = 0

  /** @param finish Called once when it is over, however it ends. */
  constructor(delivery: Delivery, finish: () => void) {
    const { port1, port2 } = new MessageChannel()
    this.#delivery = delivery
    this.#finish = finish
    this.#run = delivery.runs++
    this.#reader = readableFromPort(port1).getReader()
    this.#port = port2
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { ended, tell } = this.#delivery
    this.#controller = controller
    this.#stopKeepAlive = keepAlive((reason) => this.#fail(reason))
    ended.addEventListener('abort', () => this.#fail(producerGone()), { signal: this.#over.signal })
    tell({ type: 'open', run: this.#run, port: this.#port, lock: this.#lock }, [this.#port])
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const { done, value } = await this.#reader.read()
      if (this.#over.signal.aborted) return
      if (done) this.#complete(controller)
      else {
        // By now the producer holds its lock: whoever else gets it learns that it has died.
        if (this.#bytes === 0) void this.#watchProducer()
        this.#bytes += value.byteLength
        controller.enqueue(value)
      }
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  cancel(): void {
    const message = 'The download was cancelled in the browser'
    this.#end()
    void this.#reader.cancel(new HoldallError('cancelled', message, { by: 'browser' }))
    this.#delivery.tell({ type: 'cancelled', run: this.#run })
  }

  get #lock(): string {
    return `holdall:${this.#delivery.id}:${this.#run}`
  }

  /** No browser compares the length with what was promised, so it is done here. */
  #complete(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { length = this.#bytes } = this.#delivery
    if (this.#bytes !== length) throw wrongLength(length, this.#bytes)
    this.#end()
    controller.close()
    this.#delivery.tell({ type: 'delivered', run: this.#run, bytes: this.#bytes })
  }

  async #watchProducer(): Promise<void> {
    await released(this.#lock, this.#over.signal)
    this.#fail(producerGone())
  }

  #fail(error: Error): void {
    if (this.#over.signal.aborted) return
    this.#end()
    this.#controller?.error(error)
    void this.#reader.cancel(error).catch(() => undefined)
    this.#delivery.tell({ type: 'failed', run: this.#run, error: toWire(error) })
  }

  #end(): void {
    this.#over.abort()
    this.#stopKeepAlive()
    this.#finish()
  }
}

function producerGone(): HoldallError {
  return new HoldallError(
    'delivery-lost',
    'The download was stopped: the page that made the archive was closed; keep it open until it is done',
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
