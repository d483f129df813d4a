// Why: time and memory of whole processes, where nothing of a browser is in the way.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { inTurn, ratio, summary } from '../statistics.mjs'
import { figure } from './figure.mjs'

const program = fileURLToPath(new URL('./node-process.mjs', import.meta.url))

/**
 * @param {'holdall' | 'fflate'} encoder
 * @param {'entries' | 'big'} what
 * @returns {{ time: number, rss: number }} In ms and MiB.
 */
function run(encoder, what) {
  return JSON.parse(execFileSync(process.execPath, [program, encoder, what], { encoding: 'utf8' }))
}

/** @param {number} rounds */
export async function nodeEntries(rounds) {
  /** @type {number[]} */
  const rss = []
  const { measured, failures } = await inTurn(rounds, {
    holdall: async () => {
      const result = run('holdall', 'entries')
      rss.push(result.rss)
      return result.time
    },
    fflate: async () => run('fflate', 'entries').time,
  })
  return [
    figure({
      name: 'node-entries',
      title: '70,000 files of 12 bytes, in Node',
      unit: 'files/s',
      better: 'more',
      measured,
      failures,
      shown: (time) => 70_000 / (time / 1000),
      targets: [
        {
          text: 'at most 1.5 × the time of fflate: 0.67 × its speed',
          wanted: 1 / 1.5,
          found: ratio(measured.fflate ?? [], measured.holdall ?? []),
        },
        resident(rss, 150),
      ],
    }),
  ]
}

/** @param {number} rounds */
export async function nodeBig(rounds) {
  const results = Array.from({ length: rounds }, () => run('holdall', 'big'))
  return [
    figure({
      name: 'node-big',
      title: 'One file of 4.5 GiB, in Node',
      unit: 'MiB/s',
      better: 'more',
      measured: { holdall: results.map(({ time }) => time) },
      shown: (time) => 4608 / (time / 1000),
      targets: [
        resident(
          results.map(({ rss }) => rss),
          110,
        ),
      ],
    }),
  ]
}

/**
 * @param {readonly number[]} found In MiB, of the whole process.
 * @param {number} wanted
 */
function resident(found, wanted) {
  return {
    text: `at most ${wanted} MiB of memory, Node's own with it`,
    wanted,
    found: summary(found).median,
    unit: 'MiB',
    atMost: true,
  }
}
