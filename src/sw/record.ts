/** What is stored of the job behind one answer; where nothing can be, the download does without. */

import { dropJob, storedJob, storeProgress, type StoredProgress } from '../engine/store.ts'
import type { StoredJob } from '../engine/stored-job.ts'
import type { CheckpointLog } from '../zip/checkpoint-log.ts'

/** How many bytes, or ms, may pass before it is noted how far the browser is. */
const NOTE_BYTES = 64 * 1024 * 1024
const NOTE_EVERY = 5000

export class Record {
  readonly #id: string
  readonly #log: CheckpointLog
  readonly #writes: boolean
  #noted = { bytes: 0, at: 0 }

  /** @param writes Whether this answer is the job's own, not one to somebody who asks again. */
  constructor(id: string, log: CheckpointLog, writes: boolean) {
    this.#id = id
    this.#log = log
    this.#writes = writes
  }

  /** The job, if it is stored. */
  job(): Promise<StoredJob | undefined> {
    return storedJob(this.#id).catch(() => undefined)
  }

  /** The browser has `bytes` of the archive. */
  reached(bytes: number): void {
    const at = Date.now()
    if (this.#noted.at === 0) this.#noted = { bytes, at }
    if (bytes - this.#noted.bytes < NOTE_BYTES && at - this.#noted.at < NOTE_EVERY) return
    this.#noted = { bytes, at }
    this.#note({ id: this.#id, bytes, at, done: false })
  }

  /** The browser has all of it. The job stays, for who asks for its URL again, until that ends. */
  done(bytes: number): void {
    this.#note({ id: this.#id, bytes, at: Date.now(), done: true })
  }

  drop(): void {
    this.#write(() => dropJob(this.#id))
  }

  #note(progress: StoredProgress): void {
    this.#write(() => storeProgress(progress, this.#log.takePart()))
  }

  #write(change: () => Promise<void>): void {
    if (this.#writes) change().catch(() => undefined)
  }
}
