/** The dedicated worker: the engine behind Comlink. Only wires: plan, encode, pump. */

import { expose, type Remote } from 'comlink'
import { explained, runJob, prepareJob, type PreparedJob } from '../engine/job.ts'
import { Gate } from '../engine/gate.ts'
import type { SkippedFile } from '../engine/missing.ts'
import { JobProgress } from '../engine/progress.ts'
import { fromWire, toWire, type WireError } from '../errors.ts'
import type { ArchiveOptions, Data, FileInput } from '../manifest/types.ts'
import { pumpToPort } from '../port/pump.ts'
import { readableFromPort } from '../port/readable.ts'
import type {
  Outcome,
  PackWorker,
  PageServices,
  PlanSummary,
  RemoteData,
  RemoteFile,
  RunSummary,
  WireFile,
} from './protocol.ts'

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
      const { entries, length, expectedLength, warnings } = this.#job.plan
      const { name } = this.#job
      return {
        entries: entries.length,
        ...(length !== undefined && { length }),
        ...(expectedLength !== undefined && { expectedLength }),
        warnings,
        ...(name !== undefined && { name }),
      }
    })
  }

  run(port: MessagePort, lock?: string): Promise<Outcome<RunSummary>> {
    return outcome(async () => {
      if (lock !== undefined) await hold(lock)
      const job = this.#job!
      const page = this.#page!
      const { signal } = this.#ending
      const progress = new JobProgress(job.plan)
      const skipped: SkippedFile[] = []
      const encoder = runJob(job, {
        signal,
        refreshUrl: (file) => page.refreshUrl(file),
        waiting: (waits) => void page.waiting(waits),
        report: progress.report,
        received: progress.received,
        skipped: (file) => skipped.push(file),
      })
      const tell = (): void => void page.progress(progress.take(encoder))
      const timer = setInterval(tell, PROGRESS_EVERY)
      const gated = {
        next: async () => {
          await this.#gate.pass()
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
          cancel: (reason) => this.#end(reason),
        })
      } finally {
        clearInterval(timer)
        tell()
      }
      const entries = job.plan.entries.length - skipped.length
      return { entries, bytes: encoder.offset, skipped }
    })
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
