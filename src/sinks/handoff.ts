/** Has the browser ask for the URL of an archive, as it does for a download of its own. */

import { HoldallError } from '../errors.ts'

/** How long the browser may take to ask, in ms. */
const IFRAME_WITHIN = 2000
const NAVIGATION_WITHIN = 8000

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
 */
export async function handOver(
  frame: HTMLIFrameElement,
  url: string,
  asked: (within: number) => Promise<void>,
): Promise<void> {
  try {
    await asked(IFRAME_WITHIN)
  } catch (error) {
    if (!(error instanceof HoldallError) || error.code !== 'handoff-failed') throw error
    // The server's own page is in the frame: the navigation would get it, too, and leave this one.
    if (frame.contentDocument?.URL === url) throw error
    // A Content-Security-Policy may forbid frames: a navigation to a download leaves the page be.
    frame.remove()
    location.assign(url)
    await asked(NAVIGATION_WITHIN)
  }
}
