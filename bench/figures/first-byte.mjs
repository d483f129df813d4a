// Why: a click that nothing follows is clicked again: how long it is until the file has its first byte.

import { readdirSync, rmSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'
import { fileOf, start, want } from '../browser/start.mjs'
import { collecting, streaming } from '../contestants.mjs'
import { inTurn, summary } from '../statistics.mjs'
import { figure } from './figure.mjs'

const MIB = 2 ** 20
const COUNT = 20
const SIZE = MIB
/** Runs take a second, so there are more of them than of the long ones. */
const RUNS_PER_ROUND = 3

/** @param {number} rounds */
export async function firstByte(rounds) {
  const browser = await start()
  try {
    /** @type {Record<string, number[]>} */
    const first = {}
    const run = (/** @type {string} */ name) => async () => {
      const context = await browser.newContext()
      try {
        const page = await browser.open(name, context)
        ;(first[name] ??= []).push(await clickToFirstByte(page, browser.downloads))
        return await clickToFirstByte(page, browser.downloads)
      } finally {
        await context.close()
      }
    }
    const names = ['holdall', 'plain', 'untouched', ...streaming, ...collecting]
    const { measured, failures } = await inTurn(
      rounds * RUNS_PER_ROUND,
      Object.fromEntries(names.map((name) => [name, run(name)])),
    )
    for (const name of Object.keys(failures)) delete first[name]
    const limit = (/** @type {number[]} */ found, /** @type {number} */ wanted) => ({
      text: `at most ${wanted} ms`,
      wanted,
      found: summary(found).median,
      unit: 'ms',
      atMost: true,
    })
    return [
      figure({
        name: 'first-byte-warm',
        title: `${COUNT} files of 1 MiB, from the click to the first byte on disk, the second time on a page`,
        unit: 'ms',
        measured,
        failures,
        targets: [limit(measured['holdall'] ?? [], 100)],
      }),
      figure({
        name: 'first-byte-new',
        title: `${COUNT} files of 1 MiB, from the click to the first byte on disk, on a first visit: nothing is cached`,
        unit: 'ms',
        measured: first,
        failures,
        targets: [limit(first['holdall'] ?? [], 400)],
      }),
    ]
  } finally {
    await browser.close()
  }
}

/**
 * @param {import('../browser/start.mjs').Page} page
 * @param {string} folder Where the browser puts its downloads.
 */
async function clickToFirstByte(page, folder) {
  for (const file of readdirSync(folder)) rmSync(join(folder, file), { recursive: true })
  await want(page, { count: COUNT, size: SIZE, url: `/data/${SIZE}` })
  /** When a file had a byte, in ms since 1970 as pages count them. */
  let at = NaN
  const watcher = watch(folder, () => {
    if (!readdirSync(folder).some((file) => sizeOf(join(folder, file)) > 0)) return
    at = performance.timeOrigin + performance.now()
    watcher.close()
  })
  try {
    rmSync(await fileOf(page, () => page.click('button')))
  } finally {
    watcher.close()
  }
  if (Number.isNaN(at)) throw new Error('nobody saw its first byte')
  return at - (await page.evaluate('window.clicked'))
}

/** @param {string} path */
function sizeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
