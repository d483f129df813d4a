// Why: with very many files, what costs is each of them, and the page is where its user feels it.

import { start, timeDownload } from './browser.mjs'
import { inTurn, summary } from './statistics.mjs'

const COUNT = 100_000
const SIZE = 100
/** A page that answers later than this feels stuck, in ms. */
const BLOCKED = 50

/** @param {number} rounds */
export async function tiny(rounds) {
  const { page, close, version } = await start()
  try {
    await page.evaluate(`prepareTiny(${COUNT}, ${SIZE})`)
    /** @type {number[]} */
    const blocked = []
    const times = await inTurn(rounds, {
      holdall: async () => {
        const time = await timeDownload(page, 'downloadTiny()', COUNT * SIZE)
        blocked.push(/** @type {number} */ (await page.evaluate('blocked()')))
        return time
      },
    })
    return {
      title: `${COUNT} × ${SIZE} bytes from the page's memory, to disk, Chromium ${version}`,
      unit: 'entries/s',
      rows: [
        {
          name: 'holdall',
          ...summary((times['holdall'] ?? []).map((time) => COUNT / (time / 1000))),
        },
        { name: 'blocked, ms', ...summary(blocked) },
      ],
      targets: [
        {
          text: `the page's thread is never blocked for longer than ${BLOCKED} ms`,
          wanted: BLOCKED,
          found: summary(blocked).median,
          atMost: true,
        },
      ],
    }
  } finally {
    await close()
  }
}
