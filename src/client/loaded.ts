/** Parts of the library that are loaded when they are needed. */

import { HoldallError } from '../errors.ts'

/**
 * `part`, as `import()` gives it.
 *
 * @throws {HoldallError} `load-failed`.
 */
export async function loaded<T>(part: Promise<T>): Promise<T> {
  try {
    return await part
  } catch (cause) {
    const message = `Cannot load a part of holdall (${(cause as Error).message}); check the connection, and reload the page`
    throw new HoldallError('load-failed', message, {}, { cause })
  }
}
