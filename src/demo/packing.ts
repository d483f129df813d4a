/** One run of a job, from the click to the report; and what can be done about it meanwhile. */

import { isHoldallError, type JobState, type Progress, type Report, type ZipJob } from 'holdall'
import { inMemory, type Way } from './save.ts'

export interface PackingEvents {
  /**
   * `state` is `running`, `paused`, `waiting` for a network, `stalled`, or `taken-over` by the service worker.
   *
   * @param needsPage Whether the download would end with the page.
   */
  progress(progress: Progress, state: JobState, needsPage: boolean): void
  /** It does not get on as it did, for a reason that `state` is, or goes on after that. */
  changed(state: JobState): void
  /** `ms` from start to end. */
  done(report: Report, ms: number): void
  cancelled(byBrowser: boolean): void
  /** `last` is how far it had come. */
  failed(error: unknown, last: Progress | undefined): void
}

export class Packing {
  readonly #job: ZipJob
  #last: Progress | undefined
  /** What it waits for, or `running`. */
  #shown: JobState = 'running'
  #over = false

  constructor(job: ZipJob, way: Way, events: PackingEvents) {
    this.#job = job
    job.addEventListener('progress', ({ progress }) => {
      if (this.#over) return
      this.#last = progress
      events.progress(progress, job.state, job.needsPage)
    })
    job.addEventListener('statechange', ({ state }) => {
      const busy = BUSY.has(state)
      guardTab(busy && way === inMemory)
      if (busy && this.#last) events.progress(this.#last, state, job.needsPage)
      const shown = state === 'taken-over' ? 'running' : state
      if (!busy || shown === this.#shown) return
      this.#shown = shown
      events.changed(shown)
    })
    void this.#run(way, events)
  }

  togglePause(): void {
    if (this.#job.state === 'paused') this.#job.resume()
    else this.#job.pause()
  }

  cancel(): void {
    this.#job.cancel()
  }

  async #run(way: Way, events: PackingEvents): Promise<void> {
    const start = performance.now()
    await afterFrame()
    try {
      const report = await way(this.#job)
      this.#over = true
      events.done(report, performance.now() - start)
    } catch (error) {
      this.#over = true
      if (isHoldallError(error, 'cancelled')) events.cancelled(error.detail.by === 'browser')
      else events.failed(error, this.#last)
    } finally {
      guardTab(false)
    }
  }
}

/** How long a frame is waited for, in ms. */
const FRAME_WITHIN = 100

/** States in which an archive is being made. */
const BUSY: ReadonlySet<JobState> = new Set<JobState>([
  'running',
  'waiting',
  'paused',
  'stalled',
  'taken-over',
])

/**
 * Until what the click has changed is on the screen: to be drawn while a worker starts takes twice as long.
 * A page that is not seen, or not any more, has no frames, and is not waited for.
 */
function afterFrame(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve))
    setTimeout(resolve, FRAME_WITHIN)
  })
}

/** To leave the page is to lose what is in its memory; other jobs ask by themselves. */
function guardTab(on: boolean): void {
  if (on) addEventListener('beforeunload', ask)
  else removeEventListener('beforeunload', ask)
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
