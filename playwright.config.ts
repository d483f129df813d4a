/**
 * The end-to-end suite: real downloads in Chromium, each spec starting the servers it needs.
 *
 * Most tests wait more than they work, so some run side by side. Those that measure memory, or how soon
 * something happens, are tagged `@alone`: `npm test` runs that project by itself. Those that take minutes, or
 * that show by way of much what others show of little, are `@large`: `npm test -- --all` runs them.
 */

import { defineConfig, type LaunchOptions } from '@playwright/test'
import { scratchFolder } from './scripts/scratch.mjs'
import { CHROMIUM_ARGUMENTS, findChromium, findHeadlessShell } from './scripts/setup.mjs'

function launchOptions(executablePath: string | undefined): LaunchOptions {
  return {
    ...(executablePath !== undefined && { executablePath }),
    // gigabytes of them: /tmp may be in memory
    downloadsPath: `${scratchFolder}downloads`,
    args: [...CHROMIUM_ARGUMENTS],
  }
}

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.ts',
  globalSetup: './tests/e2e/build-app.ts',
  outputDir: 'reports/e2e',
  workers: 3, // a test waits for half of its time
  fullyParallel: true,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  timeout: 60_000,
  globalTimeout: 25 * 60_000,
  reporter: [['list'], ['json', { outputFile: 'reports/e2e.json' }]],
  use: {
    acceptDownloads: true,
    // `--trace on` shows all that happened; always on, it costs more than many a test
    trace: 'off',
    launchOptions: launchOptions(findChromium()),
  },
  projects: [
    {
      name: 'chromium',
      grepInvert: /@alone|@large/,
      use: { browserName: 'chromium', launchOptions: launchOptions(findHeadlessShell()) },
    },
    {
      name: 'large',
      workers: 2,
      grep: /@large/,
      use: { browserName: 'chromium', launchOptions: launchOptions(findHeadlessShell()) },
    },
    {
      name: 'alone',
      grep: /@alone/,
      workers: 1,
      use: { browserName: 'chromium' },
    },
  ],
})
