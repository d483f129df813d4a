/** Jobs that were interrupted: their page was closed, the browser crashed, the machine was switched off. */

import { dropJob, unfinishedJobs } from '../engine/store.ts'
import type { ZipJob } from './job.ts'
import type { ZipOptions } from './options.ts'

/** A job that was interrupted, and what can be done about it. */
export interface Unfinished {
  /** Tells it from others. */
  readonly id: string
  /** Name of the archive. */
  readonly name: string
  /** When it was begun. */
  readonly created: Date
  /** Files in it. */
  readonly entries: number
  /** Bytes of the archive that the browser had, when somebody looked last. */
  readonly bytes: number
  /** The archive's length in bytes, where it was known. */
  readonly length?: number
  /**
   * Downloads the archive under the same URL, from its first byte on: browsers keep no part of a download
   * that has failed. It is the archive that it was, byte for byte, unless its files have changed.
   *
   * @returns The job, which is running; `job.finished` tells how it ends.
   */
  resume(options?: Pick<ZipOptions, 'signal' | 'refreshUrl'>): ZipJob
  /** Deletes all that is stored of it. */
  discard(): Promise<void>
}

/**
 * See `unfinished` in the entry.
 *
 * @param restored Makes the job of that id again; given, as an import would be a part of the entry's.
 */
export async function listUnfinished(
  restored: (id: string, options: ZipOptions) => ZipJob,
): Promise<Unfinished[]> {
  const jobs = await unfinishedJobs().catch(() => []) // there is no storage, so nothing is stored
  return jobs.map(({ job: { id, name, created, files, length }, bytes }) => ({
    id,
    name,
    created: new Date(created),
    entries: files.length,
    bytes,
    ...(length !== undefined && { length }),
    resume: (options = {}) => {
      const job = restored(id, { ...options, name })
      job.download().catch(() => undefined) // told by `finished`
      return job
    },
    discard: () => dropJob(id),
  }))
}
