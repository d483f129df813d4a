/** A page as its scripts make it, taken down in a hidden frame. */

import { orAborted } from '../sources/patience.ts'
import type { BundleRoute } from './options.ts'
import { takenDown } from './take-down.ts'

/** What a page shows. */
export interface RenderedPage {
  readonly html: string
  /** Its URL in the end, which its scripts may have changed. */
  readonly base: string
  /** Of the answer that it came with, where the engine tells that. */
  readonly status?: number
  /** Whether it has URLs that have ended with the page. */
  readonly hasDeadUrls?: boolean
}

/** How long a page may take, in ms. */
const LONGEST = 15_000

/** How long nothing may change in a page that is ready, in ms. */
const QUIET = 500

/** How often a page is asked whether it is ready, in ms. */
const ASK_EVERY = 50

/**
 * What a page may do: all that it needs to show itself, but not lead the tab away from the app, as pages do that want no
 * frame around them, nor stop it with a dialog.
 */
const SANDBOX = 'allow-same-origin allow-scripts allow-forms'

/** The window that pages are laid out for, in CSS pixels: a notebook's. */
const [WIDTH, HEIGHT] = [1280, 800]

/**
 * What the page at `url` shows when it is ready. It must be of this origin.
 *
 * @returns `undefined` if it cannot be shown in a frame, or is not ready in time.
 * @throws The reason of `signal`; what `ready` throws.
 */
export async function renderPage(
  url: string,
  ready: BundleRoute['ready'],
  signal: AbortSignal,
): Promise<RenderedPage | undefined> {
  signal.throwIfAborted()
  const frame = hiddenFrame()
  const ending = new AbortController()
  const until = ending.signal
  const end = (): void => ending.abort()
  const timer = setTimeout(end, LONGEST)
  signal.addEventListener('abort', end)
  try {
    let page = await opened(frame, url, until)
    if (await isPassedBy(page, url)) {
      frame.removeAttribute('sandbox')
      page = await opened(frame, url, until)
    }
    if (page === null || isBlank(page)) return undefined
    const status = statusOf(page)
    await (ready === undefined ? quiet(page, until) : settled(page, ready, until))
    signal.throwIfAborted()
    if (until.aborted && ready !== undefined) return undefined
    const base = page.URL
    return { ...(await takenDown(page, signal)), base, ...(status && { status }) }
  } catch (error) {
    signal.throwIfAborted()
    if (until.aborted) return undefined
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
    frame.remove()
  }
}

function hiddenFrame(): HTMLIFrameElement {
  const frame = document.createElement('iframe')
  frame.setAttribute('sandbox', SANDBOX)
  frame.setAttribute('aria-hidden', 'true')
  frame.tabIndex = -1
  frame.title = ''
  Object.assign(frame.style, {
    position: 'fixed',
    left: `-${2 * WIDTH}px`,
    top: '0',
    border: '0',
    width: `${WIDTH}px`,
    height: `${HEIGHT}px`,
    visibility: 'hidden',
  })
  return frame
}

/** The page at `url`, loaded; `null` if it is not to be seen. */
async function opened(
  frame: HTMLIFrameElement,
  url: string,
  until: AbortSignal,
): Promise<Document | null> {
  const loaded = new Promise<void>((resolve) => {
    frame.addEventListener('load', () => resolve(), { once: true })
  })
  frame.src = url
  if (!frame.isConnected) document.body.append(frame)
  await orAborted(loaded, until)
  return frame.contentDocument
}

function isBlank({ URL }: Document): boolean {
  return URL === 'about:blank'
}

/**
 * Whether the service worker of `url` was not asked for its page, as WebKit does in frames with a sandbox: without a network
 * there would be none.
 */
async function isPassedBy(page: Document | null, url: string): Promise<boolean> {
  if (page === null) return false
  // a redirect may lead to where another answers, or none
  const scoped = isBlank(page) ? url : page.URL
  // refused where the site may store nothing
  const asked = navigator.serviceWorker?.getRegistration(scoped).catch(() => undefined)
  const registration = await asked
  if (!registration?.active) return false
  return isBlank(page) || !page.defaultView?.navigator.serviceWorker.controller
}

/** Newer engines alone know it. */
function statusOf({ defaultView }: Document): number | undefined {
  const [navigation] = defaultView?.performance.getEntriesByType('navigation') ?? []
  return (navigation as PerformanceNavigationTiming | undefined)?.responseStatus
}

/** Resolves when nothing has changed in `page` for a while, or `until` aborts. */
function quiet(page: Document, until: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      observer.disconnect()
      until.removeEventListener('abort', done)
      resolve()
    }
    const observer = new MutationObserver(() => {
      clearTimeout(timer)
      timer = setTimeout(done, QUIET)
    })
    let timer = setTimeout(done, QUIET)
    until.addEventListener('abort', done)
    const everything = { attributes: true, characterData: true, childList: true, subtree: true }
    observer.observe(page, everything)
  })
}

/** Resolves when `page` is ready, or `until` aborts. */
async function settled(
  page: Document,
  ready: NonNullable<BundleRoute['ready']>,
  until: AbortSignal,
): Promise<void> {
  while (!until.aborted) {
    const isReady =
      typeof ready === 'string'
        ? page.querySelector(ready) !== null
        : await orAborted(ready(page), until)
    if (isReady) return
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY))
  }
}
