/** What says that a sink is not to be had, rather than that the archive could not be made. */

import { isHoldallError, type ErrorCode, type HoldallError } from '../errors.ts'

const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'insecure-context',
  'service-worker-unsupported',
  'service-worker-not-found',
  'service-worker-wrong-type',
  'service-worker-scope',
  'service-worker-failed',
  'embed-failed',
  'handoff-failed',
  'sink-unavailable',
  'too-large-for-memory',
] satisfies ErrorCode[])

/** Whether another sink may be tried after `error`. */
export function isRefusal(error: unknown): error is HoldallError {
  return isHoldallError(error) && REFUSALS.has(error.code)
}
