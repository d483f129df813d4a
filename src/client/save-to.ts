/** Brings an archive to a file, or to any stream, that the page gives. Loaded when there is one. */

import { sinkFailed } from '../engine/sink-failed.ts'
import { writeTo, type WriteTarget } from '../sinks/file-system.ts'
import { deliver as download, type Delivered, type DownloadJob } from './choose-sink.ts'
import { guardPage } from '../sinks/guard-page.ts'
import { saveFile } from './save-file.ts'

/**
 * Writes the archive of `job` to `target`, and closes it. One that was interrupted goes on where it was; or is
 * downloaded, if the file may not be written any more.
 *
 * @throws {HoldallError} `sink-failed`; what fails the job.
 */
export async function deliver(job: DownloadJob, target: WriteTarget): Promise<Delivered> {
  if (!isHandle(target)) return guarded(job, () => pipeTo(target, job))
  if (job.id === undefined || (await mayWrite(target))) {
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

/** A stream is locked from the start: it is one job's that is planned, as it is one's that runs. */
async function pipeTo(target: WriteTarget, job: DownloadJob): Promise<Delivered> {
  if ('createWritable' in target) {
    return job.pipe('file-system', (archive, signal) => writeTo(target, archive, signal))
  }
  const writer = lock(target)
  try {
    return await job.pipe('stream', (archive, signal) => {
      writer.releaseLock()
      return writeTo(target, archive, signal)
    })
  } finally {
    writer.releaseLock()
  }
}

/** @throws {HoldallError} `sink-failed`. */
function lock(target: WritableStream<Uint8Array>): WritableStreamDefaultWriter<Uint8Array> {
  try {
    return target.getWriter()
  } catch (cause) {
    throw sinkFailed(cause)
  }
}

/** Not of what only behaves like one, which a worker cannot be given. */
function isHandle(target: WriteTarget): target is FileSystemFileHandle {
  return typeof FileSystemFileHandle === 'function' && target instanceof FileSystemFileHandle
}

/** Not in TypeScript's own types. */
interface PermissionHandle extends FileSystemFileHandle {
  queryPermission?(descriptor: { mode: 'readwrite' }): Promise<PermissionState>
  requestPermission?(descriptor: { mode: 'readwrite' }): Promise<PermissionState>
}

/** Whether a file that was chosen before may be written; asks the user, in the click that has come to this. */
async function mayWrite(target: PermissionHandle): Promise<boolean> {
  const mode = { mode: 'readwrite' } as const
  if ((await target.queryPermission?.(mode)) === 'granted') return true
  const asked = target.requestPermission?.(mode) ?? Promise.resolve<PermissionState>('granted')
  return (await asked.catch(() => 'denied')) === 'granted'
}
