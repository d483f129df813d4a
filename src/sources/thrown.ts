/** The words of whatever was thrown: any program may throw anything. */

import { shownAs } from '../zip/option-checks.ts'

export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message
  return typeof thrown === 'string' ? thrown : shownAs(thrown)
}
