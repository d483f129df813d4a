// Why: bounded memory is a promise; here it is weighed, all processes of the browser together.

import { readFileSync, readdirSync } from 'node:fs'
import { start, timeDownload } from './browser.mjs'
import { inTurn, summary } from './statistics.mjs'

const COUNT = 20
const SIZE = 256 * 2 ** 20
const TOTAL = COUNT * SIZE

/** The processes that this one has started, and theirs. */
function family() {
  /** @type {Map<number, number[]>} */
  const children = new Map()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    try {
      const parent = Number(
        readFileSync(`/proc/${entry}/stat`, 'utf8').split(') ')[1]?.split(' ')[1],
      )
      children.set(parent, [...(children.get(parent) ?? []), Number(entry)])
    } catch {
      // It ended while we looked.
    }
  }
  const all = [...(children.get(process.pid) ?? [])]
  for (const pid of all) all.push(...(children.get(pid) ?? []))
  return all
}

/** Memory of the browser's processes, shared pages by share, in MiB. */
function weigh() {
  let kilobytes = 0
  for (const pid of family()) {
    try {
      kilobytes += Number(
        /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0,
      )
    } catch {
      // It ended while we looked.
    }
  }
  return kilobytes / 1024
}

/**
 * The most that a download adds to a browser that was started for it, in MiB.
 *
 * @param {string} expression
 */
async function growth(expression) {
  const { page, close } = await start()
  try {
    await page.evaluate(`register('untouched')`)
    await new Promise((resolve) => setTimeout(resolve, 2000))
    const before = weigh()
    let most = before
    const timer = setInterval(() => (most = Math.max(most, weigh())), 250)
    await timeDownload(page, expression, TOTAL)
    clearInterval(timer)
    return most - before
  } finally {
    await close()
  }
}

/** @param {number} rounds */
export async function memory(rounds) {
  const files = `Array.from({ length: ${COUNT} }, (_, i) => ({ url: '/data/${SIZE}?' + i, name: i + '.bin', size: ${SIZE} }))`
  const ways = {
    'plain download': `(() => { const a = document.createElement('a'); a.href = '/data/${TOTAL}'; a.download = 'a.bin'; a.click() })()`,
    // what Chromium itself needs for whatever a service worker answers
    untouched: `frame('/untouched/archive.zip?size=${TOTAL}')`,
    holdall: `zip(${files}).download()`,
  }
  const found = await inTurn(
    Math.min(rounds, 3),
    Object.fromEntries(Object.entries(ways).map(([name, way]) => [name, () => growth(way)])),
  )
  const most = (/** @type {keyof typeof ways} */ name) => summary(found[name] ?? []).median
  return {
    title: 'Growth of all processes of Chromium while 5 GiB pass',
    unit: 'MiB',
    rows: Object.entries(found).map(([name, values]) => ({ name, ...summary(values) })),
    targets: [
      {
        text: 'at most 96 MiB over a plain download',
        wanted: 96,
        found: most('holdall') - most('plain download'),
        atMost: true,
      },
    ],
  }
}
