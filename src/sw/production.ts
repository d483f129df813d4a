/** Where the bytes of one answer come from: the page's worker, or when that is gone, this thread. */

import { explained, runJob, type RefreshUrl } from '../engine/job.ts'
import { skippedFiles, type SkippedFile } from '../engine/missing.ts'
import { Share } from '../engine/share.ts'
import { JobProgress } from '../engine/progress.ts'
import { fromStored, type JobMark, type StoredJob } from '../engine/stored-job.ts'
import { readableFromPort } from '../port/readable.ts'
import type { Progress } from '../progress.ts'
import type { Gate } from '../sources/gate.ts'
import type { CheckpointDelta, CheckpointLog } from '../zip/checkpoint-log.ts'

/** Chunks, one at a time, and the end of them. */
export interface Production {
  next(): Promise<IteratorResult<Uint8Array<ArrayBuffer>, void>>
  cancel(reason: Error): Promise<void>
}

/** What is kept of a delivery, for who goes on with it. */
export interface Logged {
  /** Absent if it is in the storage, or nowhere. */
  job: StoredJob | undefined
  readonly log: CheckpointLog
}

/** What the page's worker sends, with what it takes to go on after it. */
export class PageProduction implements Production {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>
  readonly #kept: Logged
  /** Checkpoints of bytes that came and were not taken yet. */
  #marks: { mark: CheckpointDelta; bytes: number }[] = []
  /** The buffer of the chunk that was given last. */
  #given: ArrayBuffer | undefined
  #spent: ArrayBuffer[] = []
  #taken = 0
  #signs = 0

  /**
   * @param kept Gets the job at once, and the checkpoints up to what was taken.
   */
  constructor(port: MessagePort, kept: Logged) {
    this.#kept = kept
    const marked = (told: unknown, bytes: number): void => {
      const { job, ...mark } = told as JobMark
      // The producer may die before the browser has taken the bytes that it came with.
      kept.job ??= job
      this.#marks.push({ mark, bytes })
    }
    const alive = (): void => void this.#signs++
    const spent = (): ArrayBuffer[] => this.#spent.splice(0)
    this.#reader = readableFromPort(port, { marked, spent, alive }).getReader()
  }

  /** Signs of life so far. */
  get signs(): number {
    return this.#signs
  }

  /** To be asked only when the chunk before was taken: its memory is used again. */
  async next(): Promise<IteratorResult<Uint8Array<ArrayBuffer>, void>> {
    if (this.#given !== undefined) this.#spent.push(this.#given)
    const { done, value } = await this.#reader.read()
    this.#given = value?.buffer
    if (done) return { done, value: undefined }
    this.#taken += value.byteLength
    while (this.#marks.length > 0 && this.#marks[0]!.bytes <= this.#taken) {
      this.#kept.log.add(this.#marks.shift()!.mark)
    }
    return { done, value }
  }

  cancel(reason: Error): Promise<void> {
    return this.#reader.cancel(reason)
  }
}

/** What the page has to say still of what is made without it. */
export interface Guidance {
  /** Closed while the page has paused the job. */
  readonly gate: Gate
  readonly refreshUrl: RefreshUrl
}

/** What this thread makes itself, from byte `start` of the archive on. */
export class OwnProduction implements Production {
  readonly #ending = new AbortController()
  readonly #chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>
  readonly #progress: JobProgress
  readonly #share
  readonly #encoder
  readonly #job
  readonly #gate

  /**
   * @param logs Whether `log` gets its checkpoints: not where that is of what another makes, as a file may have
   *   changed in between.
   * @param end The byte at which its reader stops. Default: the archive's end.
   * @throws {HoldallError} `invalid-checkpoint`, if the job cannot be made again as it was.
   */
  constructor(
    stored: StoredJob,
    log: CheckpointLog,
    logs: boolean,
    { start, end }: { readonly start: number; readonly end?: number },
    guidance?: Guidance,
  ) {
    const job = fromStored(stored)
    const from = log.before(start, job.plan.fingerprint)
    const { signal } = this.#ending
    this.#job = job
    this.#progress = new JobProgress(job.plan)
    const { report, received } = this.#progress
    this.#gate = guidance?.gate
    const share = new Share()
    this.#share = share
    this.#encoder = runJob(
      job,
      {
        signal,
        report,
        received,
        jobs: () => share.jobs,
        pastServiceWorker: stored.isControlled,
        ...(end !== undefined && { until: end }),
        ...guidance,
      },
      from,
    )
    this.#chunks = after(start, this.#encoder, logs ? log : undefined, from?.entry ?? 0)
  }

  async next(): Promise<IteratorResult<Uint8Array<ArrayBuffer>, void>> {
    try {
      await this.#gate?.pass()
      const result = await this.#chunks.next()
      if (result.done === true) this.#share.stop()
      return result
    } catch (error) {
      throw explained(error, this.#job)
    }
  }

  async cancel(reason: Error): Promise<void> {
    this.#ending.abort(reason)
    this.#share.stop()
    await this.#encoder.return()
  }

  progress(): Progress {
    return this.#progress.take(this.#encoder)
  }

  /** Files that are not in the archive, those too that were left out before. */
  get skipped(): SkippedFile[] {
    return skippedFiles(this.#job.plan, this.#encoder.omissions)
  }

  /** Entries of the list that are in the archive. */
  get entries(): number {
    return this.#job.plan.entries.length - this.#encoder.omissions.length
  }
}

/** What `encoder` gives from byte `start` on; `log` knows the first `entries`, and is told of the rest. */
async function* after(
  start: number,
  encoder: ReturnType<typeof runJob>,
  log: CheckpointLog | undefined,
  entries: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let at = encoder.offset
  let since = entries
  for await (const chunk of encoder) {
    const mark = encoder.checkpointSince(since)
    since = mark.entry
    log?.add(mark)
    const before = Math.min(chunk.length, Math.max(0, start - at))
    at += chunk.length
    if (before < chunk.length) yield before === 0 ? chunk : chunk.subarray(before)
  }
}
