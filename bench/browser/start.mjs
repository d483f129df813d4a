// Why: every figure of a browser comes from the same one, started the same way, beside one server.

import { mkdtempSync, rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from '@playwright/test'
import { findChromium } from '../../scripts/setup.mjs'
import { buildApp } from './build.mjs'
import { serve } from './server.mjs'

/** How long a download may take to begin, in ms: some make all of an archive before. */
const BEGINS_WITHIN = 120_000

/**
 * What the page of a contestant is to download: `count` files of `size` bytes each, at `url`.
 *
 * @typedef {{ count: number, size: number, url: string }} Wanted
 */

/**
 * Starts server and browser.
 *
 * @param {{ http2?: boolean }} options
 */
export async function start({ http2 = false } = {}) {
  await buildApp()
  const server = await serve(http2)
  const downloads = mkdtempSync(join(tmpdir(), 'holdall-bench-'))
  const executablePath = findChromium()
  const launch = () =>
    chromium.launch({
      ...(executablePath && { executablePath }),
      downloadsPath: downloads,
      // whoever stops the bench stops it, and what it measures does not fail for that
      handleSIGINT: false,
      handleSIGTERM: false,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat([
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        ...(http2 ? ['--ignore-certificate-errors'] : []),
      ]),
    })
  let browser = await launch()
  const newContext = () => browser.newContext({ acceptDownloads: true })
  let context = await newContext()
  return {
    /** Opens the page of one of `app/`, as a user who has been there before or, in a new context, has not. */
    async open(/** @type {string} */ name, where = context) {
      const page = await where.newPage()
      const broken = page.waitForEvent('pageerror').then((error) => Promise.reject(error))
      broken.catch(() => undefined) // told if it is broken before it is ready
      await page.goto(`${server.origin}/${name}/`)
      await Promise.race([page.waitForFunction('window.ready'), broken])
      return page
    },
    /** Starts another browser, if a contestant has taken this one down. */
    async revive() {
      if (browser.isConnected()) return
      browser = await launch()
      context = await newContext()
    },
    newContext,
    /**
     * Closes a page, and stops its service worker, which browsers do half a minute later: but not one that
     * Playwright watches, and the next page would be in another process than it.
     */
    async leave(/** @type {import('@playwright/test').Page} */ page) {
      await page.close()
      const blank = await page.context().newPage()
      const session = await page.context().newCDPSession(blank)
      await session.send('ServiceWorker.enable')
      await session.send('ServiceWorker.stopAllWorkers')
      await blank.close()
    },
    /** Where the browser puts its downloads. */
    downloads,
    sent: server.sent,
    parts: server.parts,
    scripts: server.scripts,
    async close() {
      await browser.close()
      server.close()
      rmSync(downloads, { recursive: true, force: true })
    },
  }
}

/** @typedef {Awaited<ReturnType<typeof start>>} Started */

/**
 * Has a page start a download, and waits for the file.
 *
 * @param {import('@playwright/test').Page} page
 * @param {() => Promise<unknown>} begin What starts it.
 * @param {number} atLeast Bytes that the file must have.
 * @returns {Promise<number>} From the start to the whole file, in ms.
 */
export async function timeDownload(page, begin, atLeast) {
  const before = performance.now()
  const fault = faultOf(page)
  try {
    const begun = page.waitForEvent('download', { timeout: BEGINS_WITHIN })
    begun.catch(() => undefined) // of a page that failed, nobody waits for it
    await Promise.race([begin(), fault.promise])
    const download = await Promise.race([begun, fault.promise])
    const failure = await Promise.race([download.failure(), fault.promise])
    const time = performance.now() - before
    if (failure !== null) throw new Error(`its download failed: ${failure}`)
    const { size } = await stat(await download.path())
    await download.delete()
    if (size < atLeast) throw new Error(`its file has ${size} bytes, not ${atLeast}`)
    return time
  } finally {
    fault.stop()
  }
}

/**
 * Clicks on the page of a contestant, and waits for the file.
 *
 * @param {import('@playwright/test').Page} page
 * @param {Wanted} wanted
 */
export async function clickDownload(page, wanted) {
  await page.evaluate((value) => Object.assign(window, { wanted: value }), wanted)
  const click = () => page.evaluate(`document.querySelector('button').click()`)
  return timeDownload(page, click, wanted.count * wanted.size)
}

/**
 * Rejects when the page breaks down, or says that it has failed.
 *
 * @param {import('@playwright/test').Page} page
 */
function faultOf(page) {
  let stop = () => {}
  /** @type {Promise<never>} */
  const promise = new Promise((_, reject) => {
    const crashed = () => reject(new Error('its page broke down'))
    const gone = () => reject(new Error('the browser broke down'))
    const timer = setInterval(async () => {
      const failure = await page.evaluate('window.failure').catch(() => undefined)
      if (failure !== undefined) reject(new Error(`its page says: ${failure}`))
    }, 1000)
    const browser = page.context().browser()
    page.on('crash', crashed)
    browser?.on('disconnected', gone)
    stop = () => {
      clearInterval(timer)
      page.off('crash', crashed)
      browser?.off('disconnected', gone)
    }
  })
  promise.catch(() => undefined)
  return { promise, stop }
}
