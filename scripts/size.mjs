// Why: the sizes are a promise of the README. What an app's own bundler would add is measured, too:
// each entry with its dependencies, minified and gzipped, the files loaded later left out.

import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { root } from './run.mjs'

/** Budgets in KB of 1000 bytes, by file of dist/. `bundle`: with all that it imports. */
const budgets = [
  { name: 'holdall', file: 'index.js', bundle: true, budget: 6 },
  { name: 'holdall/core', file: 'core.js', bundle: true, budget: 10 },
  { name: 'holdall/service-worker', file: 'service-worker.js', bundle: true, budget: 12 },
  { name: 'holdall/widget', file: 'widget.js', bundle: true, budget: 8 },
  { name: 'holdall-sw.js', file: 'holdall-sw.js', bundle: false, budget: 12 },
  { name: 'holdall-worker.js', file: 'holdall-worker.js', bundle: false, budget: 12 },
]

/**
 * All that `file` exports, with what it imports, as an app would get it.
 *
 * @param {string} file
 */
async function bundle(file) {
  const result = await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      rolldownOptions: {
        input: file,
        preserveEntrySignatures: 'strict',
        output: { format: 'es' },
      },
    },
  })
  const outputs = Array.isArray(result) ? result : [result]
  const chunks = outputs.flatMap((output) => ('output' in output ? output.output : []))
  return chunks.map((chunk) => (chunk.type === 'chunk' ? chunk.code : '')).join('')
}

let over = false
console.log(`${'entry'.padEnd(26)}${'minified'.padStart(10)}${'gzip'.padStart(9)}  budget`)
for (const { name, file, bundle: bundled, budget } of budgets) {
  const path = `${root}dist/${file}`
  if (!existsSync(path)) {
    // the element is the one part that may not be there
    if (file === 'widget.js') continue
    throw new Error(`Cannot measure dist/${file}: there is none. Run \`npm run build\``)
  }
  const code = bundled ? await bundle(path) : readFileSync(path, 'utf8')
  const size = gzipSync(code, { level: 9 }).byteLength
  const verdict = size > budget * 1000 ? '  OVER' : ''
  if (verdict) over = true
  const columns = [kilobytes(code.length).padStart(10), kilobytes(size).padStart(9)]
  console.log(`${name.padEnd(26)}${columns.join('')}  ${budget} KB${verdict}`)
}
if (over) process.exitCode = 1

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(2)} KB`
}
