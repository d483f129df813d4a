/** Jobs that were interrupted: their page was closed, the browser crashed, the machine was switched off. */

import { isGoingOn } from '../engine/held-locks.ts'
import { dropJob, unfinishedJobs } from '../engine/store.ts'
import type { StoredJob } from '../engine/stored-job.ts'
import type { UploadTarget } from '../sinks/upload-target.ts'
import { invalidOption } from '../zip/option-checks.ts'
import type { Restored, ZipJob } from './job.ts'
import type { ZipOptions } from './options.ts'
import { askAgain } from './permission.ts'

/** How long a job that has failed may take to let go of what is stored, in ms. */
const LET_GO_WITHIN = 5000

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
  /** Bytes of the archive that the browser had, when somebody looked last; or that are in its file, or at its store. */
  readonly bytes: number
  /** The archive's length in bytes, where it was known. */
  readonly length?: number
  /** Where it went: `file-system` is a file that `resume()` can go on with, `upload` a store, as `upload` tells. */
  readonly sink: 'service-worker' | 'file-system' | 'upload'
  /** Of an upload, what its target was given as `id`, for the page to make the target again. */
  readonly upload?: unknown
  /**
   * Goes on with it. Call it in a click, for the browser may ask its user whether files that were picked may be read
   * again: the job fails (`source-failed`) if one may not. An archive that was being written to a file is so again, from
   * the byte where it was, if the user lets that be written, too. Otherwise it is downloaded under the same URL, from its first byte on: browsers keep no part of a download that has
   * failed. It is the archive that it was, byte for byte, unless its files have changed.
   *
   * An upload goes on after the parts that the store has, in parts of the size that it was begun with. It needs its
   * target: one with the same upload behind it.
   *
   * @returns The job, which is running; `job.finished` tells how it ends.
   * `job.finished` rejects with `already-started` where it is gone on with already, by this page or another.
   *
   * @throws {HoldallError} `invalid-option`, if it is an upload and no target is given, or the other way round.
   */
  resume(options?: ResumeOptions): ZipJob
  /**
   * Deletes all that is stored of it here, unless it is gone on with. What a store has of an upload is for the page to
   * abort.
   */
  discard(): Promise<void>
}

/** What a job that is resumed may be told. */
export interface ResumeOptions extends Pick<ZipOptions, 'signal' | 'refreshUrl'> {
  /** Where an upload goes. */
  readonly upload?: UploadTarget
}

/**
 * See `unfinished` in the entry.
 *
 * @param restored Makes a job again; given, as an import would be a part of the entry's.
 * @param wanted Which of them. Default: all.
 */
export async function listUnfinished(
  restored: (stored: Restored, options: ZipOptions) => ZipJob,
  wanted: (job: StoredJob) => boolean = () => true,
): Promise<Unfinished[]> {
  if (!navigator.locks) return [] // nobody knows which of them are going on
  const jobs = await unfinishedJobs().catch(() => []) // there is no storage, so nothing is stored
  const some = jobs.filter(({ job }) => wanted(job))
  return some.map(({ job, bytes }) => entryOf(job, bytes, restored))
}

function entryOf(
  { id, name, created, files, length, target, upload }: StoredJob,
  bytes: number,
  restored: (stored: Restored, options: ZipOptions) => ZipJob,
): Unfinished {
  /** The one that goes on with it, or did. */
  let resumed: ZipJob | undefined
  return {
    id,
    name,
    created: new Date(created),
    entries: files.length,
    bytes,
    ...(length !== undefined && { length }),
    sink: upload ? 'upload' : target ? 'file-system' : 'service-worker',
    ...(upload && { upload: upload.id }),
    resume: ({ upload: store, ...options } = {}) => {
      if ((store === undefined) !== (upload === undefined)) {
        const allowed = upload
          ? 'the target that the archive goes on to'
          : 'left out: it is no upload'
        throw invalidOption('upload', allowed, store)
      }
      const allowed = askAgain(files, target)
      allowed.catch(() => undefined) // told by `finished`, unless it is cancelled before
      const job = restored({ id, allowed }, { ...options, name })
      resumed = job
      const brought = store ? job.upload(store) : target ? job.saveTo(target) : job.download()
      brought.catch(() => undefined) // told by `finished`
      return job
    },
    discard: async () => {
      // Who goes on with it by now needs it still; who has failed at that is a moment longer at it.
      const isOver = resumed?.state === 'failed' || resumed?.state === 'cancelled'
      if (!(await isGoingOn(id, isOver ? LET_GO_WITHIN : 0))) await dropJob(id)
    },
  }
}
