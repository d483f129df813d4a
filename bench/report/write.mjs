// Why: the document and its charts are written from results.json by the bench, and by hand with
// `node bench/report/write.mjs` when their wording was changed.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { root } from '../../scripts/run.mjs'
import { chartOf } from './chart.mjs'
import { CHARTS, withResults } from './document.mjs'

export function writeReport() {
  /** @type {import('./document.mjs').Results} */
  const results = JSON.parse(readFileSync(`${root}bench/results.json`, 'utf8'))
  const path = `${root}BENCHMARKS.md`
  writeFileSync(path, withResults(readFileSync(path, 'utf8'), results))
  mkdirSync(root + CHARTS, { recursive: true })
  for (const file of readdirSync(root + CHARTS)) rmSync(root + CHARTS + file)
  for (const figure of results.figures.filter(({ rows }) => rows.length > 1)) {
    writeFileSync(`${root}${CHARTS}${figure.name}.svg`, chartOf(figure))
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeReport()
