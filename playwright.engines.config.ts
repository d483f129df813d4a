/** The scenarios of tests/engines, once for each engine: real downloads in three real browsers. */

import { defineConfig } from '@playwright/test'
import endToEnd from './playwright.config.ts'

const slow = process.env['HOLDALL_SLOW'] !== undefined

export default defineConfig<object, { engine: string }>({
  ...endToEnd,
  testDir: 'tests/engines',
  outputDir: 'reports/engines',
  globalTimeout: (slow ? 30 : 15) * 60_000,
  reporter: [['list'], ['json', { outputFile: 'reports/engines.json' }]],
  projects: ['chromium', 'firefox', 'webkit'].map((name) => ({
    name,
    use: { engine: name },
    grepInvert: [...(slow ? [] : [/@slow/]), ...(name === 'firefox' ? [] : [/@firefox/])],
  })),
})
