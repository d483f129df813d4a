/** Whether there is a network, as far as the browser tells. */

/** How often to look, where no event tells that there is one again, in ms. */
const LOOK_EVERY = 1000

/**
 * Resolves when the browser does not say that it is offline: at once, as a rule.
 *
 * @param waiting Told when it has to be waited for, and when that is over.
 * @throws The reason of `signal`.
 */
export async function untilOnline(
  signal: AbortSignal,
  waiting: ((waits: boolean) => void) | undefined,
): Promise<void> {
  if (isOnline()) return
  waiting?.(true)
  try {
    while (!isOnline()) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer)
          signal.removeEventListener('abort', done)
          globalThis.removeEventListener('online', done)
          resolve()
        }
        const timer = setTimeout(done, LOOK_EVERY)
        signal.addEventListener('abort', done)
        globalThis.addEventListener('online', done)
      })
      signal.throwIfAborted()
    }
  } finally {
    waiting?.(false)
  }
}

function isOnline(): boolean {
  return !('navigator' in globalThis) || globalThis.navigator.onLine !== false
}
