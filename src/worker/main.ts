/** The dedicated worker: the engine behind Comlink. Only wires: plan, encode, pump. */

import { expose, type Remote } from 'comlink'
import { prepareJob, type PreparedJob } from '../engine/job.ts'
import { storedJob, storeJob } from '../engine/store.ts'
import {
  fromStored,
  toStored,
  whyNotKept,
  whyNotResumable,
  type JobMark,
  type StoredJob,
} from '../engine/stored-job.ts'
import type { RunSummary } from '../engine/summary.ts'
import { HoldallError } from '../errors.ts'
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
  SaveGuard,
  WireFile,
} from './protocol.ts'
import { Making, type MakingHost } from './making.ts'
import { Saving } from './saving.ts'
import { claim, ProducerLock } from './locks.ts'
import { producerLock } from '../port/delivery.ts'
import { isGoingOn } from '../engine/held-locks.ts'
import { fromWire, toWire, type WireError } from '../port/wire-error.ts'
import { surveyCache } from '../sources/cache-storage.ts'
import { digestsOf, type Digests } from '../sources/digest.ts'
import { Gate } from '../sources/gate.ts'
import type { Checkpoint } from '../zip/checkpoint.ts'
import type { ArchiveEncoder } from '../zip/encode.ts'

/**
 * How long a job that is begun waits for being stored, in ms, as a user waits, too; and for how many files a ms
 * more: to tell the service worker of so many takes as long.
 */
const STORED_WITHIN = 100
const FILES_PER_MS = 50

/** How long a job that has just failed may hold its locks still, in ms, when its user goes on with it at once. */
const LET_GO_WITHIN = 500

class Worker implements PackWorker {
  readonly #files: WireFile[] = []
  readonly #ending = new AbortController()
  readonly #gate = new Gate()
  readonly #lock = new ProducerLock()
  #page: Remote<PageServices> | undefined
  #job: PreparedJob | undefined
  /** What `run` will use, if it was got ready. */
  #making: Promise<Making> | undefined

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

  restore(page: PageServices, id: string, claims: boolean): Promise<Outcome<PlanSummary>> {
    this.#page = page as Remote<PageServices>
    return outcome(async () => {
      const isTaken = claims && (await isGoingOn(id, LET_GO_WITHIN))
      if (isTaken || (claims && !(await claim(id)))) throw goesOnAlready()
      const stored = await storedJob(id)
      if (stored === undefined) throw forgotten()
      this.#job = fromStored(stored)
      return summaryOf(this.#job)
    })
  }

  arm(lock: string): void {
    this.#making = this.#begin(lock)
    this.#making.catch(() => undefined) // told to who has it run
  }

  async #begin(lock?: string, from?: Checkpoint): Promise<Making> {
    // In this order, for the lock to be counted with those of other jobs.
    const held = this.#lock.take(lock)
    const making = await Making.begin(this.#job!, this.#host, from)
    await held
    return making
  }

  run(port: MessagePort, guard?: RunGuard): Promise<Outcome<RunSummary>> {
    return outcome(async () => {
      this.#making ??= this.#begin(guard?.lock, guard?.from)
      const making = await this.#making
      this.#making = undefined
      const { encoder } = making
      const kept = this.#kept(guard?.store)
      const onDisk = whyNotKept(this.#job!) === undefined
      const marks = new Marks(onDisk ? undefined : kept)
      const stored = onDisk && guard?.store?.again !== true ? this.#store(kept, marks) : undefined
      const chunks = {
        next: async () => {
          // The first bytes go at once: with none, a browser drops the download of a tab that is closed.
          if (encoder.offset > 0) await stored
          return making.next()
        },
        return: () => making.return(),
      }
      try {
        await pumpToPort(chunks, port, {
          transfer: true,
          spent: (buffer) => making.buffers.give(buffer),
          signal: this.#ending.signal,
          // Several jobs share what one may have under way.
          reserve: () => WINDOW * Math.min(3 / 4, 1 - 1 / making.jobs),
          mark: kept && (() => marks.take(encoder)),
          vouch: () => making.vouches(kept === undefined),
          cancel: (reason) => this.#end(reason),
        })
      } finally {
        making.stop()
      }
      return making.summary
    })
  }

  survey(cache: string): Promise<Outcome<Awaited<ReturnType<typeof surveyCache>>>> {
    return outcome(() => surveyCache(cache, this.#ending.signal))
  }

  digest(blob: Blob): Promise<Outcome<Digests>> {
    return outcome(() => digestsOf(blob.stream(), this.#ending.signal))
  }

  save(
    target: FileSystemFileHandle,
    { id, name, store, again }: SaveGuard,
  ): Promise<Outcome<RunSummary>> {
    return outcome(async () => {
      await this.#disarm()
      await this.#lock.take(producerLock(id, 0))
      const kept =
        store && whyNotKept(this.#job!) === undefined ? this.#kept({ id, name }, target) : undefined
      return new Saving(this.#job!, this.#host, target, kept, again && kept !== undefined).run()
    })
  }

  /** Who saves makes the archive anew: what was got ready for `run` would count other jobs for ever. */
  async #disarm(): Promise<void> {
    const armed = await this.#making?.catch(() => undefined)
    this.#making = undefined
    armed?.stop()
  }

  get #host(): MakingHost {
    return { signal: this.#ending.signal, gate: this.#gate, page: this.#page! }
  }

  /** What others need to go on with the job, if they can. */
  #kept(store: RunGuard['store'], target?: FileSystemFileHandle): StoredJob | undefined {
    const job = this.#job!
    if (store === undefined || whyNotResumable(job) !== undefined) return undefined
    const { id, name, upload, isControlled } = store
    return {
      ...toStored(job, id, name, target),
      ...(upload !== undefined && { upload }),
      ...(isControlled && { isControlled }),
    }
  }

  /** Puts it on disk; resolves soon, and has `marks` tell of it if it is not there by then. */
  async #store(kept: StoredJob | undefined, marks: Marks): Promise<void> {
    if (kept === undefined) return
    const stored = storeJob(kept).then(
      () => undefined,
      () => kept,
    )
    const within = STORED_WITHIN + kept.files.length / FILES_PER_MS
    const late = new Promise<StoredJob>((resolve) => setTimeout(resolve, within, kept))
    marks.job = await Promise.race([stored, late])
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
  /** Told with the next one: where it is not on disk. */
  job: StoredJob | undefined
  #told = 0

  constructor(job: StoredJob | undefined) {
    this.job = job
  }

  take(encoder: ArchiveEncoder): JobMark {
    const { job } = this
    const mark = encoder.checkpointSince(this.#told)
    this.#told = mark.entry
    this.job = undefined
    return { ...mark, ...(job !== undefined && { job }) }
  }
}

function summaryOf(job: PreparedJob): PlanSummary {
  const { entries, length, expectedLength, warnings, fingerprint } = job.plan
  const notResumable = whyNotResumable(job)
  const notKept = notResumable ?? whyNotKept(job)
  return {
    entries: entries.length,
    ...(length !== undefined && { length }),
    ...(expectedLength !== undefined && { expectedLength }),
    warnings,
    ...(job.name !== undefined && { name: job.name }),
    fingerprint,
    resumable: notResumable === undefined,
    ...(notResumable !== undefined && { notResumable }),
    ...(notKept !== undefined && { notKept }),
  }
}

function forgotten(): HoldallError {
  const reason = 'nothing is stored of it any more'
  return new HoldallError('invalid-checkpoint', `Cannot go on with the job: ${reason}`, { reason })
}

function goesOnAlready(): HoldallError {
  const message =
    'Cannot go on with the job: that is being done already, in this tab or another; wait for that'
  return new HoldallError('already-started', message, {})
}

function hasRemoteData(file: WireFile): file is RemoteFile {
  const data = (file as { data?: unknown } | null)?.data
  return typeof data === 'object' && data !== null && 'remote' in data
}

async function outcome<T>(work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    return { ok: false, error: toWire(error) }
  }
}

expose(new Worker())
