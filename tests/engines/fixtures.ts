/** What every scenario needs: its engine, a server of its own origin, a page, and the download's end. */

import { setTimeout as wait } from 'node:timers/promises'
import { test as base, type LaunchOptions, type PlaywrightWorkerArgs } from '@playwright/test'
import { findFirefox, findWebKit, whyAbsent } from '../../scripts/browsers.mjs'
import { findChromium } from '../../scripts/setup.mjs'
import { expect } from '../e2e/fixtures.ts'
import { startServer, type ServerOptions, type TestServer } from '../e2e/server.ts'
import type { ZipJob } from '../../src/index.ts'
import type { Browser, Download, OpenOptions, Page } from './engine.ts'
import { startFirefox } from './firefox.ts'
import { startPlaywright } from './playwright.ts'
import { startWebKit } from './webkit.ts'

export { digests, expect, sha256, unzipTest } from '../e2e/fixtures.ts'

declare global {
  interface Window {
    /** Of the download that a scenario has started, so that it can look at what happens meanwhile. */
    outcome: Promise<unknown>
    job: ZipJob
  }
}

interface Fixtures {
  serverOptions: ServerOptions
  server: TestServer
  browserOfEngine: Browser
  /** A page of the app on an origin that the browser has never seen, ready to be used. */
  app: Page
  /** Waits for a download of that origin, and gives it. */
  begun: () => Promise<Download>
  /** Waits until it has come to an end, and gives what the browser says of it then. */
  ended: () => Promise<Download>
}

interface WorkerFixtures {
  /** `chromium`, `firefox` or `webkit`. */
  engine: string
  /** None if this machine has none. */
  started: Browser | undefined
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  engine: ['', { scope: 'worker', option: true }],
  serverOptions: [{}, { option: true }],

  started: [
    async ({ engine, playwright, launchOptions }, use) => {
      const browser = await startEngine(engine, playwright, launchOptions)
      await use(browser)
      await browser?.close()
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  browserOfEngine: async ({ started, engine }, use, testInfo) => {
    testInfo.skip(started === undefined, started === undefined ? whyAbsent(engine) : '')
    testInfo.annotations.push({ type: 'browser', description: started!.name })
    await use(started!)
  },

  server: async ({ serverOptions }, use) => {
    const server = await startServer(serverOptions)
    await use(server)
    await server.close()
  },

  app: async ({ browserOfEngine, server }, use) => {
    const page = await openApp(browserOfEngine, server)
    await use(page)
    await page.close()
  },

  begun: async ({ browserOfEngine, server }, use) => {
    await use(() => downloadOf(browserOfEngine, server, () => true))
  },

  ended: async ({ browserOfEngine, server }, use) => {
    await use(() => downloadOf(browserOfEngine, server, ({ state }) => state !== 'running'))
  },
})

async function startEngine(
  engine: string,
  playwright: PlaywrightWorkerArgs['playwright'],
  launchOptions: LaunchOptions,
): Promise<Browser | undefined> {
  if (engine === 'chromium') {
    if (findChromium() === undefined) return undefined
    return startPlaywright(playwright.chromium, launchOptions)
  }
  const found = engine === 'firefox' ? findFirefox() : findWebKit()
  if (found === undefined) return undefined
  if (found.driver === 'playwright') {
    return startPlaywright(engine === 'firefox' ? playwright.firefox : playwright.webkit, {})
  }
  return engine === 'firefox' ? startFirefox(found.path) : startWebKit(found.path)
}

/** Opens the app, and waits until its script has run. */
export async function openApp(
  browser: Browser,
  { origin }: TestServer,
  options?: OpenOptions,
): Promise<Page> {
  const page = await browser.open(`${origin}/`, options)
  await expect
    .poll(() => page.evaluate(() => document.documentElement.dataset['ready']))
    .toBeDefined()
  return page
}

/** Whether a page has storage of its own to write files to: browsers of one engine may differ in that. */
export async function hasPrivateFiles(page: Page): Promise<boolean> {
  return page.evaluate(
    () =>
      'storage' in navigator &&
      'getDirectory' in navigator.storage &&
      'createWritable' in FileSystemFileHandle.prototype,
  )
}

async function downloadOf(
  browser: Browser,
  { origin }: TestServer,
  accepts: (download: Download) => boolean,
): Promise<Download> {
  for (;;) {
    const all = await browser.downloads()
    // a link to a file of the page's has an address of another kind
    const found = all.find(({ url }) => url.replace(/^blob:/, '').startsWith(origin))
    if (found !== undefined && accepts(found)) return found
    await wait(100)
  }
}

/** What became of the job, as the page was told; the page has put its promise on `window`. */
export async function outcomeOf(page: Page): Promise<unknown> {
  return page.evaluate(() => window.outcome)
}

/** Says what an engine does not do, and holdall does about it: the scenario passes if it does that. */
export function fallsShort(description: string): void {
  test.info().annotations.push({ type: 'no', description })
}

/** Says how a scenario passes, where that differs from others; the README's table has it. */
export function note(description: string): void {
  test.info().annotations.push({ type: 'note', description })
}
