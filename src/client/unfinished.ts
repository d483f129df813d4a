/** Jobs that were interrupted: their page was closed, the browser crashed, the machine was switched off. */

import { dropJob, unfinishedJobs } from '../engine/store.ts'
import type { StoredJob } from '../engine/stored-job.ts'
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
  /** Bytes of the archive that the browser had, when somebody looked last; or that are in its file. */
  readonly bytes: number
  /** The archive's length in bytes, where it was known. */
  readonly length?: number
  /** Where it went: `file-system` is a file that `resume()` can go on with. */
  readonly sink: 'service-worker' | 'file-system'
  /**
   * Goes on with it. An archive that was being written to a file is so again, from the byte where it was; call it in
   * a click, for the browser may ask its user whether the file may be written. Otherwise, or if not, it is
   * downloaded under the same URL, from its first byte on: browsers keep no part of a download that has
   * failed. It is the archive that it was, byte for byte, unless its files have changed.
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
 * @param wanted Which of them. Default: all.
 */
export async function listUnfinished(
  restored: (id: string, options: ZipOptions) => ZipJob,
  wanted: (job: StoredJob) => boolean = () => true,
): Promise<Unfinished[]> {
  const jobs = await unfinishedJobs().catch(() => []) // there is no storage, so nothing is stored
  const some = jobs.filter(({ job }) => wanted(job))
  return some.map(({ job: { id, name, created, files, length, target }, bytes }) => ({
    id,
    name,
    created: new Date(created),
    entries: files.length,
    bytes,
    ...(length !== undefined && { length }),
    sink: target === undefined ? 'service-worker' : 'file-system',
    resume: (options = {}) => {
      const job = restored(id, { ...options, name })
      const brought = target === undefined ? job.download() : job.saveTo(target)
      brought.catch(() => undefined) // told by `finished`
      return job
    },
    discard: () => dropJob(id),
  }))
}
