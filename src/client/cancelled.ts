/** The error of a job that its page cancels, and the wait that it ends. */

import { HoldallError } from '../errors.ts'

/** @param cause What the page gives as its reason. */
export function cancelledByPage(cause: unknown): HoldallError {
  const message = 'The archive was cancelled by the page'
  return new HoldallError('cancelled', message, { by: 'page' }, { cause })
}

/** `made`, or the reason of the job's `signal`, whichever is first. */
export function orCancelled<T>(made: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    made.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
