/** The demo, built as any app would build it: with the plugin, and the package by its name. */

import { defineConfig } from 'vite'
import { holdall } from './src/vite.ts'

export default defineConfig({
  plugins: [holdall()],
  build: { outDir: 'dist-demo', target: 'es2022' },
})
