/** A file that the user chose, or any other writable stream. */

import { sinkFailed } from '../engine/sink-failed.ts'
import { isHoldallError, type HoldallError } from '../errors.ts'

/** Where an archive can be written. */
export type WriteTarget = FileSystemFileHandle | WritableStream<Uint8Array>

/**
 * Writes `archive` to `target`, and closes it. If that fails, a stream is aborted, and a file is left
 * as it was.
 *
 * @param signal Ends the writing, as a failure with its reason.
 * @param because The error for what the target throws. Default: `sink-failed`.
 * @throws {HoldallError} `sink-failed`; what errors the archive, as it is.
 */
export async function writeTo(
  target: WriteTarget,
  archive: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  because: (cause: unknown) => HoldallError = sinkFailed,
): Promise<void> {
  try {
    const writable = 'createWritable' in target ? await target.createWritable() : target
    await archive.pipeTo(writable, { signal })
  } catch (cause) {
    throw isHoldallError(cause) ? cause : because(cause)
  }
}
