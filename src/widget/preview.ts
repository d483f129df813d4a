/** What a click would give, found out before it: the plan of an archive, and the job that made it. */

import type { ZipOptions } from '../client/options.ts'
import type { PlanSummary } from '../worker/protocol.ts'
import type { Files } from './files.ts'
import type { MakeJob, WidgetJob } from './jobs.ts'

/** How many planned jobs a page keeps for the click, each with a worker of its own. */
const KEPT = 4
/** How long others wait for a plan, in ms: a server that is silent must not keep them all. */
const PATIENCE = 5000
/** How long sizes are believed, in ms. */
const GOOD_FOR = 5 * 60_000

/** Those whose job is kept, the oldest first. */
const kept: Preview[] = []
/** One at a time: a page of fifty elements must not begin with fifty workers. */
let turn: Promise<unknown> = Promise.resolve()

export class Preview {
  readonly #makeJob: MakeJob
  readonly #changed: () => void
  #plan: PlanSummary | undefined
  #job: WidgetJob | undefined
  #made = 0
  /** What was asked for last; answers to anything before it are late. */
  #asked: object | undefined

  /** @param changed Called when there is a plan. */
  constructor(makeJob: MakeJob, changed: () => void) {
    this.#makeJob = makeJob
    this.#changed = changed
  }

  /** `undefined` until it is known, and if it cannot be: who clicks is told why. */
  get plan(): PlanSummary | undefined {
    return this.#plan
  }

  /** Plans an archive of `files`, when those before it are done. */
  ask(files: Files, options: ZipOptions): void {
    this.drop()
    const asked = {}
    this.#asked = asked
    turn = turn.then(async () => {
      if (this.#asked !== asked) return
      const planned = this.#make(asked, files, options).catch(() => {
        if (this.#asked === asked) this.#letGo() // who clicks tries anew
      })
      await Promise.race([planned, new Promise((resolve) => setTimeout(resolve, PATIENCE))])
    })
  }

  /** The planned job, if there is one and its sizes are new: it is the taker's from now on. */
  take(): WidgetJob | undefined {
    const job = performance.now() - this.#made < GOOD_FOR ? this.#job : undefined
    if (job !== undefined) this.#job = undefined
    this.stop()
    return job
  }

  /** Forgets what was asked for, and what is known. */
  drop(): void {
    this.#plan = undefined
    this.stop()
  }

  /** Keeps no job, and begins none; what is known remains. */
  stop(): void {
    this.#asked = undefined
    this.#letGo()
  }

  async #make(asked: object, files: Files, options: ZipOptions): Promise<void> {
    const job = await this.#makeJob(files, options)
    if (this.#asked !== asked) return job.cancel()
    this.#job = job
    this.#made = performance.now()
    kept.push(this)
    if (kept.length > KEPT) kept[0]!.#letGo() // its plan is still good to be shown
    const plan = await job.plan()
    if (this.#asked !== asked) return
    this.#plan = plan
    this.#changed()
  }

  /** A job that nobody wants still holds a worker. */
  #letGo(): void {
    const index = kept.indexOf(this)
    if (index >= 0) kept.splice(index, 1)
    this.#job?.cancel()
    this.#job = undefined
  }
}
