// Why: the encoder alone, in a browser's memory, beside every peer with the same buffers.

import { start } from './browser.mjs'
import { inTurn, speedup, summary } from './statistics.mjs'

const PEERS = ['client-zip', 'fflate', 'zip.js', 'conflux', 'jszip']

/**
 * @param {number} rounds
 * @param {number} count
 * @param {number} size
 * @param {number} wanted How many times as fast as the fastest peer.
 */
async function encode(rounds, count, size, wanted) {
  const { page, close, version } = await start()
  try {
    const contestant = (/** @type {string} */ name) => () =>
      /** @type {Promise<number>} */ (page.evaluate(`encode('${name}', ${count}, ${size})`))
    const names = ['holdall', ...PEERS]
    for (const name of names) await contestant(name)()
    const times = await inTurn(
      rounds,
      Object.fromEntries(names.map((name) => [name, contestant(name)])),
    )
    const ours = times['holdall'] ?? []
    const ratios = PEERS.map((name) => ({ name, found: speedup(ours, times[name] ?? []) }))
    const fastest = ratios.toSorted((a, b) => a.found - b.found)[0]
    const many = size < 2 ** 20
    return {
      title: `${count.toLocaleString('en')} × ${many ? `${size / 1024} KiB` : `${size / 2 ** 20} MiB`} from memory, Chromium ${version}`,
      unit: many ? 'entries/s' : 'MiB/s',
      rows: Object.entries(times).map(([name, values]) => ({
        name,
        ...summary(values.map((time) => (many ? count : (count * size) / 2 ** 20) / (time / 1000))),
      })),
      targets: [
        {
          text: `${wanted} × the fastest peer (${fastest?.name})`,
          wanted,
          found: fastest?.found ?? NaN,
        },
      ],
    }
  } finally {
    await close()
  }
}

/** @param {number} rounds */
export const encodeLarge = (rounds) => encode(rounds, 8, 64 * 2 ** 20, 4)

/** @param {number} rounds */
export const encodeMany = (rounds) => encode(rounds, 20_000, 1024, 2)
