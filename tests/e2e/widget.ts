/** Pages with the element, as their authors would write them; and what to ask of it. */

import type { HoldallDownloadElement } from 'holdall/widget'
import { test as base, type Locator, type Page } from './fixtures.ts'

/** What the events of the page's elements said, in their order. */
export type Heard = { type: string; id: string; detail: Record<string, unknown> }

declare global {
  interface Window {
    heard: Heard[]
  }
}

export interface Fixtures {
  /** Opens a page with `markup`, and waits until its script has run. */
  open: (markup: string, options?: PageOptions) => Promise<void>
}

export interface PageOptions {
  /** Of the page. Default: `en`. */
  readonly lang?: string
  /** What stands in the head. */
  readonly head?: string
  /** Runs once the element is defined, or (`before`) before it is. */
  readonly script?: string
  readonly before?: string
}

const EVENTS = ['start', 'progress', 'done', 'error', 'cancel', 'fallback']

export const test = base.extend<Fixtures>({
  open: async ({ page, server }, use) => {
    await use(async (markup, { lang = 'en', head = '', script = '', before = '' } = {}) => {
      const body = `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>Page</title>
        <link rel="icon" href="data:,">${head}
        <script type="module">
          window.heard = []
          for (const name of ${JSON.stringify(EVENTS)}) addEventListener('holdall-' + name, (event) => {
            window.heard.push({ type: event.type, id: event.target.id, detail: JSON.parse(JSON.stringify(event.detail)) })
          })
          ${before}
          await import('/widget.js')
          ${script}
          document.documentElement.dataset.ready = ''
        </script></head><body><main>${markup}</main></body></html>`
      server.pages.set('/page', body)
      await page.goto(`${server.origin}/page`)
      await page.waitForSelector('html[data-ready]')
    })
  },
})

/** The element, and what it is made of. */
export function element(page: Page, selector = 'holdall-download'): Parts {
  const host = page.locator(selector)
  const part = (name: string): Locator => host.locator(`[part~=${name}]`)
  return {
    host,
    part,
    button: part('button'),
    panel: part('panel'),
    state: () => host.evaluate((found) => (found as HoldallDownloadElement).state),
  }
}

export interface Parts {
  readonly host: Locator
  readonly part: (name: string) => Locator
  readonly button: Locator
  readonly panel: Locator
  readonly state: () => Promise<string>
}

/** The types of the events so far, those of progress left out. */
export async function heard(page: Page): Promise<string[]> {
  const events = await page.evaluate(() => window.heard)
  return events.map(({ type }) => type).filter((type) => type !== 'holdall-progress')
}

/** A generated file, and what it is called. */
type LinkedFile = readonly [name: string, seed: number, size: number]

/** Links to generated files. */
export function links(...files: LinkedFile[]): string {
  const link = ([name, seed, size]: LinkedFile): string =>
    `<a href="/data/${seed}/${size}" download="${name}">${name}</a>`
  return files.map(link).join('\n')
}
