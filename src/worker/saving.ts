/** An archive that this thread writes to a file, which is kept from time to time, for who goes on with it. */

import type { PreparedJob } from '../engine/job.ts'
import { sinkFailed } from '../engine/sink-failed.ts'
import {
  dropJob,
  dropOthersIn,
  loadCheckpoints,
  storedProgress,
  storeJob,
  storeProgress,
} from '../engine/store.ts'
import type { StoredJob } from '../engine/stored-job.ts'
import type { RunSummary } from '../engine/summary.ts'
import { isHoldallError } from '../errors.ts'
import { isNotAllowed } from '../manifest/permission.ts'
import { CheckpointLog } from '../zip/checkpoint-log.ts'
import type { Checkpoint } from '../zip/checkpoint.ts'
import { KeptFile, type Kept } from './kept-file.ts'
import { Making, type MakingHost } from './making.ts'

/** A file, as far as it is written, and what it takes to go on. */
interface Attempt {
  readonly file: KeptFile
  readonly log: CheckpointLog
  readonly from?: Checkpoint
  /** Whether it can be kept. */
  keeps: boolean
}

export class Saving {
  readonly #job: PreparedJob
  readonly #host: MakingHost
  readonly #target: FileSystemFileHandle
  readonly #stored: StoredJob | undefined
  readonly #again: boolean
  /** Whether the job is stored, once that is known. */
  #storing: Promise<boolean> = Promise.resolve(true)

  /**
   * @param stored What to store, for who goes on with it; absent if nobody can.
   * @param again Whether it is stored, as it was begun before.
   */
  constructor(
    job: PreparedJob,
    host: MakingHost,
    target: FileSystemFileHandle,
    stored: StoredJob | undefined,
    again: boolean,
  ) {
    this.#job = job
    this.#host = host
    this.#target = target
    this.#stored = stored
    this.#again = again
  }

  /**
   * Writes the archive, from where it was.
   *
   * @throws {HoldallError} What fails the archive; `sink-failed`. Nothing is left then that could be taken for
   *   the archive; but what was interrupted before can still be gone on with, and so can a part that was kept when the
   *   user has allowed once more that a file is read.
   */
  async run(): Promise<RunSummary> {
    const attempt = (this.#again && (await this.#reopened())) || (await this.#anew(true))
    try {
      return await this.#write(attempt)
    } catch (error) {
      // To keep a file, browsers copy it: where there is no room for that, it is written without.
      if (!isHoldallError(error, 'sink-failed') || !attempt.file.isKept) throw error
      return this.#write(await this.#anew(false))
    }
  }

  /** What was kept of it, if the file is as it was then. */
  async #reopened(): Promise<Attempt | undefined> {
    const { id, fingerprint } = this.#stored!
    const { bytes = 0, crc32 } = (await storedProgress(id)) ?? {}
    if (crc32 === undefined) return undefined
    const log = new CheckpointLog()
    await loadCheckpoints(id, log)
    const from = log.before(bytes, fingerprint)
    if (from?.offset !== bytes) return undefined
    const kept = { bytes, crc32 }
    const { signal } = this.#host
    const file = await KeptFile.reopen(this.#target, kept, signal).catch((cause: unknown) => {
      // what cannot be read or copied just now can be gone on with later
      if (!signal.aborted && !isGone(cause)) throw sinkFailed(cause)
      return undefined
    })
    if (signal.aborted) {
      await this.#giveUp(file ?? (await KeptFile.left(this.#target, kept)), signal.reason)
      signal.throwIfAborted()
    }
    return file && { file, log, from, keeps: true }
  }

  async #anew(mayKeep: boolean): Promise<Attempt> {
    const stored = this.#stored
    const file = await KeptFile.create(this.#target).catch((cause: unknown) => {
      throw sinkFailed(cause)
    })
    if (mayKeep && stored !== undefined) {
      this.#storing = storeJob(stored).then(
        () => true,
        () => false,
      )
    } else await this.#forget()
    return { file, log: new CheckpointLog(), keeps: mayKeep && stored !== undefined }
  }

  async #write(attempt: Attempt): Promise<RunSummary> {
    const { file, log, from } = attempt
    // What was opened before its turn ends with the attempt, which may be followed by another.
    const ending = new AbortController()
    const { signal } = this.#host
    const end = (): void => ending.abort(signal.reason)
    if (signal.aborted) end()
    signal.addEventListener('abort', end)
    const making = await Making.begin(this.#job, { ...this.#host, signal: ending.signal }, from)
    let since = from?.entry ?? 0
    /** Of the chunk before, while the next one is made. */
    let writing: Promise<void> = Promise.resolve()
    try {
      for (;;) {
        const { done, value } = await making.next()
        await written(writing)
        if (attempt.keeps && file.isDue && (await this.#storing)) await this.#keep(attempt)
        signal.throwIfAborted()
        if (done === true) break
        const mark = making.encoder.checkpointSince(since)
        since = mark.entry
        log.add(mark)
        writing = file.write(value)
        writing.catch(() => undefined) // told when the next chunk is there
      }
      await written(file.close())
      await this.#takeOver()
      await this.#forget()
      return making.summary
    } catch (error) {
      await this.#giveUp(file, error)
      throw error
    } finally {
      making.stop()
      signal.removeEventListener('abort', end)
      ending.abort()
      await making.return()
    }
  }

  async #keep(attempt: Attempt): Promise<void> {
    const { id } = this.#stored!
    const note = (kept: Kept): Promise<void> =>
      storeProgress({ id, ...kept, at: Date.now(), done: false }, attempt.log.takePart()).catch(
        () => {
          attempt.keeps = false
        },
      )
    const isFirst = !attempt.file.isKept
    await written(attempt.file.keep(note))
    if (isFirst) await this.#takeOver()
  }

  /** What was in the file before is gone, and nobody can go on with it. */
  async #takeOver(): Promise<void> {
    await dropOthersIn(this.#target, this.#stored?.id).catch(() => undefined)
  }

  /** What was interrupted before, and is again, can still be had later; so can what waits for a permission. */
  async #giveUp(file: KeptFile, error: unknown): Promise<void> {
    const canBeHad = !isHoldallError(error, 'cancelled') && !isHoldallError(error, 'sink-failed')
    const waits = isHoldallError(error, 'source-failed') && isNotAllowed(error) && file.isKept
    if (canBeHad && (this.#again || waits)) return file.abort()
    await file.discard().catch(() => undefined) // it may be that nothing can be written any more
    await this.#forget()
  }

  async #forget(): Promise<void> {
    await this.#storing
    if (this.#stored !== undefined) await dropJob(this.#stored.id).catch(() => undefined)
  }
}

/** Whether the file was removed, or another thing is in its place. */
function isGone(cause: unknown): boolean {
  return cause instanceof DOMException && /^(NotFound|TypeMismatch)Error$/.test(cause.name)
}

async function written(work: Promise<void>): Promise<void> {
  try {
    await work
  } catch (cause) {
    throw sinkFailed(cause)
  }
}
