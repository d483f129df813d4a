// Why: with very many files, what costs is each of them, and the page is where its user feels it.

import { start, timeDownload } from '../browser/start.mjs'
import { inTurn, summary } from '../statistics.mjs'
import { figure } from './figure.mjs'

const COUNT = 100_000
const SIZE = 100
/** A page that answers later than this feels stuck, in ms. */
const BLOCKED = 50

/** @param {number} rounds */
export async function tiny(rounds) {
  const browser = await start()
  try {
    const page = await browser.open('inside')
    await page.evaluate(`prepareTiny(${COUNT}, ${SIZE})`)
    /** @type {number[]} */
    const blocked = []
    const { measured } = await inTurn(rounds, {
      holdall: async () => {
        const begin = () => page.evaluate('void downloadTiny()')
        const time = await timeDownload(page, begin, COUNT * SIZE)
        blocked.push(/** @type {number} */ (await page.evaluate('blocked()')))
        return time
      },
    })
    return [
      figure({
        name: 'tiny',
        title: `${COUNT.toLocaleString('en')} files of ${SIZE} bytes from the page's memory, to disk`,
        unit: 'files/s',
        better: 'more',
        measured,
        shown: (time) => COUNT / (time / 1000),
        targets: [
          {
            text: "the page's thread is never blocked for over 50 ms",
            wanted: BLOCKED,
            found: summary(blocked).max,
            unit: 'ms',
            atMost: true,
          },
        ],
      }),
    ]
  } finally {
    await browser.close()
  }
}
