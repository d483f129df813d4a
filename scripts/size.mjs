// Why: the sizes are a promise of the README. What an app's own bundler would add is measured, too:
// each entry with its dependencies, minified and gzipped, the files loaded later left out.

import { existsSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build, minifySync } from 'vite'
import { root } from './run.mjs'

/** Budgets in KB of 1000 bytes, by file of dist/. `bundled`: with what it imports. */
const budgets = [
  { name: 'holdall', file: 'index.js', bundled: true, budget: 6.4 },
  { name: 'holdall/core', file: 'core.js', bundled: true, budget: 27 },
  { name: 'holdall/service-worker', file: 'service-worker.js', bundled: true, budget: 31 },
  { name: 'holdall/widget', file: 'widget.js', bundled: true, budget: 8 },
  { name: 'holdall/bundle', file: 'bundle.js', bundled: true, budget: 7 },
  { name: 'holdall-sw.js', file: 'holdall-sw.js', bundled: false, budget: 31 },
  { name: 'holdall-worker.js', file: 'holdall-worker.js', bundled: false, budget: 36 },
  { name: 'embed.js', file: 'embed.js', bundled: false, budget: 22.5 },
]

/**
 * All that `file` exports, with what it imports, as an app would get it.
 *
 * @param {string} file
 * @returns {Promise<{ now: string[], later: string[] }>} The scripts that a page waits for, and
 *   those that the package imports when they are needed.
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
      // As a library: an app's build would add the loader that all its dynamic imports share.
      lib: { entry: file, formats: ['es'] },
    },
  })
  const outputs = Array.isArray(result) ? result : [result]
  const chunks = outputs
    .flatMap((output) => ('output' in output ? output.output : []))
    .filter((chunk) => chunk.type === 'chunk')
    .map((chunk) => ({ ...chunk, code: minify(chunk) }))

  const needed = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
  for (const fileName of needed) {
    for (const imported of chunks.find((chunk) => chunk.fileName === fileName)?.imports ?? []) {
      needed.add(imported)
    }
  }
  return {
    now: chunks.filter(({ fileName }) => needed.has(fileName)).map(({ code }) => code),
    later: chunks.filter(({ fileName }) => !needed.has(fileName)).map(({ code }) => code),
  }
}

/** @param {{ fileName: string, code: string }} chunk */
function minify({ fileName, code }) {
  return minifySync(fileName, code, { module: true }).code
}

/**
 * @param {readonly string[]} scripts
 * @returns {number} What they are together, in bytes, each gzipped by itself as a server would.
 */
function gzipped(scripts) {
  return scripts.reduce((sum, code) => sum + gzipSync(code, { level: 9 }).byteLength, 0)
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(2)} KB`.padStart(10)
}

let over = false
console.log(
  `${' '.repeat(24)}${['minified', 'gzip', 'budget', 'later'].map((word) => word.padStart(10)).join('')}`,
)
for (const { name, file, bundled, budget } of budgets) {
  const path = `${root}dist/${file}`
  if (!existsSync(path)) {
    throw new Error(`Cannot measure dist/${file}: there is none. Run \`npm run build\``)
  }
  const { now, later } = bundled
    ? await bundle(path)
    : { now: [readFileSync(path, 'utf8')], later: [] }
  const size = gzipped(now)
  const minified = Buffer.byteLength(now.join(''))
  const verdict = size > budget * 1000 ? '  OVER' : ''
  if (verdict) over = true
  const columns = [minified, size, budget * 1000, gzipped(later)].map(kilobytes).join('')
  console.log(`${name.padEnd(24)}${columns}${verdict}`)
}
if (over) process.exitCode = 1
