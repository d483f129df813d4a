/** A file that the user chose, or any other writable stream. */

import { HoldallError, isHoldallError } from '../errors.ts'

/** Where an archive can be written. */
export type WriteTarget = FileSystemFileHandle | WritableStream<Uint8Array>

/**
 * Writes `archive` to `target`, and closes it. If that fails, a stream is aborted, and a file is left
 * as it was.
 *
 * @param signal Ends the writing, as a failure with its reason.
 * @throws {HoldallError} `sink-failed`; what errors the archive, as it is.
 */
export async function writeTo(
  target: WriteTarget,
  archive: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  try {
    const writable = 'createWritable' in target ? await target.createWritable() : target
    await archive.pipeTo(writable, { signal })
  } catch (cause) {
    if (isHoldallError(cause)) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new HoldallError(
      'sink-failed',
      `Cannot write the archive: ${why}; check the space left and the permission to write, and choose a place again`,
      {},
      { cause },
    )
  }
}
