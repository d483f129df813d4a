/** A page as its scripts make it, taken down in a hidden frame. */

import type { BundleRoute } from './options.ts'

/** What a page shows. */
export interface RenderedPage {
  readonly html: string
  /** Its URL in the end, which its scripts may have changed. */
  readonly base: string
  /** Of the answer that it came with, where the engine tells that. */
  readonly status?: number
}

/** How long a page may take, in ms. */
const LONGEST = 15_000

/** How long nothing may change in a page that is ready, in ms. */
const QUIET = 500

/** How often a page is asked whether it is ready, in ms. */
const ASK_EVERY = 50

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
  const frame = document.createElement('iframe')
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
  const ending = new AbortController()
  const until = ending.signal
  const end = (): void => ending.abort()
  const timer = setTimeout(end, LONGEST)
  signal.addEventListener('abort', end)
  try {
    const loaded = new Promise<void>((resolve) => {
      frame.addEventListener('load', () => resolve(), { once: true })
    })
    frame.src = url
    document.body.append(frame)
    await unlessAborted(loaded, until)
    const page = frame.contentDocument
    if (page === null || page.URL === 'about:blank') return undefined
    const status = statusOf(page)
    await (ready === undefined ? quiet(page, until) : settled(page, ready, until))
    signal.throwIfAborted()
    if (until.aborted && ready !== undefined) return undefined
    return { html: serialized(page), base: page.URL, ...(status && { status }) }
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
      typeof ready === 'string' ? page.querySelector(ready) !== null : await ready(page)
    if (isReady) return
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY))
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** `page` as HTML, with what it has beside its elements: rules that scripts made, and shadow trees. */
function serialized(page: Document): string {
  const roots: ShadowRoot[] = []
  takeDown(page, roots)
  const root = page.documentElement
  // Declarative shadow trees; engines without `getHTML` leave them out.
  const inner = root.getHTML?.({ shadowRoots: roots }) ?? root.innerHTML
  const outer = root.cloneNode(false) as Element
  const [start] = outer.outerHTML.split('</html>', 1)
  return `${doctypeOf(page)}${start}${inner}</html>`
}

/** Writes into the tree what only scripts see of it. The page is of no use after that. */
function takeDown(tree: Document | ShadowRoot, roots: ShadowRoot[]): void {
  for (const style of tree.querySelectorAll('style')) {
    // Rules that were inserted are not in its text.
    if (style.sheet !== null && style.textContent.trim() === '') {
      style.textContent = textOf(style.sheet)
    }
  }
  const parent = 'head' in tree ? tree.head : tree
  for (const sheet of tree.adoptedStyleSheets) {
    const style = parent.ownerDocument.createElement('style')
    style.textContent = textOf(sheet)
    parent.append(style)
  }
  for (const { shadowRoot } of tree.querySelectorAll('*')) {
    if (shadowRoot === null) continue
    roots.push(shadowRoot)
    takeDown(shadowRoot, roots)
  }
}

function textOf(sheet: CSSStyleSheet): string {
  return Array.from(sheet.cssRules, ({ cssText }) => cssText).join('\n')
}

function doctypeOf({ doctype }: Document): string {
  return doctype === null ? '' : `${new XMLSerializer().serializeToString(doctype)}\n`
}
