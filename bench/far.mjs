// Why: thousands of small files are bound by latency, which one request after the other adds up.

import { LATENCY, start, timeDownload } from './browser.mjs'
import { inTurn, speedup, summary } from './statistics.mjs'

const COUNT = 5000
const SIZE = 10 * 1024
/** Peers that take minutes are run with so many files, and their time is scaled. */
const FEWER = 500
const TOTAL = COUNT * SIZE
/** Requests at once that browsers allow to one origin on HTTP/1.1. */
const CONNECTIONS = 6

const ours = `zip(Array.from({ length: ${COUNT} }, (_, i) => ({ url: '/far/${SIZE}?' + i, name: i + '.bin', size: ${SIZE} }))).download()`
/** @param {string} folder */
const theirs = (folder) => `frame('/${folder}/archive.zip?count=${FEWER}&url=/far/${SIZE}')`

/** @param {Record<string, number[]>} times */
function rows(times) {
  return Object.entries(times).map(([name, values]) => ({
    name,
    ...summary(values.map((time) => COUNT / (time / 1000))),
  }))
}

/** @param {number} rounds */
export async function farHttp2(rounds) {
  const { page, close, version } = await start({ http2: true })
  try {
    for (const folder of ['client-zip', 'dl-stream']) {
      await page.evaluate(`register(${JSON.stringify(folder)})`)
    }
    /** @param {string} folder */
    const scaled = async (folder) =>
      ((await timeDownload(page, theirs(folder), FEWER * SIZE)) * COUNT) / FEWER
    const times = await inTurn(rounds, {
      holdall: () => timeDownload(page, ours, TOTAL),
      'client-zip': () => scaled('client-zip'),
      'dl-stream': () => scaled('dl-stream'),
    })
    const time = times['holdall'] ?? []
    return {
      title: `${COUNT} × 10 KiB, ${LATENCY} ms away, on HTTP/2, to disk, Chromium ${version}; peers: ${FEWER} files, scaled`,
      unit: 'files/s',
      rows: rows(times),
      targets: [
        { text: '20 × client-zip', wanted: 20, found: speedup(time, times['client-zip'] ?? []) },
        { text: '1.5 × dl-stream', wanted: 1.5, found: speedup(time, times['dl-stream'] ?? []) },
      ],
    }
  } finally {
    await close()
  }
}

/** @param {number} rounds */
export async function farHttp1(rounds) {
  const { page, close, version } = await start()
  try {
    const times = await inTurn(rounds, { holdall: () => timeDownload(page, ours, TOTAL) })
    const floor = (COUNT * LATENCY) / CONNECTIONS
    return {
      title: `${COUNT} × 10 KiB, ${LATENCY} ms away, on HTTP/1.1, to disk, Chromium ${version}`,
      unit: 'files/s',
      rows: rows({ ...times, 'no overhead': [floor] }),
      targets: [
        {
          text: '1.2 × the time that latency alone takes, at most',
          wanted: 1.2,
          found: summary(times['holdall'] ?? []).median / floor,
          atMost: true,
        },
      ],
    }
  } finally {
    await close()
  }
}
