/** Properties of those who hear messages: what they throw in a listener nobody gets, but the thread. */

import fc from 'fast-check'

/** Anything that a message can be, and some that it cannot. */
export const any: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }),
  fc.constantFrom<unknown>('', -1, NaN, {}, [], null),
)

/** Sends `message`, if it can be cloned: what cannot be, nobody can send. */
export function sendTo(port: MessagePort, message: unknown, list: Transferable[] = []): boolean {
  try {
    port.postMessage(message, list)
    return true
  } catch {
    return false
  }
}

export function canBeSent(message: unknown): boolean {
  try {
    structuredClone(message)
    return true
  } catch {
    return false
  }
}

/** As `fc.asyncProperty`; what is thrown meanwhile where nobody can catch it fails it, too. */
export function nothingEscapes<T>(
  arbitrary: fc.Arbitrary<T>,
  predicate: (value: T) => Promise<void>,
): fc.IAsyncProperty<[T]> {
  return fc.asyncProperty(arbitrary, async (value) => {
    const escaped: unknown[] = []
    const catchIt = (error: unknown): void => void escaped.push(error)
    const before = {
      uncaughtException: process.listeners('uncaughtException'),
      unhandledRejection: process.listeners('unhandledRejection'),
    }
    // the runner would call it a failure of the run, and not of this input
    process.removeAllListeners('uncaughtException').on('uncaughtException', catchIt)
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', catchIt)
    try {
      await predicate(value)
      await new Promise(setImmediate)
    } finally {
      process.off('uncaughtException', catchIt).off('unhandledRejection', catchIt)
      for (const listener of before.uncaughtException) process.on('uncaughtException', listener)
      for (const listener of before.unhandledRejection) process.on('unhandledRejection', listener)
    }
    if (escaped.length > 0) throw escaped[0]
  })
}
