/** Which file an error is about: languages other than the errors' own name it in a sentence of theirs. */

import { isHoldallError } from '../errors.ts'

/** The name of the file that could not be had, if it was that. */
export function fileOfError(error: Error): string | undefined {
  if (!isHoldallError(error) || !/^source|mismatch$/.test(error.code)) return undefined
  return 'entry' in error.detail ? error.detail.entry : undefined
}
