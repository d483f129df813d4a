/** Tells whoever waits at the other end of a stream that its archive has failed. */

import type { WriteTarget } from '../sinks/file-system.ts'

/** What writes to a stream. */
export type Writer = WritableStreamDefaultWriter<Uint8Array>

/** Locks `target`, if it is a stream, and not locked by somebody else: it is one job's from the first call on. */
export function lockOf(target: WriteTarget): Writer | undefined {
  try {
    return 'getWriter' in target ? target.getWriter() : undefined
  } catch {
    return undefined // whose it is, that one tells its other end
  }
}

/** `made`. If it fails, `target` is aborted with the error, and let go, unless somebody else has it by then. */
export async function orAbort<T>(
  made: Promise<T>,
  target: Writer | WritableStream<Uint8Array> | undefined,
): Promise<T> {
  try {
    return await made
  } catch (error) {
    target?.abort(error).catch(() => undefined)
    if (target && 'releaseLock' in target) target.releaseLock()
    throw error
  }
}
