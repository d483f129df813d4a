/** One download, from the click to its end. It outlives the element, and holds it no longer than that. */

import { isHoldallError } from '../errors.ts'
import type { JobState } from '../client/events.ts'
import type { Fallback, Report } from '../client/options.ts'
import type { Progress } from '../progress.ts'
import type { WidgetJob } from './jobs.ts'
import type { Facts } from './readout.ts'

/** Who follows a run. */
export interface Follower {
  /** Its state is another. */
  changed(run: Run): void
  progressed(progress: Progress): void
  /** The browser's own download, or another sink, is not to be had; the next one is tried. */
  passedOver(fallback: Fallback): void
}

export class Run {
  progress: Progress | undefined
  /** Whether the page itself saves the archive: it must stay open until that is done. */
  byPage = false
  report: Report | undefined
  error: Error | undefined
  #state: JobState = 'planning'
  #job: WidgetJob | undefined
  #cancelled = false
  #over = false
  /** Told of everything, while there is one. */
  #follower: Follower | undefined
  /** Whether somebody was told of its state. */
  #told = false

  /** @param job What to run, or goes on with what runs already. */
  constructor(job: WidgetJob | Promise<WidgetJob>, follower: Follower) {
    this.#follower = follower
    void this.#run(job)
  }

  get state(): JobState {
    return this.#state
  }

  get over(): boolean {
    return this.#over
  }

  /** What is known of it, for who shows it. */
  get facts(): Pick<Facts, 'progress' | 'byPage' | 'report' | 'error' | 'needsPage'> {
    const { progress, byPage, report, error } = this
    return { progress, byPage, report, error, needsPage: this.#job?.needsPage }
  }

  get job(): WidgetJob | undefined {
    return this.#job
  }

  /** Tells `follower` from now on, and of an end that nobody was told of. */
  follow(follower?: Follower): void {
    this.#follower = follower
    // a moment later: those around an element that is put back listen by then
    if (this.#over) queueMicrotask(() => this.#told || this.#change(this.#state))
  }

  cancel(): void {
    this.#cancelled = true
    this.#job?.cancel()
  }

  async #run(promise: WidgetJob | Promise<WidgetJob>): Promise<void> {
    let end: JobState = 'done'
    try {
      const job = await promise
      this.#job = job
      job.addEventListener('progress', ({ progress }) => {
        this.progress = progress
        if (!this.over) this.#follower?.progressed(progress)
      })
      job.addEventListener('warning', ({ warning }) => {
        if (!('sink' in warning)) return // a name that was put right
        this.byPage ||= warning.sink === 'service-worker' // it may be what comes after the others
        this.#follower?.passedOver(warning)
      })
      job.addEventListener('statechange', ({ state }) => {
        // how it ends is told with the report, or the error
        if (BUSY.has(state) && !this.over) this.#change(state)
      })
      if (this.#cancelled) job.cancel()
      this.report = await job.download()
    } catch (error) {
      this.error = error as Error
      end = isHoldallError(error, 'cancelled') ? 'cancelled' : 'failed'
    }
    this.#over = true
    this.#change(end)
  }

  #change(state: JobState): void {
    this.#state = state
    this.#told = this.#follower !== undefined
    this.#follower?.changed(this)
  }
}

/** States between the first byte and the end. */
const BUSY: ReadonlySet<JobState> = new Set<JobState>([
  'running',
  'waiting',
  'paused',
  'stalled',
  'taken-over',
])
