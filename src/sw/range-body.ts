/** The body of an answer that is a part of an archive: made from the nearest checkpoint. */

import { HoldallError } from '../errors.ts'
import type { RefreshUrl } from '../engine/job.ts'
import { storeCheckpoints } from '../engine/store.ts'
import type { StoredJob } from '../engine/stored-job.ts'
import { producerLock } from '../port/delivery.ts'
import { Gate } from '../sources/gate.ts'
import type { CheckpointLog } from '../zip/checkpoint-log.ts'
import { hold, keepAlive } from './liveness.ts'
import { OwnProduction } from './production.ts'
import type { Range } from './range.ts'

/** To be made a stream without a queue. */
export class RangeBody implements UnderlyingDefaultSource<Uint8Array> {
  readonly #production: OwnProduction
  readonly #finish: () => void
  readonly #id: string
  readonly #log: CheckpointLog | undefined
  readonly #over = new AbortController()
  #left: number
  #stopKeepAlive: () => void = () => undefined

  /**
   * @param isGone Whether the job has no page any more: then what is made on the way is noted, for the next range.
   * @param finish Called once when it is over, however it ends.
   * @throws {HoldallError} `invalid-checkpoint`, if the job cannot be made again as it was.
   */
  constructor(
    job: StoredJob,
    log: CheckpointLog,
    isGone: boolean,
    range: Range,
    refreshUrl: RefreshUrl,
    finish: () => void,
  ) {
    // The page pauses its own download, not what somebody reads of it.
    const guidance = { gate: new Gate(), refreshUrl }
    this.#production = new OwnProduction(job, log, isGone, range, guidance)
    this.#id = job.id
    this.#log = isGone ? log : undefined
    this.#left = range.end - range.start
    this.#finish = finish
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    // One that nobody knows, for other jobs to count: there may be several of one archive.
    void hold(producerLock(crypto.randomUUID(), 0), this.#over.signal)
    this.#stopKeepAlive = keepAlive((reason) => {
      this.#end(reason)
      controller.error(reason)
    })
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    try {
      const { done, value } = await this.#production.next()
      if (done === true) throw new TypeError('The archive is shorter than planned')
      const wanted = value.subarray(0, this.#left)
      this.#left -= wanted.length
      controller.enqueue(wanted)
      if (this.#left > 0) return
      controller.close()
      this.#end(new Error('All that was asked for has been sent'))
    } catch (error) {
      this.#end(error as Error)
      controller.error(error)
    }
  }

  async cancel(): Promise<void> {
    await undefined // see `ArchiveBody.cancel()`
    const message = 'The request was cancelled in the browser'
    this.#end(new HoldallError('cancelled', message, { by: 'browser' }))
  }

  async #note(): Promise<void> {
    const part = this.#log?.takePart()
    if (part !== undefined) await storeCheckpoints(this.#id, part).catch(() => undefined)
  }

  #end(reason: Error): void {
    void this.#production.cancel(reason).catch(() => undefined)
    this.#over.abort()
    this.#stopKeepAlive()
    void this.#note().finally(this.#finish)
  }
}
