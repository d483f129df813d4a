/** The demo, built as any app would build it: with the plugin, and the package by its name. */

import { defineConfig } from 'vite'
import { shopOrigin } from './scripts/demo-sites.mjs'
import { holdall } from './src/vite.ts'

export default defineConfig({
  plugins: [holdall({ embed: { origins: [shopOrigin] } })],
  // reports hold pages, which are no part of the demo
  server: { watch: { ignored: ['**/reports/**'] } },
  build: {
    outDir: 'dist-demo',
    target: 'es2022',
    rolldownOptions: { input: ['index.html', 'widget.html'] },
  },
})
