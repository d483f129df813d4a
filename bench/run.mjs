// Why: `npm run bench` is every figure in one go; `-- --only NAME` those that are named,
// `--rounds N` quicker.

import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem, type } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { buildPackage } from '../scripts/build.mjs'
import { SIGNALS } from '../scripts/run.mjs'
import { launch } from './browser/chromium.mjs'
import { versions } from './contestants.mjs'
import { demo } from './figures/demo.mjs'
import { download } from './figures/download.mjs'
import { encodeLarge, encodeMany } from './figures/encode.mjs'
import { farHttp1, farHttp2 } from './figures/far.mjs'
import { firstByte } from './figures/first-byte.mjs'
import { memory } from './figures/memory.mjs'
import { nodeBig, nodeEntries } from './figures/node.mjs'
import { takeover } from './figures/takeover.mjs'
import { tiny } from './figures/tiny.mjs'
import { weight } from './figures/weight.mjs'
import { merged } from './report/merged.mjs'
import { writeReport } from './report/write.mjs'
import { inWords } from './report/words.mjs'

/**
 * What is measured, in the order of the document. Some runs give two figures.
 *
 * @type {readonly { names: readonly string[], run: (rounds: number) => Promise<import('./figures/figure.mjs').Figure[]> }[]}
 */
const benches = [
  { names: ['download', 'cpu'], run: download },
  { names: ['first-byte-warm', 'first-byte-new'], run: firstByte },
  { names: ['weight'], run: weight },
  { names: ['far-http2'], run: farHttp2 },
  { names: ['far-http1'], run: farHttp1 },
  { names: ['tiny'], run: tiny },
  { names: ['demo'], run: demo },
  { names: ['takeover', 'saveto'], run: takeover },
  { names: ['memory'], run: memory },
  { names: ['encode-large'], run: encodeLarge },
  { names: ['encode-many'], run: encodeMany },
  { names: ['node-entries'], run: nodeEntries },
  { names: ['node-big'], run: nodeBig },
]
const names = benches.flatMap((bench) => bench.names)
const path = fileURLToPath(new URL('./results.json', import.meta.url))

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: names },
    rounds: { type: 'string', default: '3' },
  },
})
const { only } = values
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error(`Cannot run ${values.rounds} rounds`)
const unknown = only.filter((name) => !names.includes(name))
if (unknown.length > 0) throw new Error(`Cannot run ${unknown}: there are ${names.join(', ')}`)
const wanted = benches.filter((bench) => bench.names.some((name) => only.includes(name)))

// so that what was started ends, too
for (const signal of SIGNALS) process.once(signal, () => process.exit(130))

await buildPackage()
/** @type {import('./report/document.mjs').Results} */
let results = JSON.parse(readFileSync(path, 'utf8'))
const machine = await describeMachine()
for (const { names: given, run } of wanted) {
  console.log(`\n${given.join(', ')}, ${rounds} rounds`)
  for (const figure of await run(rounds)) {
    console.log(`\n${inWords(figure)}`)
    const date = new Date().toISOString().slice(0, 10)
    results = merged(results, { ...figure, measured: { date, rounds, ...machine } }, names)
    // after each: what has taken minutes is not lost by what fails later
    writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`)
    writeReport()
  }
}
console.log('\nbench/results.json has it for programs, BENCHMARKS.md for people.')

async function describeMachine() {
  const browser = await launch(tmpdir())
  await browser.close()
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: type(),
    node: process.version.slice(1),
    chromium: browser.version,
    packages: versions(),
  }
}
