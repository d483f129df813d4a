// Why: the figures that users feel: from the click to the whole file on disk, in a real Chromium, and
// what their machine works for it.

import { areCounted, processorTime } from '../browser/processes.mjs'
import { clickDownload, start } from '../browser/start.mjs'
import { collecting, streaming } from '../contestants.mjs'
import { inTurn, ratio } from '../statistics.mjs'
import { figure } from './figure.mjs'

const MIB = 2 ** 20
const COUNT = 10
const SIZE = 100 * MIB
const TOTAL = COUNT * SIZE
const GIB = TOTAL / 2 ** 30

/** @param {number} rounds */
export async function download(rounds) {
  const counted = areCounted('cpu')
  const browser = await start()
  try {
    /** @type {Record<string, number[]>} */
    const worked = {}
    const wanted = { count: COUNT, size: SIZE, url: `/data/${SIZE}` }
    const run = (/** @type {string} */ name) => () =>
      browser.visit(name, async (page) => {
        if (!counted) return clickDownload(page, wanted)
        const before = processorTime()
        const time = await clickDownload(page, wanted)
        ;(worked[name] ??= []).push((processorTime() - before) / GIB)
        return time
      })
    const names = ['holdall', 'plain', 'untouched', ...streaming, ...collecting]
    const { measured, failures } = await inTurn(
      rounds,
      Object.fromEntries(names.map((name) => [name, run(name)])),
    )
    for (const name of Object.keys(failures)) delete worked[name]
    const ours = measured['holdall'] ?? []
    const speed = figure({
      name: 'download',
      title: `${COUNT} files of 100 MiB, from the click to the whole archive on disk`,
      unit: 'MiB/s',
      better: 'more',
      measured,
      failures,
      shown: (time) => TOTAL / MIB / (time / 1000),
      targets: [
        {
          text: 'as fast as an untouched `fetch` body in a service worker',
          wanted: 1,
          found: ratio(measured['untouched'] ?? [], ours),
        },
        {
          text: '1.6 × client-zip',
          wanted: 1.6,
          found: ratio(measured['client-zip'] ?? [], ours),
        },
      ],
    })
    if (!counted) return [speed]
    const title =
      'Time of processors for a GiB of these downloads, all processes of the browser together'
    return [speed, figure({ name: 'cpu', title, unit: 's/GiB', measured: worked, failures })]
  } finally {
    await browser.close()
  }
}
