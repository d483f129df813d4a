// Why: what a page loads for a download, its users wait for and pay for: as the server has sent it.

import { gzipSync } from 'node:zlib'
import { clickDownload, start } from '../browser/start.mjs'
import { collecting, streaming } from '../contestants.mjs'
import { inTurn } from '../statistics.mjs'
import { figure } from './figure.mjs'

const WANTED = { count: 4, size: 2 ** 20, url: `/data/${2 ** 20}` }

export async function weight() {
  const browser = await start()
  try {
    const weigh = (/** @type {string} */ name) => async () => {
      browser.scripts.clear()
      const context = await browser.newContext()
      await clickDownload(await browser.open(name, context), WANTED)
      await context.close()
      browser.scripts.delete(`/${name}/`) // the page itself, which is everybody's
      const sizes = [...browser.scripts.values()].map((body) => gzipSync(body, { level: 9 }).length)
      return sizes.reduce((sum, size) => sum + size, 0)
    }
    const names = ['holdall', ...streaming, 'dl-stream', ...collecting]
    const { measured, failures } = await inTurn(
      1,
      Object.fromEntries(names.map((name) => [name, weigh(name)])),
    )
    return [
      figure({
        name: 'weight',
        title:
          'All that a page, its workers and its service worker load for a first download, gzipped',
        unit: 'KB',
        measured,
        failures,
        shown: (bytes) => bytes / 1000,
      }),
    ]
  } finally {
    await browser.close()
  }
}
