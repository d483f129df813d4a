// Why: every figure of a browser comes from the same one, started the same way, beside one server.

import { rmSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { scratch } from '../../scripts/scratch.mjs'
import { buildApp } from './build.mjs'
import { launch } from './chromium.mjs'
import { serve } from './server.mjs'

/** @typedef {import('./chromium.mjs').Page} Page */

/** How long a download may take to begin, in ms: some make all of an archive before. */
const BEGINS_WITHIN = 120_000

/** It says nothing of itself, and before it there is an empty page, which is complete, too. */
const DEMO_IS_READY = `document.readyState === 'complete' && location.pathname === '/demo/'`

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
  const downloads = scratch('bench')
  const begin = () => launch(downloads, http2 ? ['--ignore-certificate-errors'] : [])
  let browser = await begin()
  let context = await browser.newContext()
  const open = async (/** @type {string} */ name, where = context) => {
    const page = await browser.open(`${server.origin}/${name}/`, where)
    await page.until(name === 'demo' ? DEMO_IS_READY : 'window.ready')
    return page
  }
  return {
    /** Opens the page of one of `app/`, or the demo, as a user who has been there before or, in a new context, has not. */
    open,
    /**
     * Opens one, and leaves it when `work` is done, however that ends.
     *
     * @template T
     * @param {string} name
     * @param {(page: Page) => Promise<T>} work
     */
    async visit(name, work) {
      if (!browser.isRunning()) {
        // a contestant has taken it down
        await browser.close()
        browser = await begin()
        context = await browser.newContext()
      }
      const page = await open(name)
      try {
        return await work(page)
      } finally {
        if (browser.isRunning()) await page.leave()
      }
    },
    newContext: () => browser.newContext(),
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

/**
 * Has a page start a download, and waits for the file.
 *
 * @param {Page} page
 * @param {() => Promise<unknown>} begin What starts it.
 * @param {number} atLeast Bytes that the file must have.
 * @returns {Promise<number>} From the start to the whole file, in ms.
 */
export async function timeDownload(page, begin, atLeast) {
  const before = performance.now()
  const path = await fileOf(page, begin)
  const time = performance.now() - before
  const { size } = await stat(path)
  rmSync(path)
  if (size < atLeast) throw new Error(`its file has ${size} bytes, not ${atLeast}`)
  return time
}

/**
 * Has a page start a download.
 *
 * @param {Page} page
 * @param {() => Promise<unknown>} begin What starts it.
 * @returns {Promise<string>} Where the whole file is.
 */
export async function fileOf(page, begin) {
  const fault = faultOf(page)
  try {
    const begun = within(BEGINS_WITHIN, page.nextDownload())
    begun.catch(() => undefined) // of a page that failed, nobody waits for it
    await Promise.race([begin(), fault.promise])
    const { path, whole } = await Promise.race([begun, fault.promise])
    if (!(await Promise.race([whole, fault.promise]))) throw new Error('its download failed')
    return path
  } finally {
    fault.stop()
  }
}

/**
 * Clicks on the page of a contestant, and waits for the file.
 *
 * @param {Page} page
 * @param {Wanted} wanted
 */
export async function clickDownload(page, wanted) {
  await want(page, wanted)
  return timeDownload(page, () => page.click('button'), wanted.count * wanted.size)
}

/**
 * Says what the next click is to download.
 *
 * @param {Page} page
 * @param {Wanted} wanted
 */
export async function want(page, wanted) {
  await page.evaluate(`void (window.wanted = ${JSON.stringify(wanted)})`)
}

/**
 * @template T
 * @param {number} limit In ms.
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
function within(limit, work) {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`no download has begun within ${limit / 1000} s`))
    const timer = setTimeout(late, limit)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/**
 * Rejects when the page breaks down, or says that it has failed.
 *
 * @param {Page} page
 */
function faultOf(page) {
  let stop = () => {}
  /** @type {Promise<never>} */
  const said = new Promise((_, reject) => {
    const timer = setInterval(async () => {
      const failure = await page.evaluate('window.failure').catch(() => undefined)
      if (failure !== undefined) reject(new Error(`its page says: ${failure}`))
    }, 1000)
    stop = () => clearInterval(timer)
  })
  const promise = Promise.race([said, page.crash])
  promise.catch(() => undefined)
  return { promise, stop }
}
