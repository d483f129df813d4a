/** Brings an archive to its own page, as a Blob or as a stream. Loaded when there is one. */

import type { HoldallError } from '../errors.ts'
import { writeTo } from '../sinks/file-system.ts'
import { collectBlob } from '../sinks/memory.ts'
import type { Delivered, DownloadJob } from './choose-sink.ts'

/** The writing end of a stream that the page reads, or who is given the Blob. */
export type PageTarget = WritableStream<Uint8Array> | ((blob: Blob) => void)

/**
 * Gives the archive of `job` to `target`; the page is not guarded for it.
 *
 * @param because The error for a stream that is cancelled: whoever reads it has done that.
 */
export function deliver(
  job: DownloadJob,
  target: PageTarget,
  because?: (cause: unknown) => HoldallError,
): Promise<Delivered> {
  if (typeof target === 'function') {
    return job.pipe('memory', async (archive, signal) => {
      target(await collectBlob(archive, signal))
    })
  }
  return job.pipe('stream', (archive, signal) => writeTo(target, archive, signal, because))
}
