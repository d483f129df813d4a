/** The making of one archive, wherever its chunks go: what is told meanwhile, and who may go on with it. */

import { explained, runJob, type PreparedJob } from '../engine/job.ts'
import { skippedFiles, type SkippedFile } from '../engine/missing.ts'
import { Heartbeat } from '../engine/heartbeat.ts'
import { JobProgress } from '../engine/progress.ts'
import { Share } from '../engine/share.ts'
import type { RunSummary } from '../engine/summary.ts'
import { BEAT_EVERY } from '../port/protocol.ts'
import type { Gate } from '../sources/gate.ts'
import { patienceOf } from '../sources/patience.ts'
import { COMPARED_WITHIN } from '../sources/request.ts'
import { BufferPool } from '../zip/buffer-pool.ts'
import type { Checkpoint } from '../zip/checkpoint.ts'
import type { ArchiveEncoder } from '../zip/encode.ts'
import type { PageServices } from './protocol.ts'

/** Progress is told this often, in ms. */
const PROGRESS_EVERY = 100

/** What a making needs of its worker. */
export interface MakingHost {
  readonly signal: AbortSignal
  readonly gate: Gate
  readonly page: Pick<PageServices, 'progress' | 'waiting' | 'refreshUrl'>
}

export class Making implements AsyncIterator<Uint8Array<ArrayBuffer>, void, void> {
  readonly encoder: ArchiveEncoder
  /** For those of chunks that were taken, and are nobody's any more. */
  readonly buffers: BufferPool = new BufferPool()
  readonly #share = new Share()
  readonly #job: PreparedJob
  readonly #gate: Gate
  readonly #heartbeat: Heartbeat
  readonly #skipped: SkippedFile[] = []
  readonly #tell: () => void
  #timer: ReturnType<typeof setInterval> | undefined
  #waits = false

  /** @param from Where to go on. Default: the start. */
  static async begin(job: PreparedJob, host: MakingHost, from?: Checkpoint): Promise<Making> {
    const making = new Making(job, host, from)
    await making.#share.look()
    return making
  }

  private constructor(
    job: PreparedJob,
    { signal, gate, page }: MakingHost,
    from: Checkpoint | undefined,
  ) {
    const progress = new JobProgress(job.plan)
    const patience = patienceOf(job.options.retry)
    const isCompared = job.files.some(({ source }) => source?.type === 'url' && source.integrity)
    const silence = patience.silence * (isCompared ? COMPARED_WITHIN : 1)
    const heartbeat = new Heartbeat({ ...patience, silence }, BEAT_EVERY)
    this.#job = job
    this.#gate = gate
    this.#heartbeat = heartbeat
    this.encoder = runJob(
      job,
      {
        signal,
        gate,
        buffers: this.buffers,
        jobs: () => this.jobs,
        refreshUrl: (file) => page.refreshUrl(file),
        waiting: (isOut) => {
          this.#waits = isOut
          page.waiting(isOut)
        },
        report: progress.report,
        received: (bytes) => {
          heartbeat.sign()
          progress.received(bytes)
        },
        skipped: (file) => this.#skipped.push(file),
      },
      from,
    )
    this.#tell = () => page.progress(progress.take(this.encoder))
  }

  /** How many jobs are at work at the moment. */
  get jobs(): number {
    return this.#share.jobs
  }

  async next(): Promise<IteratorResult<Uint8Array<ArrayBuffer>, void>> {
    this.#timer ??= setInterval(this.#tell, PROGRESS_EVERY)
    await this.#gate.pass()
    this.#heartbeat.sign()
    return this.encoder.next().catch((error: unknown) => {
      throw explained(error, this.#job)
    })
  }

  return(): Promise<IteratorResult<Uint8Array<ArrayBuffer>, void>> {
    return this.encoder.return()
  }

  /** Whether it may be said to be alive; to be asked once for each beat. */
  vouches(isAlone: boolean): boolean {
    // What only this page can give, nobody else can be more patient with.
    if (this.#waits || this.#gate.closed || isAlone) this.#heartbeat.sign()
    return this.#heartbeat.beats()
  }

  /** To be called when it is over, however it ended. */
  stop(): void {
    clearInterval(this.#timer)
    this.#share.stop()
    this.#tell()
  }

  get summary(): RunSummary {
    const { omissions, offset: bytes } = this.encoder
    const { plan } = this.#job
    const before = skippedFiles(plan, omissions.slice(0, omissions.length - this.#skipped.length))
    const skipped = [...before, ...this.#skipped]
    return { entries: plan.entries.length - skipped.length, bytes, skipped }
  }
}
