// Why: the figure that users feel: from the click to the whole file on disk, in a real Chromium.

import { start, timeDownload } from './browser.mjs'
import { inTurn, speedup, summary } from './statistics.mjs'

const COUNT = 20
const SIZE = 100 * 2 ** 20
const TOTAL = COUNT * SIZE

/** @param {number} rounds */
export async function download(rounds) {
  const { page, close, version } = await start()
  try {
    for (const folder of ['untouched', 'client-zip']) {
      await page.evaluate(`register(${JSON.stringify(folder)})`)
    }
    const files = `Array.from({ length: ${COUNT} }, (_, i) => ({ url: '/data/${SIZE}?' + i, name: i + '.bin', size: ${SIZE} }))`
    const frames = {
      untouched: `frame('/untouched/archive.zip?size=${TOTAL}')`,
      'client-zip': `frame('/client-zip/archive.zip?count=${COUNT}&url=/data/${SIZE}')`,
    }
    const times = await inTurn(rounds, {
      untouched: () => timeDownload(page, frames.untouched, TOTAL),
      holdall: () => timeDownload(page, `zip(${files}).download()`, TOTAL),
      'client-zip': () => timeDownload(page, frames['client-zip'], TOTAL),
    })
    const ours = times['holdall'] ?? []
    return {
      title: `${COUNT} × 100 MiB to disk, Chromium ${version}`,
      unit: 'MiB/s',
      rows: Object.entries(times).map(([name, values]) => ({
        name,
        ...summary(values.map((time) => TOTAL / 2 ** 20 / (time / 1000))),
      })),
      targets: [
        {
          text: 'as fast as an untouched fetch body (1.0 ×)',
          wanted: 1,
          found: speedup(ours, times['untouched'] ?? []),
        },
        { text: '1.6 × client-zip', wanted: 1.6, found: speedup(ours, times['client-zip'] ?? []) },
      ],
    }
  } finally {
    await close()
  }
}
