// Why: time and memory of whole processes, where nothing of a browser is in the way.

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { inTurn, speedup, summary } from './statistics.mjs'

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
  const times = await inTurn(rounds, {
    holdall: async () => {
      const result = run('holdall', 'entries')
      rss.push(result.rss)
      return result.time
    },
    fflate: async () => run('fflate', 'entries').time,
  })
  return {
    title: `70,000 small entries, Node ${process.version}`,
    unit: 'entries/s',
    rows: Object.entries(times).map(([name, values]) => ({
      name,
      ...summary(values.map((time) => 70_000 / (time / 1000))),
    })),
    targets: [
      {
        text: 'at most 1.5 × the time of fflate (0.67 × its speed)',
        wanted: 1 / 1.5,
        found: speedup(times['holdall'] ?? [], times['fflate'] ?? []),
      },
      { text: 'at most 150 MiB', wanted: 150, found: summary(rss).median, atMost: true },
    ],
  }
}

/** @param {number} rounds */
export async function nodeBig(rounds) {
  const results = Array.from({ length: Math.min(rounds, 3) }, () => run('holdall', 'big'))
  return {
    title: `One entry of 4.5 GiB, Node ${process.version}`,
    unit: 'MiB/s',
    rows: [{ name: 'holdall', ...summary(results.map(({ time }) => 4608 / (time / 1000))) }],
    targets: [
      {
        text: 'at most 110 MiB',
        wanted: 110,
        found: summary(results.map(({ rss }) => rss)).median,
        atMost: true,
      },
    ],
  }
}
