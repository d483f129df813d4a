/** Why an archive cannot be written to where its user wants it, in words. */

import { HoldallError } from '../errors.ts'
import { messageOf } from '../sources/thrown.ts'

export function sinkFailed(cause: unknown): HoldallError {
  const why = messageOf(cause)
  return new HoldallError(
    'sink-failed',
    `Cannot write the archive: ${why}; check the space left and the permission to write, and choose a place again`,
    {},
    { cause },
  )
}
