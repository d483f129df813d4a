/** Says what of a job cannot be sent to who makes its archive: what is no plain data. Loaded when something is not. */

import { HoldallError } from '../errors.ts'
import { invalidOption, shownAs } from '../zip/option-checks.ts'

/**
 * The error for what cannot be cloned of what was sent.
 *
 * @param sent The options of a job, or some of its files.
 * @param cause What the browser says.
 * @param indexOf Which of the job's files is in that place of `sent`.
 */
export function notCloneable(
  sent: object,
  cause: unknown,
  indexOf: (place: number) => number,
): HoldallError {
  const [key, value] = firstOf(sent)
  if (key === undefined) {
    const message = `Cannot send the job to its worker: ${(cause as Error).message}`
    return new HoldallError('worker-failed', message, {}, { cause })
  }
  if (!Array.isArray(sent)) return invalidOption(key, 'plain data', value)
  const index = indexOf(Number(key))
  const { name } = Object(value) as { name?: unknown }
  const called = typeof name === 'string' ? `, "${name}"` : ''
  const [field, given] = firstOf(Object(value) as object)
  const what = field === undefined ? 'it' : `its ${field}, ${shownAs(given)},`
  const message = `Cannot pack file ${index}${called}: ${what} is no plain data`
  return new HoldallError('invalid-file', message, { index }, { cause })
}

/** The first field of `object` that cannot be cloned. */
function firstOf(object: object): [string, unknown] | [] {
  return Object.entries(object).find(([, value]) => !canBeCloned(value)) ?? []
}

/** Bytes are not tried: those of all files are in one buffer, and to clone a view of it clones it whole. */
function canBeCloned(value: unknown): boolean {
  if (ArrayBuffer.isView(value)) return true
  const { data } = Object(value) as { data?: unknown }
  try {
    structuredClone(ArrayBuffer.isView(data) ? { ...(value as object), data: null } : value)
    return true
  } catch {
    return false
  }
}
