/** Keeps the plan of what is in the bag up to date, and the job that made it ready to be run. */

import { isHoldallError, zip, type OnError, type PlanSummary, type ZipJob } from 'holdall'
import type { Item } from './item.ts'

/** How long the list must be left alone before it is planned, in ms. */
const QUIET = 150

export interface PlannerEvents {
  planned(plan: PlanSummary): void
  /** Not of a job that was taken: who runs it hears of it. */
  failed(error: unknown): void
}

export class Planner {
  readonly #events: PlannerEvents
  #items: readonly Item[] = []
  #job: ZipJob | undefined
  #onError: OnError = 'abort'
  #taken = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(events: PlannerEvents) {
    this.#events = events
  }

  /** Plans `items`, soon. */
  plan(items: readonly Item[], name: string, onError: OnError): void {
    this.#discard()
    this.#items = items
    this.#onError = onError
    if (items.length > 0) this.#timer = setTimeout(() => this.#make(name), QUIET)
  }

  /** A job for these items: the planned one if it has this name and was not taken, else a new one. */
  take(name: string, onError: OnError): ZipJob {
    const same = this.#job?.name === name && this.#onError === onError
    const planned = this.#taken || !same ? undefined : this.#job
    this.#onError = onError
    if (planned === undefined) this.#discard()
    const job = planned ?? this.#make(name)
    this.#taken = true
    return job
  }

  #make(name: string): ZipJob {
    const inputs = this.#items.map(({ input }) => input)
    const job = zip(inputs, { name, onError: this.#onError })
    this.#job = job
    this.#taken = false
    void this.#tell(job)
    return job
  }

  async #tell(job: ZipJob): Promise<void> {
    try {
      const plan = await job.plan()
      if (this.#job === job) this.#events.planned(plan)
    } catch (error) {
      if (this.#job !== job || this.#taken || isHoldallError(error, 'cancelled')) return
      this.#job = undefined
      this.#events.failed(error)
    }
  }

  /** A job that nobody wants still holds a worker. */
  #discard(): void {
    clearTimeout(this.#timer)
    if (!this.#taken) this.#job?.cancel()
    this.#job = undefined
  }
}
