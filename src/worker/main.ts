/** The dedicated worker: the engine behind Comlink. Only wires: plan, encode, pump. */

import { expose, type Remote } from 'comlink'
import { explained, runJob, prepareJob, type PreparedJob } from '../engine/job.ts'
import type { SkippedFile } from '../engine/missing.ts'
import { storedJob, storeJob } from '../engine/store.ts'
import {
  fromStored,
  isSmall,
  toStored,
  whyNotStorable,
  type JobMark,
  type StoredJob,
} from '../engine/stored-job.ts'
import type { RunSummary } from '../engine/summary.ts'
import { JobProgress } from '../engine/progress.ts'
import { fromWire, HoldallError, toWire, type WireError } from '../errors.ts'
import type { ArchiveOptions, Data, FileInput } from '../manifest/types.ts'
import { pumpToPort } from '../port/pump.ts'
import { readableFromPort, WINDOW } from '../port/readable.ts'
import type {
  Outcome,
  PackWorker,
  PageServices,
  PlanSummary,
  RemoteData,
  RemoteFile,
  RunGuard,
  WireFile,
} from './protocol.ts'
import { producerLock } from '../port/delivery.ts'
import { Share } from '../engine/share.ts'
import { Heartbeat } from '../engine/heartbeat.ts'
import { surveyCache } from '../sources/cache-storage.ts'
import { digestsOf, type Digests } from '../sources/digest.ts'
import { PATIENCE } from '../sources/patience.ts'
import { BEAT_EVERY } from '../port/protocol.ts'
import { Gate } from '../sources/gate.ts'
import type { ArchiveEncoder } from '../zip/encode.ts'

/** How long a job that is begun waits for being stored, in ms: a user waits, too. */
const STORED_WITHIN = 100

/** Progress is told this often, in ms. */
const PROGRESS_EVERY = 100

class Worker implements PackWorker {
  readonly #files: WireFile[] = []
  readonly #ending = new AbortController()
  readonly #gate = new Gate()
  #page: Remote<PageServices> | undefined
  #job: PreparedJob | undefined

  add(files: readonly WireFile[]): void {
    for (const file of files) this.#files.push(file)
  }

  prepare(
    page: PageServices,
    options: ArchiveOptions,
    manifest?: string,
  ): Promise<Outcome<PlanSummary>> {
    this.#page = page as Remote<PageServices>
    return outcome(async () => {
      const files = manifest ?? this.#files.map((file) => this.#local(file))
      this.#job = await prepareJob(files, options, this.#ending.signal)
      return summaryOf(this.#job)
    })
  }

  restore(page: PageServices, id: string): Promise<Outcome<PlanSummary>> {
    this.#page = page as Remote<PageServices>
    return outcome(async () => {
      const stored = await storedJob(id)
      if (stored === undefined) throw forgotten()
      this.#job = fromStored(stored)
      return summaryOf(this.#job)
    })
  }

  run(port: MessagePort, guard?: RunGuard): Promise<Outcome<RunSummary>> {
    return outcome(async () => {
      if (navigator.locks) await hold(guard?.lock ?? producerLock(crypto.randomUUID(), 0))
      const share = new Share()
      await share.look()
      const job = this.#job!
      const page = this.#page!
      const { signal } = this.#ending
      const progress = new JobProgress(job.plan)
      const skipped: SkippedFile[] = []
      const kept = this.#kept(guard)
      const onDisk = isSmall(job)
      const stored = onDisk ? this.#store(kept) : undefined
      const marks = new Marks(onDisk ? undefined : kept)
      const heartbeat = new Heartbeat({ ...PATIENCE, ...job.options.retry }, BEAT_EVERY)
      let waits = false
      const encoder = runJob(job, {
        signal,
        gate: this.#gate,
        jobs: () => share.jobs,
        refreshUrl: (file) => page.refreshUrl(file),
        waiting: (isOut) => {
          waits = isOut
          void page.waiting(isOut)
        },
        report: progress.report,
        received: (bytes) => {
          heartbeat.sign()
          progress.received(bytes)
        },
        skipped: (file) => skipped.push(file),
      })
      const tell = (): void => void page.progress(progress.take(encoder))
      const timer = setInterval(tell, PROGRESS_EVERY)
      const gated = {
        next: async () => {
          // The first bytes go at once: with none, a browser drops the download of a tab that is closed.
          if (encoder.offset > 0) await stored
          await this.#gate.pass()
          heartbeat.sign()
          return encoder.next().catch((error: unknown) => {
            throw explained(error, job)
          })
        },
        return: () => encoder.return(),
      }
      try {
        await pumpToPort(gated, port, {
          transfer: true,
          signal,
          // Several jobs share what one may have under way.
          reserve: () => WINDOW * Math.min(3 / 4, 1 - 1 / share.jobs),
          ...(kept !== undefined && { mark: () => marks.take(encoder) }),
          vouch: () => {
            // What only this page can give, nobody else can be more patient with.
            if (waits || this.#gate.closed || kept === undefined) heartbeat.sign()
            return heartbeat.beats()
          },
          cancel: (reason) => this.#end(reason),
        })
      } finally {
        clearInterval(timer)
        share.stop()
        tell()
      }
      const entries = job.plan.entries.length - skipped.length
      return { entries, bytes: encoder.offset, skipped }
    })
  }

  survey(cache: string): Promise<Outcome<Awaited<ReturnType<typeof surveyCache>>>> {
    return outcome(() => surveyCache(cache, this.#ending.signal))
  }

  digest(blob: Blob): Promise<Outcome<Digests>> {
    return outcome(() => digestsOf(blob.stream(), this.#ending.signal))
  }

  /** What others need to go on with the job, if they can. */
  #kept(guard: RunGuard | undefined): StoredJob | undefined {
    const job = this.#job!
    if (guard?.store === undefined || whyNotStorable(job) !== undefined) return undefined
    return toStored(job, guard.store.id, guard.store.name)
  }

  /** Puts it on disk; resolves soon, whether it is there or not. */
  async #store(kept: StoredJob | undefined): Promise<void> {
    if (kept === undefined) return
    const stored = storeJob(kept).catch(() => undefined)
    await Promise.race([stored, new Promise((resolve) => setTimeout(resolve, STORED_WITHIN))])
  }

  pause(): void {
    this.#gate.close()
  }

  resume(): void {
    this.#gate.open()
  }

  cancel(reason: WireError): void {
    this.#end(fromWire(reason))
  }

  #end(reason: Error): void {
    this.#ending.abort(reason)
    this.#gate.open()
  }

  /** `file` with a function in place of what the page keeps. */
  #local(file: WireFile): FileInput {
    if (!hasRemoteData(file)) return file
    const { data, ...fields } = file
    return { ...fields, data: () => this.#ask(data) }
  }

  async #ask({ remote }: RemoteData): Promise<Data> {
    const data = (await this.#page!.open(remote)) as Data | MessagePort
    return data instanceof MessagePort ? readableFromPort(data) : data
  }
}

/** What is told with each chunk for whoever goes on: what its checkpoint has more than the one before. */
class Marks {
  readonly #job: StoredJob | undefined
  #told = -1

  /** @param job Told with the first one, where it is not on disk. */
  constructor(job: StoredJob | undefined) {
    this.#job = job
  }

  take(encoder: ArchiveEncoder): JobMark {
    const first = this.#told < 0
    const mark = encoder.checkpointSince(Math.max(this.#told, 0))
    this.#told = mark.entry
    return first && this.#job !== undefined ? { ...mark, job: this.#job } : mark
  }
}

function summaryOf(job: PreparedJob): PlanSummary {
  const { entries, length, expectedLength, warnings, fingerprint } = job.plan
  const notResumable = whyNotStorable(job)
  return {
    entries: entries.length,
    ...(length !== undefined && { length }),
    ...(expectedLength !== undefined && { expectedLength }),
    warnings,
    ...(job.name !== undefined && { name: job.name }),
    fingerprint,
    resumable: notResumable === undefined,
    ...(notResumable !== undefined && { notResumable }),
  }
}

function forgotten(): HoldallError {
  const reason = 'nothing is stored of it any more'
  return new HoldallError('invalid-checkpoint', `Cannot go on with the job: ${reason}`, { reason })
}

function hasRemoteData(file: WireFile): file is RemoteFile {
  if (typeof file !== 'object' || file === null || !('data' in file)) return false
  const { data } = file
  return typeof data === 'object' && data !== null && 'remote' in data
}

/** Holds the Web Lock `name` until this worker is gone. */
async function hold(name: string): Promise<void> {
  await new Promise<void>((resolve) => {
    void navigator.locks.request(name, () => {
      resolve()
      return new Promise(() => undefined)
    })
  })
}

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, error: toWire(error) }
  }
}

expose(new Worker())
