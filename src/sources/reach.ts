/** Whether a server answers at all, whatever it lets this program read. */

/** How long to wait for an answer, in ms. */
const ANSWERS_WITHIN = 5000

/**
 * Whether anything answers at `url`. Asks without reading, so that no other headers are needed; a policy of
 * the page's own may forbid that, too.
 */
export async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    await fetch(url, {
      method: 'HEAD',
      mode: 'no-cors',
      credentials: 'omit',
      cache: 'no-store',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWERS_WITHIN)]),
    })
    return true
  } catch {
    return false
  }
}
