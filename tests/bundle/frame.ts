/** A page with a frame in it for Node, as far as rendering asks for it. */

import { vi } from 'vitest'

export const URL_OF_PAGE = 'https://app.example/page'

/** What there is to a frame. */
export interface FrameOptions {
  /** Of the answer that its page came with, if the engine knows that. */
  readonly responseStatus?: number
  /** Where its page is in the end. Default: where it was asked for. */
  readonly url?: string
  /** What is in its page. Default: `shown`. */
  readonly html?: string
  /** Whether the service worker that there is at `URL_OF_PAGE` alone is not asked for its page. */
  readonly isPassedBy?: (sandbox: string | undefined) => boolean
}

/** What became of the frame. */
export interface StubFrame {
  /** What `sandbox` was whenever a page was loaded. */
  readonly sandboxes: (string | undefined)[]
  isRemoved: boolean
}

/** Puts a page whose frame shows another into the place of the browser's, until globals are put back. */
export function stubFrame(options: FrameOptions = {}): StubFrame {
  const { responseStatus, url = URL_OF_PAGE, html = 'shown', isPassedBy } = options
  const seen: StubFrame = { sandboxes: [], isRemoved: false }
  let sandbox: string | undefined
  const controller = (): unknown => (isPassedBy?.(sandbox) ? null : {})
  const page = {
    URL: url,
    doctype: null,
    head: {},
    adoptedStyleSheets: [],
    querySelector: () => null,
    querySelectorAll: () => [],
    documentElement: { innerHTML: html, cloneNode: () => ({ outerHTML: '<html></html>' }) },
    defaultView: {
      performance: { getEntriesByType: () => [{ responseStatus }] },
      navigator: {
        serviceWorker: {
          get controller() {
            return controller()
          },
        },
      },
    },
  }
  class Frame extends EventTarget {
    readonly style = {}
    readonly contentDocument = page
    isConnected = false

    set src(_: string) {
      seen.sandboxes.push(sandbox)
      queueMicrotask(() => this.dispatchEvent(new Event('load')))
    }

    setAttribute(name: string, value: string): void {
      if (name === 'sandbox') sandbox = value
    }

    removeAttribute(): void {
      sandbox = undefined
    }

    remove(): void {
      seen.isRemoved = true
    }
  }
  const append = (frame: Frame): void => {
    frame.isConnected = true
  }
  vi.stubGlobal('document', { createElement: () => new Frame(), body: { append } })
  const getRegistration = async (scoped: string): Promise<unknown> =>
    isPassedBy && scoped === URL_OF_PAGE ? { active: {} } : undefined
  vi.stubGlobal('navigator', { onLine: true, serviceWorker: { getRegistration } })
  return seen
}
