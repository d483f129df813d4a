// Why: the package is plain modules from tsc, but a worker and a service worker must be one file
// each, because neither is resolved by an app's bundler in the way that imports are.

import { rm } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { writeElementsManifest } from './elements-manifest.mjs'
import { root, run } from './run.mjs'

/** The programs that become dist/; the rest only checks types. */
const programs = ['off-page', 'page', 'vite']

/** Makes dist/ anew. Fails if anything in it does not compile. */
export async function buildPackage() {
  await rm(`${root}dist`, { recursive: true, force: true })
  for (const program of programs) await rm(buildInfo(program), { force: true })

  const code = await run('tsc', ['-b', ...programs.map((program) => `tsconfig.${program}.json`)])
  if (code !== 0) throw new Error('Cannot build the package: tsc found errors')

  await bundle('src/sw/standalone.ts', 'holdall-sw.js', 'iife')
  await bundle('src/worker/main.ts', 'holdall-worker.js', 'es')
  await writeElementsManifest()
}

/** @param {string} program */
function buildInfo(program) {
  return `${root}.tsbuild/${program}.tsbuildinfo`
}

/**
 * Bundles `entry` and all that it imports to one minified script without exports.
 *
 * @param {string} entry
 * @param {string} fileName In dist/.
 * @param {'iife' | 'es'} format `iife` for a classic script.
 */
async function bundle(entry, fileName, format) {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      // holdall-sw.js gets copied to where its map would be missing
      sourcemap: format === 'es',
      rolldownOptions: {
        input: `${root}${entry}`,
        output: { format, entryFileNames: fileName, codeSplitting: false },
      },
    },
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await buildPackage()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
