/** Brings an archive to a file, or to any stream, that the page gives. Loaded when there is one. */

import { sinkFailed } from '../engine/sink-failed.ts'
import { writeTo, type WriteTarget } from '../sinks/file-system.ts'
import { deliver as download, type Delivered, type DownloadJob } from './choose-sink.ts'
import { guardPage } from '../sinks/guard-page.ts'
import type { Writer } from './or-abort.ts'
import { isAllowed } from './permission.ts'
import { saveFile } from './save-file.ts'

/**
 * Writes the archive of `job` to `target`, and closes it. One that was interrupted goes on where it was; or is
 * downloaded, if the file may not be written any more.
 *
 * @param writer What `target` is locked by, if it is a stream that nobody else had.
 * @throws {HoldallError} `sink-failed`; what fails the job.
 */
export async function deliver(
  job: DownloadJob,
  target: WriteTarget,
  writer?: Writer,
): Promise<Delivered> {
  if (!isHandle(target)) return guarded(job, () => pipeTo(target, job, writer))
  // Of one that is gone on with, the user is asked before it is planned.
  if (job.id !== undefined) await job.plan()
  if (job.id === undefined || (await isAllowed(target, 'readwrite'))) {
    return guarded(job, async () => ({ sink: 'file-system', ...(await saveFile(job, target)) }))
  }
  const message = 'The file that the archive was written to may not be written any more'
  const fallback = { sink: 'file-system', code: 'sink-failed', message } as const
  job.passOver(fallback)
  const delivered = await download(job)
  return { ...delivered, fallbacks: [fallback, ...(delivered.fallbacks ?? [])] }
}

/** What is written ends with the page, or is gone on with by another page at best. */
async function guarded<T>({ events }: DownloadJob, work: () => Promise<T>): Promise<T> {
  const unguard = guardPage(events)
  try {
    return await work()
  } finally {
    unguard()
  }
}

/** @throws {HoldallError} `sink-failed`. */
function pipeTo(target: WriteTarget, job: DownloadJob, writer?: Writer): Promise<Delivered> {
  if ('createWritable' in target) {
    return job.pipe('file-system', (archive, signal) => writeTo(target, archive, signal))
  }
  if (writer === undefined) throw sinkFailed(new TypeError('the stream is locked'))
  return job.pipe('stream', (archive, signal) => {
    writer.releaseLock()
    return writeTo(target, archive, signal)
  })
}

/** Not of what only behaves like one, which a worker cannot be given. */
function isHandle(target: WriteTarget): target is FileSystemFileHandle {
  return typeof FileSystemFileHandle === 'function' && target instanceof FileSystemFileHandle
}
