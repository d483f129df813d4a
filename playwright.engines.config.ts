/**
 * The scenarios of tests/engines, once for each engine: real downloads in three real browsers, two at a time, as
 * some do nothing but wait.
 */

import { defineConfig } from '@playwright/test'
import endToEnd from './playwright.config.ts'

const slow = process.env['HOLDALL_SLOW'] !== undefined
/** Whether what waits for a minute in Firefox is run by itself, beside other suites. */
const waitsApart = process.env['HOLDALL_WAITS'] === 'apart'

export default defineConfig<object, { engine: string }>({
  ...endToEnd,
  testDir: 'tests/engines',
  outputDir: 'reports/engines',
  globalTimeout: (slow ? 30 : 15) * 60_000,
  reporter: [['list'], ['json', { outputFile: 'reports/engines.json' }]],
  workers: 2, // more would be late for what they wait for, on two cores
  // WebKit last, and so by itself: its pages are slow to answer beside other browsers that start
  projects: ['chromium', 'firefox', 'webkit'].map((name) => ({
    name,
    workers: name === 'firefox' ? 2 : 1,
    use: { engine: name },
    grepInvert: [
      ...(slow ? [] : [/@slow/]),
      ...(name === 'firefox' ? [] : [/@firefox/]),
      ...(name === 'firefox' && waitsApart ? [/@firefox|@waits/] : []),
    ],
  })),
})
