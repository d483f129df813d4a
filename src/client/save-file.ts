/** Has an archive written to a file by its worker. */

import type { RunSummary } from '../engine/summary.ts'
import type { DownloadJob } from './choose-sink.ts'

/** How long a worker may take to let a file go when its job is cancelled, in ms. */
const LET_GO_WITHIN = 5000

/**
 * Writes the archive of `job` to `target`, from where it was if it was begun before.
 *
 * @throws {HoldallError} `sink-failed`; what fails the job. The file is empty then, or as it was.
 */
export async function saveFile(
  { id, name, plan, options, signal, running }: DownloadJob,
  target: FileSystemFileHandle,
): Promise<RunSummary> {
  await plan()
  signal.throwIfAborted()
  const packer = running()
  const saved = packer.save(target, {
    id: id ?? crypto.randomUUID(),
    name: name(),
    store: options.resumable ?? true,
    again: id !== undefined,
  })
  return new Promise((resolve, reject) => {
    const cancel = (): void => {
      packer.cancel(signal.reason as Error)
      setTimeout(() => reject(signal.reason as Error), LET_GO_WITHIN)
    }
    signal.addEventListener('abort', cancel)
    saved.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel))
  })
}
