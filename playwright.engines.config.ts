/** The scenarios of tests/engines, once for each engine: real downloads in three real browsers. */

import { defineConfig } from '@playwright/test'
import endToEnd from './playwright.config.ts'

export default defineConfig<object, { engine: string }>({
  ...endToEnd,
  testDir: 'tests/engines',
  outputDir: 'reports/engines',
  globalTimeout: 15 * 60_000,
  reporter: [['list'], ['json', { outputFile: 'reports/engines.json' }]],
  projects: ['chromium', 'firefox', 'webkit'].map((name) => ({ name, use: { engine: name } })),
})
