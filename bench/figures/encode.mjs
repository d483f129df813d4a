// Why: the encoder alone, in a browser's memory, beside every peer with the same buffers.

import { start } from '../browser/start.mjs'
import { inTurn } from '../statistics.mjs'
import { figure } from './figure.mjs'

const PEERS = ['client-zip', 'fflate', 'zip.js', 'conflux', 'jszip']
/** They are measured without what brings their archives to a disk. */
const LABELS = { 'client-zip': 'client-zip', conflux: 'conflux', jszip: 'JSZip' }

/** The part of the files that each encodes before it is measured: one in so many. */
const WARM_UP = 8

/**
 * @param {object} bench
 * @param {string} bench.name
 * @param {number} bench.count
 * @param {number} bench.size
 * @param {number} bench.wanted How many times as fast as the fastest peer.
 */
const encode = ({ name, count, size, wanted }) =>
  async function measure(/** @type {number} */ rounds) {
    const browser = await start()
    try {
      const page = await browser.open('encode')
      /** @type {(who: string, files: number) => Promise<number>} */
      const run = (who, files) => page.evaluate(`encode('${who}', ${files}, ${size})`)
      const contestants = Object.fromEntries(
        ['holdall', ...PEERS].map((who) => [who, () => run(who, count)]),
      )
      // what is compiled while it runs is slower, and nobody's fault
      for (const who of Object.keys(contestants)) await run(who, Math.ceil(count / WARM_UP))
      const { measured, failures } = await inTurn(rounds, contestants)
      const many = size < 2 ** 20
      const { rows, ...found } = figure({
        name,
        title: `${count.toLocaleString('en')} files of ${many ? `${size / 1024} KiB` : `${size / 2 ** 20} MiB`}, from memory to a stream that nobody keeps`,
        unit: many ? 'files/s' : 'MiB/s',
        better: 'more',
        measured,
        failures,
        shown: (time) => (many ? count : (count * size) / 2 ** 20) / (time / 1000),
        label: (who) => LABELS[/** @type {keyof typeof LABELS} */ (who)] ?? who,
      })
      const fastest = rows
        .filter(({ kind }) => kind === 'peer')
        .toSorted((a, b) => (a.ahead ?? NaN) - (b.ahead ?? NaN))[0]
      const text = `${wanted} × the fastest peer, which is ${fastest?.name}`
      return [{ ...found, rows, targets: [{ text, wanted, found: fastest?.ahead ?? NaN }] }]
    } finally {
      await browser.close()
    }
  }

export const encodeLarge = encode({
  name: 'encode-large',
  count: 8,
  size: 64 * 2 ** 20,
  wanted: 4,
})

export const encodeMany = encode({ name: 'encode-many', count: 20_000, size: 1024, wanted: 2 })
