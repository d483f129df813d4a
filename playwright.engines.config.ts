/**
 * The scenarios of tests/engines, once for each engine: real downloads in three real browsers, two at a time, as
 * some do nothing but wait.
 */

import { defineConfig } from '@playwright/test'
import endToEnd from './playwright.config.ts'

const slow = process.env['HOLDALL_SLOW'] !== undefined
/** What waits for a minute in Firefox: that `only`, or `none` of it, as it is run by itself, beside other suites. */
const waits = process.env['HOLDALL_WAITS']
const WAITS = /@firefox|@waits/

export default defineConfig<object, { engine: string }>({
  ...endToEnd,
  testDir: 'tests/engines',
  outputDir: 'reports/engines',
  globalTimeout: (slow ? 30 : 15) * 60_000,
  reporter: [['list'], ['json', { outputFile: 'reports/engines.json' }]],
  workers: waits === 'only' ? 4 : 2, // more would be late for what they wait for, on two cores
  // WebKit last, and so by itself: its pages are slow to answer beside other browsers that start
  projects: ['chromium', 'firefox', 'webkit'].map((name) => ({
    name,
    workers: name === 'firefox' ? (waits === 'only' ? 4 : 2) : 1,
    use: { engine: name },
    ...(waits === 'only' && { grep: WAITS }),
    grepInvert: [
      ...(slow ? [] : [/@slow/]),
      ...(name === 'firefox' ? [] : [/@firefox/]),
      ...(name === 'firefox' && waits === 'none' ? [WAITS] : []),
    ],
  })),
})
