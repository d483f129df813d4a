// Why: each contestant is a page of its own, built as an app would be, so that nobody pays for another.

import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const demo = fileURLToPath(new URL('../../', import.meta.url))
const app = fileURLToPath(new URL('../app/', import.meta.url))
const packages = fileURLToPath(new URL('../../node_modules/', import.meta.url))
/** What the server of the benches serves. */
export const served = fileURLToPath(new URL('../../reports/bench-app/', import.meta.url))

/**
 * Files that a peer's README has one copy beside one's pages: as they are, from and to.
 *
 * @type {Record<string, readonly (readonly [from: string, to: string])[]>}
 */
const copies = {
  downzip: [['downzip/dist/downzip-sw.js', 'downzip-sw.js']],
  streamsaver: [
    ['streamsaver/mitm.html', 'saver/mitm.html'],
    ['streamsaver/sw.js', 'saver/sw.js'],
  ],
  conflux: [
    ['streamsaver/mitm.html', 'saver/mitm.html'],
    ['streamsaver/sw.js', 'saver/sw.js'],
  ],
}

/** @type {Promise<void> | undefined} */
let built

/** Builds the pages and the service workers beside them, once. */
export function buildApp() {
  built ??= buildAll()
  return built
}

async function buildAll() {
  const { holdall } = await import('../../dist/vite.js')
  rmSync(served, { recursive: true, force: true })
  await build({
    root: demo,
    logLevel: 'error',
    base: '/demo/',
    build: { outDir: `${served}demo` },
  })
  const folders = readdirSync(app, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const { name } of folders) {
    const root = `${app}${name}/`
    const outDir = `${served}${name}`
    const usesHoldall = name === 'holdall' || name === 'inside'
    const common = /** @type {const} */ ({ configFile: false, logLevel: 'error', root })
    await build({
      ...common,
      base: `/${name}/`,
      plugins: usesHoldall ? [holdall()] : [],
      build: { outDir, emptyOutDir: true, modulePreload: { polyfill: false }, target: 'es2022' },
    })
    if (existsSync(`${root}service-worker.js`)) {
      await build({
        ...common,
        build: {
          outDir,
          emptyOutDir: false,
          rolldownOptions: {
            input: `${root}service-worker.js`,
            output: { format: 'iife', entryFileNames: 'service-worker.js' },
          },
        },
      })
    }
    for (const [from, to] of copies[name] ?? []) {
      if (to.includes('/')) mkdirSync(`${outDir}/${to.split('/')[0]}`, { recursive: true })
      copyFileSync(packages + from, `${outDir}/${to}`)
    }
  }
}
