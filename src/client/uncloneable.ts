/** Which of the files it is that cannot be sent to another thread. Loaded when there is one. */

import { HoldallError, isHoldallError } from '../errors.ts'
import type { FileInput } from '../manifest/types.ts'
import type { RemoteContents } from './wire-files.ts'

/** The error for `inputs`, which could not be sent as `contents` has them because of `cause`. */
export async function uncloneable(
  inputs: Iterable<FileInput>,
  cause: unknown,
  contents: RemoteContents,
): Promise<unknown> {
  if (isHoldallError(cause)) return cause
  let index = 0
  for (const input of inputs) {
    const { files } = await contents.toWire([input])
    const field = Object.entries(Object(files[0]) as object).find(
      ([, value]) => !clones(value),
    )?.[0]
    if (field !== undefined) {
      const { name } = input as { name?: unknown }
      const called = typeof name === 'string' ? `, "${name}"` : ''
      const message = `Cannot pack file ${index}${called}: its ${field} cannot be sent to the worker; give plain values, and as data text, bytes, a Blob, a stream or a function that gives one`
      return new HoldallError('invalid-file', message, { index }, { cause })
    }
    index++
  }
  return cause
}

function clones(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}
