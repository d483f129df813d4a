// Why: `npm run bench` is every figure in one go; `-- --only NAME` one of them, `--rounds N` quicker.

import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { buildPackage } from '../scripts/build.mjs'
import { download } from './download.mjs'
import { encodeLarge, encodeMany } from './encode.mjs'
import { farHttp1, farHttp2 } from './far.mjs'
import { memory } from './memory.mjs'
import { nodeBig, nodeEntries } from './node.mjs'
import { takeover } from './takeover.mjs'
import { tiny } from './tiny.mjs'

const benches = {
  download,
  'far-http2': farHttp2,
  'far-http1': farHttp1,
  tiny,
  takeover,
  'encode-large': encodeLarge,
  'encode-many': encodeMany,
  'node-entries': nodeEntries,
  'node-big': nodeBig,
  memory,
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, rounds: { type: 'string', default: '5' } },
})
const wanted = Object.entries(benches).filter(([name]) => (values.only ?? name) === name)
if (wanted.length === 0) {
  throw new Error(`Cannot run ${values.only}: there are ${Object.keys(benches).join(', ')}`)
}

await buildPackage()
const figure = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumSignificantDigits: 2 })
const results = []
for (const [name, bench] of wanted) {
  const result = await bench(Number(values.rounds))
  results.push({ name, ...result })
  console.log(`\n${result.title} (${result.unit}; median, least–most)`)
  for (const { name: who, min, median, max } of result.rows) {
    const range = `${figure.format(min)}–${figure.format(max)}`
    console.log(`  ${who.padEnd(16)}${figure.format(median).padStart(10)}   ${range}`)
  }
  for (const target of result.targets) {
    const { text, wanted: goal, found } = target
    const met = 'atMost' in target ? found <= goal : found >= goal
    const apart = percent.format(Math.abs(found - goal) / goal)
    console.log(`  ${met ? 'met   ' : 'MISSED'} by ${apart}: ${text}: ${figure.format(found)}`)
  }
}

mkdirSync('reports', { recursive: true })
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }
const report = { date: new Date().toISOString(), machine, rounds: Number(values.rounds), results }
writeFileSync('reports/bench.json', JSON.stringify(report, undefined, 2))
console.log('\nreports/bench.json has the same for programs.')
