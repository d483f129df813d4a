/** Builds the app that is exported as a bundle, and imported again: Vite, and Workbox's precaching. */

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'vite'
import { holdall } from '../../src/vite.ts'

const root = fileURLToPath(new URL('./bundle-app/', import.meta.url))

/** Where the built app is; `startServer({ root: bundleApp })` serves it. */
export const bundleApp: string = fileURLToPath(
  new URL('../../reports/e2e-bundle-app/', import.meta.url),
)

/** What the service worker precaches: by Workbox's rule, a name with a hash in it needs no revision. */
export interface Precached {
  readonly url: string
  readonly revision: string | null
}

/** Builds it into `bundleApp`, with the package as built. */
export async function buildBundleApp(): Promise<void> {
  const common = { root, configFile: false, logLevel: 'warn' } as const
  await build({
    ...common,
    plugins: [holdall(), withClassicBuild],
    build: {
      outDir: bundleApp,
      emptyOutDir: true,
      target: 'es2022',
      rolldownOptions: {
        input: ['index.html', 'modern.html', 'docs/guide.html'].map((path) => root + path),
      },
    },
  })
  await buildScript('classic.ts', CLASSIC)
  await buildScript('service-worker.ts', 'sw.js', {
    'self.__WB_MANIFEST': JSON.stringify(await listPrecached()),
  })
}

const CLASSIC = 'classic.js'

/** The classic build beside the modern one, as Vite's legacy plugin has it. */
const withClassicBuild: Plugin = {
  name: 'with-classic-build',
  transformIndexHtml: {
    order: 'post',
    handler: (_, { path }) =>
      path === '/index.html'
        ? [{ tag: 'script', injectTo: 'body', attrs: { nomodule: true, src: `/${CLASSIC}` } }]
        : [],
  },
}

async function buildScript(
  input: string,
  fileName: string,
  define: Record<string, string> = {},
): Promise<void> {
  await build({
    root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    build: {
      outDir: bundleApp,
      emptyOutDir: false,
      target: 'es2022',
      rolldownOptions: {
        input: root + input,
        output: { format: 'iife', entryFileNames: fileName },
      },
    },
  })
}

/** What the built app precaches. */
export async function listPrecached(): Promise<Precached[]> {
  const paths = await readdir(bundleApp, { recursive: true })
  const entries: Precached[] = []
  for (const path of paths.map((name) => name.replaceAll('\\', '/'))) {
    if (!/\.(?:html|css|js|svg)$/.test(path) || /^(?:holdall-|notes\/|sw\.js$)/.test(path)) continue
    const bytes = await readFile(join(bundleApp, path))
    const isHashed = path.startsWith('assets/')
    const revision = isHashed ? null : createHash('md5').update(bytes).digest('hex')
    entries.push({ url: `/${path}`, revision })
  }
  return entries.toSorted((a, b) => a.url.localeCompare(b.url, 'en'))
}
