/** Has the browser ask for the URL of an archive, as it does for a download of its own. */

import { isGecko } from '../engine/browser.ts'
import { isHoldallError } from '../errors.ts'
import { orAborted, sleep } from '../sources/patience.ts'
import { withoutAsking } from './guard-page.ts'

/** How long the browser may take to ask, in ms: for a frame that nobody has refused, and for a navigation. */
const FRAME_WITHIN = 10_000
const NAVIGATION_WITHIN = 8000

/** How long what was asked for may take to become a download, which ends if the page is left before, in ms. */
const BECOMES_DOWNLOAD_WITHIN = 1000

/** Never `<a download>`: Chromium and WebKit go past the service worker then, to the server. */
export function openFrame(url: string): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.title = 'Download'
  frame.src = url
  document.body.append(frame)
  return frame
}

/**
 * Waits until `frame` has asked for `url`; where it may not, navigates there instead.
 *
 * @param asked Resolves when the service worker was asked; rejects after so many ms, with
 *   `handoff-failed`.
 * @param signal Of the job: one that is over navigates nowhere, as the page would be left.
 */
export async function handOver(
  frame: HTMLIFrameElement,
  url: string,
  asked: (within: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const refusal = refusalOf(frame, url)
  try {
    const isRefused = await Promise.race([asked(FRAME_WITHIN).then(() => false), refusal.told])
    if (!isRefused) return
  } catch (error) {
    if (!isHoldallError(error, 'handoff-failed')) throw error
  } finally {
    refusal.stop()
  }
  // The server's own page is in the frame: the navigation would get it, too, and leave this one.
  if (frame.contentDocument?.URL === url) return asked(0)
  // A Content-Security-Policy may forbid frames: a navigation to a download leaves the page be.
  frame.remove()
  await orAborted(navigate(url, asked, signal), signal)
}

/**
 * Resolves when the browser has made a download of what it has asked for. Nothing tells. Firefox has the whole of a
 * small archive before that, and drops it with its page; others were never seen to.
 */
export async function becomesDownload(signal: AbortSignal): Promise<void> {
  if (isGecko()) await sleep(BECOMES_DOWNLOAD_WITHIN, signal)
}

/** Tells when `frame` is not to be had, or has something else in it. */
function refusalOf(
  frame: HTMLIFrameElement,
  url: string,
): { readonly told: Promise<true>; stop(): void } {
  const over = new AbortController()
  const { signal } = over
  const told = new Promise<true>((resolve) => {
    const refused = ({ disposition, blockedURI }: SecurityPolicyViolationEvent): void => {
      if (disposition === 'enforce' && blockedURI !== '' && url.startsWith(blockedURI))
        resolve(true)
    }
    // A download loads nothing. Nor does the empty document that is there before.
    const loaded = (): void => {
      const { contentDocument } = frame
      if (contentDocument === null || contentDocument.URL === url) resolve(true)
    }
    document.addEventListener('securitypolicyviolation', refused, { signal })
    frame.addEventListener('load', loaded, { signal })
  })
  return { told, stop: () => over.abort() }
}

/** The navigation before, and the time that it takes to become a download: another one would end it. */
let before: Promise<unknown> = Promise.resolve()

function navigate(
  url: string,
  asked: (within: number) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const turn = before.then(() => {
    signal.throwIfAborted()
    return withoutAsking(() => {
      location.assign(url)
      return asked(NAVIGATION_WITHIN)
    })
  })
  before = turn
    .catch(() => undefined)
    .then(() => new Promise((resolve) => setTimeout(resolve, BECOMES_DOWNLOAD_WITHIN)))
  return turn
}
