/** One archive, from the files that a page asks for to the sink that it chooses. */

import { HoldallError, isHoldallError } from '../errors.ts'
import type { ArchiveOptions, FileInput, FilesInput } from '../manifest/types.ts'
import type { Progress } from '../progress.ts'
import type { WriteTarget } from '../sinks/file-system.ts'
import type { UploadTarget } from '../sinks/upload-target.ts'
import type { PageServices, PlanSummary } from '../worker/protocol.ts'
import { cancelledByPage, cancelWith, orCancelled } from './cancelled.ts'
import type { Bringer, DownloadJob } from './choose-sink.ts'
import {
  JobProgressEvent,
  JobEventTarget,
  JobStateEvent,
  JobWarningEvent,
  OVER,
  type JobState,
} from './events.ts'
import { answerPings } from './keep-alive.ts'
import { loaded } from './loaded.ts'
import { lockOf, orAbort } from './or-abort.ts'
import type { Report, ZipOptions } from './options.ts'
import { Packer } from './packer.ts'
import { collect } from './wire-files.ts'

/**
 * A job that packs files into one archive. Nothing is fetched before a sink is chosen; a job has one.
 *
 * All its promises reject with a `HoldallError`.
 */
export class ZipJob extends JobEventTarget {
  /**
   * Whether it would, or may, end with its page, so that the browser asks its user before that is left. What `blob()`, `stream()`
   * and `response()` give is the page's own, and not guarded.
   */
  readonly needsPage: boolean = false
  /** Whether others can go on with it when its page is gone. Known when it is planned: `plan()` says why not, too. */
  declare readonly resumable?: boolean
  /** How it ends, whichever sink is chosen. */
  readonly finished: Promise<Report>
  readonly #input: FilesInput
  readonly #id: string | undefined
  readonly #options: ArchiveOptions
  readonly #refreshUrl: PageServices['refreshUrl']
  readonly #sinks: DownloadJob['options']
  readonly #ending = new AbortController()
  #settle!: { done: (report: Report) => void; failed: (error: unknown) => void }
  #name: string | undefined
  #state: JobState = 'idle'
  /** Its state when it was paused. */
  #before: JobState = 'idle'
  #hasSink = false
  #files: Promise<readonly FileInput[] | string> | undefined
  #planned: Promise<PlanSummary> | undefined
  #packer: Packer | undefined
  /** Told how far the worker is. */
  #progressed = (told: Progress): void => void this.dispatchEvent(new JobProgressEvent(told))

  /**
   * Use `zip()`.
   *
   * @param id Of a job that is stored: then it has its files itself.
   */
  constructor(files: FilesInput, options: ZipOptions, id?: string) {
    const { name, signal, refreshUrl, sinks, memoryLimit, resumable, ...archive } = options
    super()
    answerPings()
    if (name !== undefined) this.#name = String(name)
    this.#input = files
    this.#id = id
    this.#options = { ...archive, baseURL: String(archive.baseURL ?? document.baseURI) }
    this.#sinks = { sinks, memoryLimit, resumable, retry: archive.retry }
    this.#refreshUrl = async (file) => refreshUrl?.(file)
    this.finished = new Promise((done, failed) => (this.#settle = { done, failed }))
    cancelWith(signal, this)
  }

  /** Name of the archive: as asked for, else the manifest's once it was read, else `archive.zip`. */
  get name(): string {
    return this.#name ?? 'archive.zip'
  }

  get state(): JobState {
    return this.#state
  }

  /**
   * Checks the input and plans the archive. Fetches no file, and the manifest if its URL was given.
   *
   * @throws {HoldallError} One of the codes for bad input; `worker-failed`.
   */
  plan(): Promise<PlanSummary> {
    this.#planned ??= this.#plan().catch((error: unknown) => {
      if (!this.#hasSink) this.#fail(error) // else who brings it there does
      throw error
    })
    return this.#planned
  }

  /**
   * The browser's own download: through the service worker, or else the best of `options.sinks` that is
   * to be had.
   *
   * @returns When the browser has taken the last byte of an archive of the announced length.
   */
  download(): Promise<Report> {
    return this.#bring(() => import('./choose-sink.ts'))
  }

  /** Writes the archive to a file that the user chose, or to any writable stream, and closes it, or aborts that. */
  saveTo(target: WriteTarget): Promise<Report> {
    const writer = lockOf(target)
    return orAbort(
      this.#bring(() => import('./save-to.ts'), target, writer),
      writer,
    )
  }

  /**
   * Uploads the archive to an object store in parts, as it is made; one that is interrupted can be gone on with.
   *
   * @returns When `target.complete()` is done.
   */
  upload(target: UploadTarget): Promise<Report> {
    return this.#bring(() => import('./upload.ts'), target)
  }

  /** The archive in memory, or where the browser keeps its Blobs. */
  async blob(): Promise<Blob> {
    let blob: Blob | undefined
    const taken = (made: Blob): void => void (blob = made)
    await this.#bring(() => import('./to-page.ts'), taken)
    return blob!
  }

  /** The archive as it is made, no faster than it is read. */
  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    const { readable, writable } = new TransformStream<
      Uint8Array<ArrayBuffer>,
      Uint8Array<ArrayBuffer>
    >(undefined, { highWaterMark: 1 }, { highWaterMark: 0 })
    orAbort(
      this.#bring(() => import('./to-page.ts'), writable, cancelledByPage),
      writable,
    ).catch(() => undefined) // told by the stream
    return readable
  }

  /** A response with the archive as its body, and its exact length where that is known. */
  async response(): Promise<Response> {
    const { length } = await this.plan()
    const { archiveHeaders } = await loaded(import('../engine/response-headers.ts'))
    return new Response(this.stream(), { headers: archiveHeaders(this.name, length) })
  }

  /** Holds the job up: nothing more is made of the archive until `resume()`. */
  pause(): void {
    if (!['running', 'waiting', 'taken-over'].includes(this.#state)) return
    this.#before = this.#state
    this.#packer?.pause()
    this.#change('paused')
  }

  /** Goes on after `pause()`. */
  resume(): void {
    if (this.#state !== 'paused') return
    this.#packer?.resume()
    this.#change(this.#before)
  }

  /** Ends the job, and every request for it: a download that is running fails in the browser. */
  cancel(reason?: unknown): void {
    if (this.#ending.signal.aborted || OVER.includes(this.#state)) return
    const error = cancelledByPage(reason)
    this.#ending.abort(error)
    if (!this.#hasSink) this.#fail(error) // else it ends, and says so
  }

  async #bring<T extends unknown[]>(
    load: () => Promise<Bringer<T>>,
    ...target: T
  ): Promise<Report> {
    if (this.#hasSink) {
      const message = 'Cannot start a job twice: make a new one with zip()'
      throw new HoldallError('already-started', message, {})
    }
    this.#hasSink = true
    try {
      this.#ending.signal.throwIfAborted()
      // The worker starts meanwhile, which takes longer; how planning ends is told to who waits for it.
      this.plan().catch(() => undefined)
      const { deliver } = await loaded(load())
      const delivered = await deliver(this.#delivered(), ...target)
      const { warnings } = await this.plan()
      const report: Report = { fallbacks: [], name: this.name, warnings, ...delivered }
      this.#change('done')
      this.#settle.done(report)
      return report
    } catch (error) {
      this.#fail(error)
      throw error
    } finally {
      this.#packer?.terminate()
    }
  }

  #fail(error: unknown): void {
    // Of a job that has not run, the streams may be given to another.
    this.#packer?.terminate(/idle|planning/.test(this.#state) ? undefined : error)
    this.#change(isHoldallError(error, 'cancelled') ? 'cancelled' : 'failed')
    this.#settle.failed(error)
  }

  /** What those who bring the archive to its sink ask of it. */
  #delivered(): DownloadJob {
    return {
      options: this.#sinks,
      signal: this.#ending.signal,
      name: () => this.name,
      plan: () => this.plan(),
      id: this.#id,
      arm: (lock) => this.#packer!.arm(lock),
      running: () => {
        this.#change('running')
        return this.#packer!
      },
      packer: () => new Packer({ refreshUrl: this.#refreshUrl }),
      prepare: (packer) => this.#prepareWith(packer),
      events: this,
      refreshUrl: this.#refreshUrl,
      changed: (state, progress) => {
        if (state === 'taken-over') this.#packer!.terminate()
        if (this.#state === 'paused') this.#before = state
        else this.#change(state)
        if (progress) this.#progressed(progress)
      },
      pipe: async (sink, take) => {
        const { pipe } = await loaded(import('./pipe.ts'))
        return pipe(this.#delivered(), sink, take)
      },
      follow: (progressed) => {
        const tell = this.#progressed
        this.#progressed = progressed
        return tell
      },
      passOver: (fallback) => this.dispatchEvent(new JobWarningEvent(fallback)),
    }
  }

  async #plan(): Promise<PlanSummary> {
    const { signal } = this.#ending
    signal.throwIfAborted()
    this.#change('planning')
    const packer = new Packer({
      progress: (progress) => this.#progressed(progress),
      waiting: (waits) => this.#wait(waits),
      refreshUrl: this.#refreshUrl,
    })
    this.#packer = packer
    const plan = await orCancelled(this.#prepareWith(packer), signal)
    this.#name ??= plan.name
    ;(this as { resumable?: boolean }).resumable = plan.resumable
    for (const warning of plan.warnings) this.dispatchEvent(new JobWarningEvent(warning))
    if (!this.#hasSink) this.#change('idle')
    return plan
  }

  async #prepareWith(packer: Packer): Promise<PlanSummary> {
    if (this.#id) return packer.restore(this.#id, packer === this.#packer)
    this.#files ??= collect(this.#input)
    return packer.prepare(await this.#files, this.#options)
  }

  #wait(waits: boolean): void {
    if (this.#state === 'paused') this.#before = waits ? 'waiting' : 'running'
    else if (this.#state === (waits ? 'running' : 'waiting'))
      this.#change(waits ? 'waiting' : 'running')
  }

  #change(state: JobState): void {
    if (this.#state === state || OVER.includes(this.#state)) return
    this.#state = state
    this.dispatchEvent(new JobStateEvent(state))
  }
}
