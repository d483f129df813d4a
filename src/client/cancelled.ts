/** What it takes to cancel a job: its error, the signal that does it, and the wait that it ends. */

import { HoldallError } from '../errors.ts'

/** @param cause What the page gives as its reason. */
export function cancelledByPage(cause: unknown): HoldallError {
  const message = 'The archive was cancelled by the page'
  return new HoldallError('cancelled', message, { by: 'page' }, { cause })
}

/** What can be cancelled. */
interface Cancellable {
  readonly finished: Promise<unknown>
  cancel(reason: unknown): void
}

/** Has `job` cancelled when `signal` aborts, which holds it no longer than it lasts. */
export function cancelWith(signal: AbortSignal | undefined, job: Cancellable): void {
  const cancel = (): void => job.cancel(signal?.reason)
  if (signal?.aborted) cancel()
  signal?.addEventListener('abort', cancel)
  const unlisten = (): void => signal?.removeEventListener('abort', cancel)
  job.finished.then(unlisten, unlisten) // how it ends, the sink's own promise tells, too
}

/** `made`, or the reason of the job's `signal`, which it listens to as long as that lasts, whichever is first. */
export function orCancelled<T>(made: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    made.then(resolve, reject)
  })
}
