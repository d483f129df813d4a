/** The page's end of one job that is made in the frame. */

import { cancelledByPage } from '../client/cancelled.ts'
import {
  JobEventTarget,
  JobProgressEvent,
  JobStateEvent,
  JobWarningEvent,
  OVER,
} from '../client/events.ts'
import { notCloneable } from '../client/not-cloneable.ts'
import type { Report, ZipOptions } from '../client/options.ts'
import { isRefusal } from '../client/refusals.ts'
import type { FileInput } from '../manifest/types.ts'
import { fromWire, toWire } from '../port/wire-error.ts'
import { guardPage } from '../sinks/guard-page.ts'
import { orAborted } from '../sources/patience.ts'
import type { PlanSummary } from '../worker/protocol.ts'
import type { Connection } from './connection.ts'
import { asListed, isOfStranger } from './listed-files.ts'
import { OutgoingFiles, type OutgoingBatch } from './outgoing-files.ts'
import type { EmbedContent, EmbedOptions, JobReply, JobRequest } from './protocol.ts'

/** How long files of an archive that is done are asked for still, in ms: its URL is answered for five minutes. */
const ASKED_FOR = 6 * 60_000

/** A job in the frame. Its states are the frame's own; it ends as `download()` says. */
export class RemoteJob extends JobEventTarget {
  /** Whether it would end with the page, as the frame says: then the browser asks before that is left. */
  readonly needsPage: boolean = false
  readonly #port: MessagePort
  readonly #connection: Connection
  readonly #refreshUrl: ZipOptions['refreshUrl']
  readonly #outgoing = new OutgoingFiles()
  readonly #baseURL: string
  /** Aborts when nothing more is heard of the job; its connection is to hold none that is over. */
  readonly #over = new AbortController()
  #hasRun = false
  #unguard: (() => void) | undefined
  #begun: Promise<void>
  #taken: () => void = () => undefined
  #plan: Promise<PlanSummary> | undefined
  #planned: ((plan: PlanSummary) => void) | undefined
  #delivered: ((report: Report) => void) | undefined

  /** @param files Or the URL of a manifest. */
  constructor(
    connection: Connection,
    files: readonly FileInput[] | string,
    { baseURL, ...options }: EmbedOptions,
    refreshUrl: ZipOptions['refreshUrl'],
  ) {
    super()
    this.#connection = connection
    this.#refreshUrl = refreshUrl
    this.#baseURL = baseURL
    this.#port = connection.job()
    this.#port.onmessage = ({ data }: MessageEvent<JobReply | null | undefined>) =>
      void (data && this.#hear(data))
    this.#begun = this.#begin(files, { ...options, baseURL })
    this.#begun.catch((error) => this.#end(error)) // told by what waits for it
    const { gone } = connection
    const lost = (): void => this.#end(gone.reason)
    gone.addEventListener('abort', lost, { signal: this.#over.signal })
    if (gone.aborted) lost()
  }

  /** Whether its frame went before anything was made of it: another frame can make it. */
  get isLost(): boolean {
    return this.#connection.gone.aborted && !this.#hasRun
  }

  plan(): Promise<PlanSummary> {
    this.#plan ??= this.#call('plan', (done) => (this.#planned = done))
    return this.#plan
  }

  download(): Promise<Report> {
    return this.#call('download', (done) => (this.#delivered = done))
  }

  pause(): void {
    this.#send({ type: 'pause' })
  }

  resume(): void {
    this.#send({ type: 'resume' })
  }

  /** After what was asked for before, be it on its way; nothing is heard of it then. */
  cancel(reason?: unknown): void {
    const end = (): void => {
      this.#send({ type: 'cancel' })
      this.#end(cancelledByPage(reason))
    }
    this.#begun.then(end, end)
  }

  #end(error: unknown): void {
    this.#close(error)
    // Of a job that has not run, or may be made elsewhere, the streams that nobody has asked for are of use yet.
    this.#outgoing.end(this.#hasRun && !isRefusal(error) ? error : undefined)
  }

  #close(reason?: unknown): void {
    this.#guard(false)
    this.#port.close()
    this.#over.abort(reason)
  }

  #guard(needsPage: boolean): void {
    if (needsPage) return void (this.#unguard ??= guardPage(this))
    this.#unguard?.()
    this.#unguard = undefined
  }

  async #begin(files: readonly FileInput[] | string, options: EmbedOptions): Promise<void> {
    if (typeof files === 'string') {
      this.#connection.named.add(files, this.#baseURL, true)
      return this.#give({ type: 'begin', options, manifest: files }, options)
    }
    const { named } = this.#connection
    const listed = files.map((file) => asListed(file, named.origin))
    const optional = (options.onError ?? 'abort') !== 'abort'
    for await (const batch of this.#outgoing.batches(listed, optional)) {
      for (const [place, file] of batch.files.entries()) {
        const url = typeof file === 'object' && file !== null && 'url' in file ? file.url : file
        if (!(typeof url === 'string' || url instanceof URL)) continue
        if (!isOfStranger(listed[batch.indexes[place]!]!, named.origin)) this.#name(url)
      }
      const taken = new Promise<void>((resolve) => (this.#taken = resolve))
      this.#give({ type: 'files', files: batch.files }, batch.files, batch)
      await orAborted(taken, this.#over.signal)
    }
    this.#give({ type: 'begin', options }, options)
  }

  /** @param given What of `message` is the caller's, and may be what cannot be sent. */
  #give(message: JobRequest, given: object, batch?: OutgoingBatch): void {
    try {
      this.#send(message, batch?.transfer)
    } catch (cause) {
      throw notCloneable(given, cause, (place) => batch!.indexes[place]!)
    }
  }

  #name(url: string | URL): void {
    this.#connection.named.add(url, this.#baseURL)
  }

  async #call<T>(
    type: 'plan' | 'download',
    expect: (done: (answer: T) => void) => void,
  ): Promise<T> {
    await this.#begun
    const answered = new Promise<T>(expect)
    this.#send({ type })
    return orAborted(answered, this.#over.signal)
  }

  async #hear(message: JobReply): Promise<void> {
    switch (message.type) {
      case 'taken':
        return this.#taken()
      case 'planned':
        return this.#planned?.(message.plan)
      case 'done':
        this.#guard(false)
        setTimeout(() => this.#close(), ASKED_FOR)
        return this.#delivered?.(message.report)
      case 'not-planned':
      case 'failed':
        return this.#end(fromWire(message.error))
      case 'state':
        this.#hasRun ||= message.state === 'running'
        this.#guard(message.needsPage && !OVER.includes(message.state))
        return void this.dispatchEvent(new JobStateEvent(message.state))
      case 'progress':
        return void this.dispatchEvent(new JobProgressEvent(message.progress))
      case 'warning':
        return void this.dispatchEvent(new JobWarningEvent(message.warning))
      case 'open':
        return this.#answer(message.ask, () => this.#outgoing.open(message.remote))
      case 'refresh': {
        const { ask, url, name } = message
        return this.#answer(ask, async () => {
          const value = await this.#refreshUrl?.({ url, name })
          if (value === undefined) return undefined
          this.#connection.named.addInPlace(value, url)
          return { value, transfer: [] }
        })
      }
    }
  }

  async #answer(
    ask: number,
    give: () => Promise<{ value: EmbedContent; transfer: Transferable[] } | undefined>,
  ): Promise<void> {
    try {
      const { value, transfer = [] } = (await give()) ?? {}
      this.#send({ type: 'answer', ask, ...(value !== undefined && { value }) }, transfer)
    } catch (error) {
      this.#send({ type: 'no-answer', ask, error: toWire(error) })
    }
  }

  #send(message: JobRequest, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer)
  }
}
