/** Whether a server answers at all, whatever it lets this program read. */

import { possible } from '../manifest/request-options.ts'
import { Watchdog } from './request.ts'

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
  const watchdog = new Watchdog(ANSWERS_WITHIN, signal)
  const options = possible({ mode, credentials: 'omit', cache: 'no-store' })
  try {
    signal.throwIfAborted()
    await watchdog.watch(fetch(url, { method: 'HEAD', signal: watchdog.signal, ...options }))
    return true
  } catch {
    return false
  } finally {
    watchdog.end(undefined)
  }
}
