// Why: the package is plain modules from tsc, but a worker and a service worker must be one file
// each, because neither is resolved by an app's bundler in the way that imports are.

import { copyFile, readFile, rm } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { build } from 'vite'
import { writeElementsManifest } from './elements-manifest.mjs'
import { creditsOf, writeLicenses } from './licenses.mjs'
import { root, run } from './run.mjs'

/** The programs that become dist/; the rest only checks types. */
const programs = ['off-page', 'page', 'vite']

/** Makes dist/ anew. Fails if anything in it does not compile. */
export async function buildPackage() {
  await rm(`${root}dist`, { recursive: true, force: true })
  for (const program of programs) await rm(buildInfo(program), { force: true })

  const code = await run('tsc', ['-b', ...programs.map((program) => `tsconfig.${program}.json`)])
  if (code !== 0) throw new Error('Cannot build the package: tsc found errors')

  await writeLicenses([
    await bundle('src/sw/standalone.ts', 'holdall-sw.js', 'iife'),
    await bundle('src/worker/main.ts', 'holdall-worker.js', 'es'),
    await bundle('src/embed/main.ts', 'embed.js', 'es', asLibrary),
    await bundle('src/embed/page-maker.ts', 'holdall-embed-page.js', 'es', asLibrary),
    await bundle('src/embed/frame.ts', 'holdall-embed-frame.js', 'es', asLibrary),
    await bundle('src/embed/worker.ts', 'holdall-embed-worker.js', 'es'),
  ])
  await copyFile(`${root}src/embed/embed.html`, `${root}dist/embed.html`)
  await writeElementsManifest()
}

/** @param {string} program */
function buildInfo(program) {
  return `${root}.tsbuild/${program}.tsbuildinfo`
}

/**
 * What the scripts of an embedding replace is not to be in them: the worker that is started by default, which
 * Vite would bundle into what starts it, the element's own jobs, and uploads, as a page can ask for none there.
 *
 * @type {import('vite').Plugin}
 */
const withoutDefaults = {
  name: 'without-defaults',
  enforce: 'pre',
  transform: {
    filter: { id: /src\/(?:client\/(?:configuration|job)|widget\/(?:offers|jobs))\.ts$/ },
    handler: (code) => ({
      code: code
        .replace(`new URL('../holdall-worker.js', import.meta.url)`, `''`)
        .replace(/import\('\.\/(?:page-job|look-back|upload)\.ts'\)/g, 'Promise.reject()'),
      map: null,
    }),
  },
}

/**
 * For scripts that import parts of themselves late: otherwise Vite adds a loader around each such import, as for an app.
 * A library is minified only if it is said twice.
 *
 * @param {string} entry
 * @returns {import('vite').BuildOptions}
 */
function asLibrary(entry) {
  return { lib: { entry: `${root}${entry}`, formats: ['es'] } }
}

/**
 * Bundles `entry` and all that it imports to one minified script, without a map: it is copied to where that would be
 * missing.
 *
 * @param {string} entry
 * @param {string} fileName In dist/.
 * @param {'iife' | 'es'} format `iife` for a classic script.
 * @param {(entry: string) => import('vite').BuildOptions} [kind] What it is built as. Default: an app.
 * @returns {Promise<import('./licenses.mjs').License[]>} Of what it has of others.
 */
async function bundle(entry, fileName, format, kind = () => ({})) {
  const licenses = `${fileName}.licenses.json`
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [withoutDefaults],
    build: {
      outDir: 'dist',
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      modulePreload: false,
      license: { fileName: licenses },
      ...kind(entry),
      rolldownOptions: {
        input: `${root}${entry}`,
        preserveEntrySignatures: 'strict',
        output: {
          format,
          entryFileNames: fileName,
          codeSplitting: false,
          minify: true,
          postBanner: ({ moduleIds }) => creditsOf(moduleIds),
        },
      },
    },
  })
  const path = `${root}dist/${licenses}`
  const found = JSON.parse(await readFile(path, 'utf8'))
  await rm(path)
  return found
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await buildPackage()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
