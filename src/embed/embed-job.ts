/** One archive that the frame of another site makes, or this page itself where the frame cannot. */

import { cancelledByPage, cancelWith } from '../client/cancelled.ts'
import {
  JobEventTarget,
  JobProgressEvent,
  JobStateEvent,
  JobWarningEvent,
  OVER,
  type JobState,
} from '../client/events.ts'
import type { ZipJob } from '../client/job.ts'
import { loaded } from '../client/loaded.ts'
import type { Fallback, Report, Sink, ZipOptions } from '../client/options.ts'
import { isRefusal } from '../client/refusals.ts'
import { collect, wireOptions } from '../client/wire-files.ts'
import { HoldallError, isHoldallError, type ErrorCode } from '../errors.ts'
import type { FileInput, FilesInput } from '../manifest/types.ts'
import { orAborted } from '../sources/patience.ts'
import type { PlanSummary } from '../worker/protocol.ts'
import { connected } from './connection.ts'
import { RemoteJob } from './remote-job.ts'

/** What of a `ZipJob` an embedded one has: the sinks other than the browser's download are no use here. */
type Surface = Pick<
  ZipJob,
  'name' | 'state' | 'needsPage' | 'finished' | 'plan' | 'download' | 'pause' | 'resume' | 'cancel'
>

/** Who makes the archive. */
type Maker = Pick<
  ZipJob,
  'needsPage' | 'plan' | 'download' | 'pause' | 'resume' | 'cancel' | 'addEventListener'
>

/** The part that makes archives in this page, loaded from the hosting site when it is needed. */
export interface PageMaker {
  makeJob(files: readonly FileInput[] | string, options: ZipOptions): ZipJob
}

/** Where the hosting site has what an embedding needs. */
export interface Hosting {
  /** With `embed.html` in it. */
  readonly folder: URL
  readonly loadPageMaker: () => Promise<PageMaker>
}

const PAGE_SINKS: readonly Sink[] = ['save-picker', 'origin-private', 'memory']

/** See `ZipJob`. */
export class EmbedJob extends JobEventTarget implements Surface {
  readonly finished: Promise<Report>
  readonly #hosting: Hosting
  readonly #input: FilesInput
  readonly #options: ZipOptions
  readonly #ending = new AbortController()
  readonly #fallbacks: Fallback[] = []
  /** What each maker may take, the present one's in front. */
  readonly #steps: (readonly Sink[])[]
  #settle!: { done: (report: Report) => void; failed: (error: unknown) => void }
  #files: Promise<readonly FileInput[] | string> | undefined
  #maker: Promise<Maker> | undefined
  /** The maker, once it is there. */
  #making: Maker | undefined
  #name: string | undefined
  #state: JobState = 'idle'
  #hasSink = false

  constructor(hosting: Hosting, files: FilesInput, { signal, ...options }: ZipOptions) {
    super()
    this.#hosting = hosting
    this.#input = files
    this.#options = options
    this.#steps = stepsOf(options.sinks)
    if (options.name !== undefined) this.#name = String(options.name)
    this.finished = new Promise((done, failed) => {
      this.#settle = { done, failed }
    })
    cancelWith(signal, this)
  }

  get name(): string {
    return this.#name ?? 'archive.zip'
  }

  get state(): JobState {
    return this.#state
  }

  get needsPage(): boolean {
    return this.#making?.needsPage ?? false
  }

  async plan(): Promise<PlanSummary> {
    try {
      const planned = this.#tried((maker) => maker.plan())
      const plan = await orAborted(planned, this.#ending.signal)
      this.#name ??= plan.name
      return plan
    } catch (error) {
      if (!this.#hasSink) this.#fail(error) // else the download does
      throw error
    }
  }

  async download(): Promise<Report> {
    if (this.#hasSink) {
      const message = 'Cannot start a job twice: make a new one with zip()'
      throw new HoldallError('already-started', message, {})
    }
    this.#hasSink = true
    if (OVER.includes(this.#state)) return this.finished
    for (const fallback of this.#fallbacks) this.#warn(fallback)
    try {
      const made = await orAborted(this.#deliver(), this.#ending.signal)
      const report = { ...made, fallbacks: [...this.#fallbacks, ...made.fallbacks] }
      this.#name ??= report.name
      this.#change('done')
      this.#settle.done(report)
      return report
    } catch (error) {
      this.#fail(error)
      throw error
    }
  }

  pause(): void {
    this.#making?.pause()
  }

  resume(): void {
    this.#making?.resume()
  }

  cancel(reason?: unknown): void {
    if (this.#ending.signal.aborted || OVER.includes(this.#state)) return
    const error = cancelledByPage(reason)
    this.#ending.abort(error)
    this.#making?.cancel(reason)
    if (this.#hasSink) return // which ends, and says so
    this.#change('cancelled')
    this.#settle.failed(error)
  }

  #fail(error: unknown): void {
    this.#change(isHoldallError(error, 'cancelled') ? 'cancelled' : 'failed')
    this.#settle.failed(error)
  }

  async #deliver(): Promise<Report> {
    for (;;) {
      let stays = false
      try {
        return await this.#tried((maker) => {
          maker.addEventListener('statechange', ({ state }) => {
            // what the page itself has begun with stays there
            stays ||= state === 'running' && !(maker instanceof RemoteJob)
          })
          return maker.download()
        })
      } catch (error) {
        if (stays || !isRefusal(error) || this.#isLast) throw error
        this.#passOver(error)
        this.#maker = undefined
      }
    }
  }

  /** What `use` has of the maker; if its frame goes before anything was made, of another: once, as that might crash, too. */
  async #tried<T>(use: (maker: Maker) => Promise<T>, mayBeLost = true): Promise<T> {
    const making = this.#make()
    const maker = await making
    try {
      return await use(maker)
    } catch (error) {
      this.#ending.signal.throwIfAborted()
      if (!mayBeLost || !(maker instanceof RemoteJob && maker.isLost)) throw error
      if (this.#maker === making) this.#maker = undefined // else the plan's or the download's has seen to that
      return this.#tried(use, false)
    }
  }

  get #isLast(): boolean {
    return this.#steps.length === 1
  }

  #make(): Promise<Maker> {
    this.#maker ??= this.#next()
    return this.#maker
  }

  /** The first that is to be had: the frame, if that answers and may be taken, or this page. */
  async #next(): Promise<Maker> {
    this.#change('planning')
    for (;;) {
      const [sinks] = this.#steps as [readonly Sink[]]
      try {
        return await (isFrames(sinks) ? this.#inFrame() : this.#inPage(sinks))
      } catch (error) {
        if (!isRefusal(error) || this.#isLast) throw error
        this.#passOver(error)
      }
    }
  }

  async #inFrame(): Promise<Maker> {
    const connection = await connected(this.#hosting.folder)
    const { name, resumable, refreshUrl, baseURL } = this.#options
    const files = await this.#collected()
    this.#ending.signal.throwIfAborted() // nobody would end what is made now
    const job = new RemoteJob(
      connection,
      files,
      {
        ...wireOptions(this.#options),
        ...(name !== undefined && { name: String(name) }),
        ...(resumable !== undefined && { resumable }),
        baseURL: String(baseURL ?? document.baseURI),
      },
      refreshUrl,
    )
    return this.#follow(job)
  }

  async #inPage(sinks: readonly Sink[]): Promise<Maker> {
    const { makeJob } = await loaded(this.#hosting.loadPageMaker())
    const files = await this.#collected()
    this.#ending.signal.throwIfAborted()
    const job = makeJob(files, { ...this.#options, sinks })
    return this.#follow(job)
  }

  /** The files as a list: both makers may need it. */
  #collected(): Promise<readonly FileInput[] | string> {
    this.#files ??= collect(this.#input)
    return this.#files
  }

  #follow<Job extends Maker>(job: Job): Job {
    this.#making = job
    job.addEventListener('statechange', ({ state }) => {
      // How it ends is told by `download()`: another maker may have a try yet.
      if (!OVER.includes(state) && !this.#ending.signal.aborted) this.#change(state)
    })
    job.addEventListener('progress', ({ progress }) => {
      this.dispatchEvent(new JobProgressEvent(progress))
    })
    job.addEventListener('warning', ({ warning }) => {
      this.dispatchEvent(new JobWarningEvent(warning))
    })
    return job
  }

  /** Goes on to the next maker. */
  #passOver({ code, message: said }: HoldallError): void {
    const sink = this.#steps.shift()![0]!
    const message = OF_OTHER_SITES.has(code) ? `${said}. ${THIRD_PARTY}` : said
    const fallback: Fallback = { sink, code, message }
    this.#fallbacks.push(fallback)
    if (this.#hasSink) this.#warn(fallback) // else with the download, if there is one
  }

  #warn(fallback: Fallback): void {
    this.dispatchEvent(new JobWarningEvent(fallback))
  }

  #change(state: JobState): void {
    if (this.#state === state || OVER.includes(this.#state)) return
    this.#state = state
    this.dispatchEvent(new JobStateEvent(state))
  }
}

/**
 * `sinks` as they are tried, in order, each time with a job of its own: the frame's, which is the service worker; those of
 * this page before it, one by one, as each has its own reason not to be had; and all those after it.
 */
function stepsOf(sinks: readonly Sink[] = ['service-worker', ...PAGE_SINKS]): (readonly Sink[])[] {
  const place = Array.isArray(sinks) ? sinks.indexOf('service-worker') : -1
  if (place < 0) return [sinks] // it is for the page's job to say what is wrong with them, too
  const rest = sinks.slice(place + 1).filter((sink) => sink !== 'service-worker')
  const steps: (readonly Sink[])[] = sinks.slice(0, place).map((sink) => [sink])
  steps.push(['service-worker'])
  if (rest.length > 0) steps.push(rest)
  return steps
}

function isFrames(sinks: readonly Sink[] | null): boolean {
  return sinks?.[0] === 'service-worker'
}

/** What a frame is told that may keep nothing; browsers have no better word for it. */
const OF_OTHER_SITES: ReadonlySet<ErrorCode> = new Set([
  'service-worker-failed',
  'service-worker-unsupported',
] satisfies ErrorCode[])

const THIRD_PARTY =
  "Where third-party cookies are blocked, a frame of another site may have none: host holdall on a subdomain of this page's site"
