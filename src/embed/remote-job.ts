/** The page's end of one job that is made in the frame. */

import {
  JobEventTarget,
  JobProgressEvent,
  JobStateEvent,
  JobWarningEvent,
} from '../client/events.ts'
import { notCloneable } from '../client/not-cloneable.ts'
import type { Report, ZipOptions } from '../client/options.ts'
import type { FileInput } from '../manifest/types.ts'
import { fromWire, toWire } from '../port/wire-error.ts'
import type { PlanSummary } from '../worker/protocol.ts'
import type { Connection } from './connection.ts'
import { OutgoingFiles } from './outgoing-files.ts'
import type { EmbedContent, EmbedOptions, JobReply, JobRequest } from './protocol.ts'

/** How long files of an archive that is done are asked for still, in ms: its URL is answered for five minutes. */
const ASKED_FOR = 6 * 60_000

interface Settle<T> {
  done(value: T): void
  failed(error: Error): void
}

/** A job in the frame. Its states are the frame's own; it ends as `download()` says. */
export class RemoteJob extends JobEventTarget {
  readonly #port: MessagePort
  readonly #connection: Connection
  readonly #refreshUrl: ZipOptions['refreshUrl']
  readonly #outgoing = new OutgoingFiles()
  readonly #baseURL: string
  #begun: Promise<void>
  #taken: () => void = () => undefined
  #planned: Settle<PlanSummary> | undefined
  #delivered: Settle<Report> | undefined

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
    this.#begun.catch(() => undefined) // told by what waits for it
    connection.lost.catch(() => this.#end())
  }

  async plan(): Promise<PlanSummary> {
    await this.#begun
    return this.#call('plan', (settle) => (this.#planned = settle))
  }

  async download(): Promise<Report> {
    await this.#begun
    return this.#call('download', (settle) => (this.#delivered = settle))
  }

  pause(): void {
    this.#send({ type: 'pause' })
  }

  resume(): void {
    this.#send({ type: 'resume' })
  }

  /** After what was asked for before, be it on its way; nothing is heard of it then. */
  cancel(): void {
    const end = (): void => {
      this.#send({ type: 'cancel' })
      this.#end()
    }
    this.#begun.then(end, end)
  }

  #end(): void {
    this.#port.close()
    this.#outgoing.end()
  }

  async #begin(files: readonly FileInput[] | string, options: EmbedOptions): Promise<void> {
    if (typeof files === 'string') {
      this.#connection.named.add(files, this.#baseURL, true)
      return this.#send({ type: 'begin', options, manifest: files })
    }
    let sent = 0
    const optional = (options.onError ?? 'abort') !== 'abort'
    for await (const { files: batch, transfer } of this.#outgoing.batches(files, optional)) {
      for (const file of batch) {
        if (typeof file === 'string') this.#name(file)
        else if (file !== null && 'url' in file && file.url !== undefined) this.#name(file.url)
      }
      const taken = new Promise<void>((resolve) => (this.#taken = resolve))
      try {
        this.#send({ type: 'files', files: batch }, transfer)
      } catch (cause) {
        throw notCloneable(batch, sent, cause)
      }
      sent += batch.length
      await Promise.race([taken, this.#connection.lost])
    }
    this.#send({ type: 'begin', options })
  }

  #name(url: string | URL): void {
    this.#connection.named.add(url, this.#baseURL)
  }

  #call<T>(type: 'plan' | 'download', expect: (settle: Settle<T>) => void): Promise<T> {
    const answered = new Promise<T>((done, failed) => expect({ done, failed }))
    this.#send({ type })
    return Promise.race([answered, this.#connection.lost])
  }

  async #hear(message: JobReply): Promise<void> {
    switch (message.type) {
      case 'taken':
        return this.#taken()
      case 'planned':
        return this.#planned?.done(message.plan)
      case 'not-planned':
        return this.#planned?.failed(fromWire(message.error))
      case 'done':
        setTimeout(() => this.#port.close(), ASKED_FOR)
        return this.#delivered?.done(message.report)
      case 'failed':
        this.#end()
        return this.#delivered?.failed(fromWire(message.error))
      case 'state':
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
