/** Checks of what an archive is to be like, as a whole. */

import { HoldallError } from '../errors.ts'
import type { PlanOptions } from './plan.ts'

/**
 * Makes sure that the options of a plan are some that there are.
 *
 * @throws {HoldallError} `invalid-option`.
 */
export function checkPlanOptions({
  duplicates,
  framing,
  onError,
  comment,
  now,
}: PlanOptions): void {
  checkOption('onError', onError, ['abort', 'skip', 'placeholder'])
  checkOption('duplicates', duplicates, ['rename', 'error'])
  checkOption('framing', framing, ['auto', 'store', 'deflate-stored'])
  if (comment !== undefined && typeof comment !== 'string') {
    throw invalidOption('comment', 'a string', comment)
  }
  if (now !== undefined && !Number.isFinite(now)) {
    throw invalidOption('now', 'a time in ms since 1970', now)
  }
}

/** @throws {HoldallError} `invalid-option`. */
export function checkOption(option: string, value: unknown, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value as string)) return
  throw invalidOption(option, allowed.map((one) => `'${one}'`).join(' or '), value)
}

/** The error for an option that must be `wanted`. */
export function invalidOption(option: string, wanted: string, value: unknown): HoldallError {
  return new HoldallError(
    'invalid-option',
    `Cannot make the archive: the option ${option} must be ${wanted}, not ${shownAs(value)}`,
    { option },
  )
}

/** `value` as text for a message, whatever it is: `String` and `JSON.stringify` refuse some. */
export function shownAs(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  const isPlain = value === null || !['object', 'function'].includes(typeof value)
  return isPlain ? String(value) : `a value of type ${typeof value}`
}
