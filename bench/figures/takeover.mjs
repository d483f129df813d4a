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
    /** @param {boolean} resumable */
    const save = (resumable) => () =>
      /** @type {Promise<number>} */ (page.evaluate(`save(${files}, ${resumable})`))
    const saved = await inTurn(rounds, { holdall: save(true), [WITHOUT]: save(false) })
    const gaps = []
    const again = []
    const had = []
    for (let round = 0; round < rounds; round++) {
      const before = browser.sent()
      /** @type {Promise<{ gap: number, had: number }> | undefined} */
      let took
      const begin = async () => {
        took = page.evaluate(`takeOver(${files}, ${TOTAL / 2 + round * SIZE * 0.3})`)
      }
      await timeDownload(page, begin, TOTAL)
      const taken = (await took) ?? { gap: NaN, had: NaN }
      gaps.push(taken.gap)
      // The rest of what is fetched again was on its way when the worker died.
      const { url, from } = browser.parts.pop() ?? { url: '', from: NaN }
      had.push((taken.had - Number(url.split('?')[1]) * SIZE - from) / MIB)
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
          {
            text: 'of what the browser had, fetched again: 4 MiB at most',
            wanted: 4,
            found: summary(had).median,
            unit: 'MiB',
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
      figure({
        name: 'saveto',
        title: `${COUNT} files of 50 MiB to a file in private storage, kept from time to time to be gone on with`,
        unit: 'MiB/s',
        better: 'more',
        measured: saved.measured,
        shown: (time) => TOTAL / MIB / (time / 1000),
        targets: [],
      }),
    ]
  } finally {
    await browser.close()
  }
}
