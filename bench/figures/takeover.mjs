// Why: to be able to go on must cost next to nothing, and to go on must go unnoticed.

import { start, timeDownload } from '../browser/start.mjs'
import { inTurn, ratio, summary } from '../statistics.mjs'
import { figure } from './figure.mjs'

const MIB = 2 ** 20
const COUNT = 20
const SIZE = 50 * MIB
const TOTAL = COUNT * SIZE
const WITHOUT = 'holdall, `resumable: false`'

const files = `Array.from({ length: ${COUNT} }, (_, i) => ({ url: '/data/${SIZE}?' + i, name: i + '.bin', size: ${SIZE} }))`

/** @param {number} rounds */
export async function takeover(rounds) {
  const browser = await start()
  try {
    const page = await browser.open('inside')
    /** @param {boolean} resumable */
    const run = (resumable) => () =>
      timeDownload(
        page,
        () => page.evaluate(`void zip(${files}, { resumable: ${resumable} }).download()`),
        TOTAL,
      )
    const { measured } = await inTurn(rounds, { holdall: run(true), [WITHOUT]: run(false) })
    const gaps = []
    const again = []
    for (let round = 0; round < rounds; round++) {
      const before = browser.sent()
      /** @type {Promise<number> | undefined} */
      let gap
      const begin = async () => {
        gap = page.evaluate(`takeOver(${files}, ${TOTAL / 2 + round * SIZE * 0.3})`)
      }
      await timeDownload(page, begin, TOTAL)
      gaps.push((await gap) ?? NaN)
      again.push((browser.sent() - before - TOTAL) / MIB)
    }
    return [
      figure({
        name: 'takeover',
        title: `${COUNT} files of 50 MiB, with checkpoints and the job stored, to disk; then its worker is killed half-way`,
        unit: 'MiB/s',
        better: 'more',
        measured,
        shown: (time) => TOTAL / MIB / (time / 1000),
        targets: [
          {
            text: '0.97 × as fast as without',
            wanted: 0.97,
            found: ratio(measured[WITHOUT] ?? [], measured['holdall'] ?? []),
          },
          {
            text: 'no new byte for at most 3,000 ms when the worker is gone',
            wanted: 3000,
            found: summary(gaps).median,
            unit: 'ms',
            atMost: true,
          },
        ],
        also: [
          {
            text: 'fetched again when the worker is gone',
            found: summary(again).median,
            unit: 'MiB',
          },
        ],
      }),
    ]
  } finally {
    await browser.close()
  }
}
