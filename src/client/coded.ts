/** Whatever fails a job, as the one kind of error that its page is told. */

import { HoldallError, isHoldallError } from '../errors.ts'

/** `thrown` itself, if it has a code. What has none nobody has thought of: memory that is short, say. */
export function coded(thrown: unknown): HoldallError {
  if (isHoldallError(thrown)) return thrown
  const why = (Object(thrown) as Error).message
  const message = `Cannot make the archive: ${why}; try again, or pack fewer files`
  return new HoldallError('worker-failed', message, {}, { cause: thrown })
}
