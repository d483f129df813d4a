/** Tells whoever waits at the other end of a stream that its archive has failed. */

import type { WriteTarget } from '../sinks/file-system.ts'

/** `made`. If it fails, `target` is aborted with the error, if it is a stream, and not locked as it is somebody else's. */
export async function orAbort<T>(made: Promise<T>, target: WriteTarget): Promise<T> {
  try {
    return await made
  } catch (error) {
    // one that is locked refuses it
    if ('abort' in target) target.abort(error).catch(() => undefined)
    throw error
  }
}
