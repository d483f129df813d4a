/** The error of a job that its page has ended. */

import { HoldallError } from '../errors.ts'

/** @param cause What the page gives as its reason. */
export function cancelledByPage(cause: unknown): HoldallError {
  const message = 'The archive was cancelled by the page'
  return new HoldallError('cancelled', message, { by: 'page' }, { cause })
}
