/** Builds the apps of the tests and the demo, with the package as built, before the first spec runs. */

import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { holdall } from '../../src/vite.ts'
import { buildBundleApp } from './bundle-app.ts'

const root = fileURLToPath(new URL('./app/', import.meta.url))

const project = fileURLToPath(new URL('../../', import.meta.url))

/** Where the built app is. */
export const built: string = fileURLToPath(new URL('../../reports/e2e-app/', import.meta.url))

/** The site that may embed the app, as its `embed.html` has it: servers of tests have ports of their own. */
export const SHOP = 'https://shop.example'

// oxlint-disable-next-line import/no-default-export -- Playwright takes its global set-up by that
export default async function buildApp(): Promise<void> {
  if (process.env['HOLDALL_APPS'] === 'built') return // by another suite of the same run
  await build({ root: project, logLevel: 'warn' }) // the demo
  await buildBundleApp()
  const common = { root, configFile: false, logLevel: 'warn' } as const
  await build({
    ...common,
    plugins: [holdall({ embed: { origins: [SHOP] } })],
    build: {
      outDir: built,
      emptyOutDir: true,
      target: 'es2022',
      rolldownOptions: {
        input: { index: `${root}index.html`, widget: `${root}widget.ts` },
        // the pages of its tests are written in them, and name it
        output: {
          entryFileNames: ({ name }) => (name === 'widget' ? '' : 'assets/') + '[name].js',
        },
        preserveEntrySignatures: 'strict',
      },
    },
  })
  await build({
    ...common,
    build: {
      outDir: built,
      emptyOutDir: false,
      target: 'es2022',
      rolldownOptions: {
        input: `${root}own-service-worker.ts`,
        output: { format: 'iife', entryFileNames: 'own-service-worker.js' },
      },
    },
  })
}
