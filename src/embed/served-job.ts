/** The frame's end of one job: an ordinary one, that is told by a port what to do. */

import { ZipJob } from '../client/job.ts'
import type { Data, FileInput } from '../manifest/types.ts'
import { strayMessage } from '../port/protocol.ts'
import { readableFromPort } from '../port/readable.ts'
import { fromWire, toWire } from '../port/wire-error.ts'
import type { WireFile } from '../worker/protocol.ts'
import { isOfPage, withoutCookies } from './credentials.ts'
import type { EmbedContent, EmbedOptions, JobReply, JobRequest } from './protocol.ts'

/** Makes the archive that is asked for over `port`, for a page of `origin`. */
export function serveJob(port: MessagePort, origin: string): void {
  const served = new ServedJob(port, origin)
  port.onmessage = ({ data }: MessageEvent<JobRequest | null | undefined>) => served.hear(data)
}

/** What the page was asked for, and has not answered. */
interface Asked {
  answer(value: EmbedContent | undefined): void
  fail(error: Error): void
}

class ServedJob {
  readonly #port: MessagePort
  readonly #origin: string
  readonly #files: WireFile[] = []
  readonly #asked = new Map<number, Asked>()
  #asks = 0
  #job: ZipJob | undefined

  constructor(port: MessagePort, origin: string) {
    this.#port = port
    this.#origin = origin
  }

  /** What cannot be meant fails the job: a page of another version would wait for ever. */
  hear(message: JobRequest | null | undefined): void {
    try {
      if (message) this.#obey(message)
    } catch (cause) {
      this.#job?.cancel()
      const error = toWire(strayMessage(cause))
      this.#send({ type: 'not-planned', error })
      this.#send({ type: 'failed', error })
    }
  }

  #obey(message: JobRequest): void {
    switch (message.type) {
      case 'files':
        for (const file of message.files) this.#files.push(file)
        return this.#send({ type: 'taken' })
      case 'begin':
        return this.#begin(message.options, message.manifest)
      case 'plan':
        return void this.#plan(this.#begun())
      case 'download':
        return void this.#download(this.#begun())
      case 'pause':
        return this.#job?.pause()
      case 'resume':
        return this.#job?.resume()
      case 'cancel':
        return this.#job?.cancel()
      case 'answer':
        return this.#settle(message.ask)?.answer(message.value)
      case 'no-answer':
        return this.#settle(message.ask)?.fail(fromWire(message.error))
    }
  }

  #begin(options: EmbedOptions, manifest: string | undefined): void {
    if (this.#job !== undefined) return
    const page = { origin: this.#origin, baseURL: options.baseURL }
    // Who goes on with a job has no page to ask; nor is anything known of what a manifest lists.
    const alone = manifest === undefined && !this.#files.some((file) => isOfPage(file, page))
    const job = new ZipJob(manifest ?? this.#listed(page), {
      ...options,
      resumable: alone && options.resumable !== false,
      sinks: ['service-worker'],
      refreshUrl: (file) =>
        this.#ask((ask) => ({ type: 'refresh', ask, ...file })) as Promise<string | undefined>,
    })
    this.#job = job
    job.addEventListener('statechange', ({ state }) => {
      this.#send({ type: 'state', state, needsPage: job.needsPage })
    })
    job.addEventListener('warning', ({ warning }) => this.#send({ type: 'warning', warning }))
    job.addEventListener('progress', ({ progress }) => this.#send({ type: 'progress', progress }))
  }

  /** The files as they are read when their turn comes, so that what is refused fails the job. */
  *#listed(page: { origin: string; baseURL: string }): Generator<FileInput> {
    for (const file of this.#files) yield this.#local(withoutCookies(file, page))
  }

  #begun(): ZipJob {
    if (this.#job === undefined) throw strayMessage()
    return this.#job
  }

  async #plan(job: ZipJob): Promise<void> {
    try {
      this.#send({ type: 'planned', plan: await job.plan() })
    } catch (error) {
      this.#send({ type: 'not-planned', error: toWire(error) })
    }
  }

  async #download(job: ZipJob): Promise<void> {
    try {
      this.#send({ type: 'done', report: await job.download() })
    } catch (error) {
      this.#send({ type: 'failed', error: toWire(error) })
    }
  }

  /** `file` with a function in place of what the page keeps. */
  #local(file: WireFile): FileInput {
    if (typeof file !== 'object' || file === null || !('data' in file)) return file as FileInput
    const { data, ...fields } = file
    if (!(data instanceof Object && 'remote' in data)) return file as FileInput
    const { remote } = data
    return { ...fields, data: () => this.#content(remote) }
  }

  async #content(remote: number): Promise<Data> {
    const content = (await this.#ask((ask) => ({ type: 'open', ask, remote }))) as
      | Data
      | MessagePort
    return content instanceof MessagePort ? readableFromPort(content) : content
  }

  #ask(question: (ask: number) => JobReply): Promise<EmbedContent | undefined> {
    const ask = this.#asks++
    return new Promise((answer, fail) => {
      this.#asked.set(ask, { answer, fail })
      this.#send(question(ask))
    })
  }

  #settle(ask: number): Asked | undefined {
    const asked = this.#asked.get(ask)
    this.#asked.delete(ask)
    return asked
  }

  #send(message: JobReply): void {
    this.#port.postMessage(message)
  }
}
