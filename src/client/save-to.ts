/** Brings an archive to a file, or to any stream, that the page gives. Loaded when there is one. */

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
  if (!isHandle(target)) {
    const sink = 'createWritable' in target ? 'file-system' : 'stream'
    return job.pipe(sink, (archive, signal) => writeTo(target, archive, signal))
  }
  if (job.id === undefined || (await mayWrite(target))) {
    const unguard = guardPage(job.events)
    try {
      return { sink: 'file-system', ...(await saveFile(job, target)) }
    } finally {
      unguard()
    }
  }
  const message = 'The file that the archive was written to may not be written any more'
  const fallback = { sink: 'file-system', code: 'sink-failed', message } as const
  job.passOver(fallback)
  const delivered = await download(job)
  return { ...delivered, fallbacks: [fallback, ...(delivered.fallbacks ?? [])] }
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
