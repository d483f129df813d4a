// Why: to be able to go on must cost next to nothing, and to go on must go unnoticed.

import { start, timeDownload } from './browser.mjs'
import { inTurn, speedup, summary } from './statistics.mjs'

const COUNT = 20
const SIZE = 50 * 2 ** 20
const TOTAL = COUNT * SIZE

const files = `Array.from({ length: ${COUNT} }, (_, i) => ({ url: '/data/${SIZE}?' + i, name: i + '.bin', size: ${SIZE} }))`

/** @param {number} rounds */
export async function takeover(rounds) {
  const { page, sent, parts, close, version } = await start()
  try {
    /** @param {boolean} resumable */
    const run = (resumable) => () =>
      timeDownload(page, `zip(${files}, { resumable: ${resumable} }).download()`, TOTAL)
    const times = await inTurn(rounds, { with: run(true), without: run(false) })
    /** @param {boolean} resumable */
    const save = (resumable) => () =>
      /** @type {Promise<number>} */ (page.evaluate(`save(${files}, ${resumable})`))
    const saved = await inTurn(rounds, { 'file, kept': save(true), 'file, not kept': save(false) })
    const gaps = []
    const again = []
    const had = []
    for (let round = 0; round < rounds; round++) {
      const before = sent()
      const begun = page.waitForEvent('download')
      const gap = page.evaluate(`takeOver(${files}, ${TOTAL / 2 + round * SIZE * 0.3})`)
      const download = await begun
      const failure = await download.failure()
      if (failure !== null) throw new Error(`A download failed: ${failure}`)
      const took = /** @type {{ gap: number, had: number }} */ (await gap)
      gaps.push(took.gap)
      // The rest of what is fetched again was on its way when the worker died.
      const { file, from } = parts.pop() ?? { file: '', from: NaN }
      const place = Number(file.split('?')[1]) * SIZE + from
      had.push((took.had - place) / 2 ** 20)
      again.push((sent() - before - TOTAL) / 2 ** 20)
      await download.delete()
    }
    return {
      title: `A download that can be gone on with, and one that is, Chromium ${version}`,
      unit: 'MiB/s',
      rows: [
        ...Object.entries({ ...times, ...saved }).map(([name, values]) => ({
          name,
          ...summary(values.map((time) => TOTAL / 2 ** 20 / (time / 1000))),
        })),
        { name: 'gap, ms', ...summary(gaps) },
        { name: 'again, MiB', ...summary(again) },
        { name: 'of what the browser had, MiB', ...summary(had) },
      ],
      targets: [
        {
          text: 'with checkpoints 0.97 × as fast as without',
          wanted: 0.97,
          found: speedup(times['with'] ?? [], times['without'] ?? []),
        },
        {
          text: 'the gap when the worker is gone, 3,000 ms at most',
          wanted: 3000,
          found: summary(gaps).median,
          atMost: true,
        },
        {
          text: 'fetched again of what the browser had, 4 MiB at most',
          wanted: 4,
          found: summary(had).median,
          atMost: true,
        },
      ],
    }
  } finally {
    await close()
  }
}
