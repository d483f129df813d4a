/** Has an archive written to a file by its worker. */

import type { RunSummary } from '../engine/summary.ts'
import { isPart } from '../worker/kept-file.ts'
import type { DownloadJob } from './choose-sink.ts'
import { loaded } from './loaded.ts'

/** How long a worker may take to let a file go when its job is cancelled, in ms. */
const LET_GO_WITHIN = 5000

/**
 * Writes the archive of `job` to `target`, from where it was if it was begun before.
 *
 * @throws {HoldallError} `sink-failed`; what fails the job. The file is empty then, or as it was, or
 *   has the part that can be gone on with.
 */
export async function saveFile(
  { id, name, plan, options, signal, running, events }: DownloadJob,
  target: FileSystemFileHandle,
): Promise<RunSummary> {
  const { notKept } = await plan()
  signal.throwIfAborted()
  const { resumable: store = true } = options
  Object.assign(events, { resumable: store && notKept === undefined })
  const packer = running()
  signal.throwIfAborted() // as of who has heard that it runs
  const known = id ?? crypto.randomUUID()
  const saved = packer.save(target, {
    id: known,
    name: name(),
    store,
    again: id !== undefined,
  })
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const giveUp = async (): Promise<void> => {
      packer.terminate(signal.reason)
      await discard(target, known)
      reject(signal.reason as Error)
    }
    const cancel = (): void => {
      packer.cancel(signal.reason as Error)
      timer = setTimeout(() => void giveUp(), LET_GO_WITHIN)
    }
    signal.addEventListener('abort', cancel)
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', cancel)
    }
    saved.then(resolve, reject).finally(done)
  })
}

/**
 * What its worker would have done, which may be copying a large file still: nothing is left of the archive. A file of
 * which no part was kept, or all, is as it was before.
 */
async function discard(target: FileSystemFileHandle, id: string): Promise<void> {
  try {
    const { dropJob, storedProgress } = await loaded(import('../engine/store.ts'))
    const kept = await storedProgress(id)
    await dropJob(id)
    if (kept === undefined || !(await isPart(await target.getFile()))) return
    await (await target.createWritable()).close()
  } catch {
    // the file cannot be written any more, or there is no storage
  }
}
