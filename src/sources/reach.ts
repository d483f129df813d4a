/** Whether a server answers at all, whatever it lets this program read. */

import { possible } from './request-options.ts'
import { whenAborted } from './when-aborted.ts'

/** How long to wait for an answer, in ms. */
const ANSWERS_WITHIN = 5000

/**
 * Whether anything answers at `url`.
 *
 * @param mode `no-cors` asks without reading, so that no other headers are needed; but the page's own
 *   Cross-Origin-Embedder-Policy may forbid that. Default: that.
 */
export async function answers(
  url: string,
  signal: AbortSignal,
  mode: 'no-cors' | 'cors' = 'no-cors',
): Promise<boolean> {
  const ending = new AbortController()
  const end = (): void => ending.abort()
  const timer = setTimeout(end, ANSWERS_WITHIN)
  const forget = whenAborted(signal, end)
  try {
    signal.throwIfAborted()
    await fetch(url, {
      method: 'HEAD',
      signal: ending.signal,
      ...possible({ mode, credentials: 'omit', cache: 'no-store' }),
    })
    return true
  } catch {
    return false
  } finally {
    clearTimeout(timer)
    forget()
  }
}
