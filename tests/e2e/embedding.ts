/** What the specs of embedding need: two sites, and a browser that lets one be at home in the other. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContext } from '@playwright/test'
import { allowFrames } from '../engines/playwright.ts'
import { openApp, test as base, type Page } from './fixtures.ts'
import { launchWithProfile } from './profile.ts'
import { startSites, type Sites, type SitesOptions } from './sites.ts'

interface Fixtures {
  sitesOptions: SitesOptions
  sites: Sites
  /** A page of the shop, ready to be used. */
  shop: Page
}

interface WorkerFixtures {
  /** Whether to start all of Chromium, whose sites have processes of their own. Default: no. */
  isolatesSites: boolean
  /** A browser that lets frames of other sites keep data; contexts of Playwright's do not. */
  permissive: BrowserContext
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  sitesOptions: [{}, { option: true }],
  isolatesSites: [false, { option: true, scope: 'worker' }],
  permissive: [
    async ({ playwright, launchOptions, isolatesSites }, use) => {
      const profile = await mkdtemp(join(tmpdir(), 'holdall-embed-'))
      await allowFrames(profile)
      const context = isolatesSites
        ? await launchWithProfile(profile, launchOptions)
        : await playwright.chromium.launchPersistentContext(profile, launchOptions)
      await use(context)
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
    { scope: 'worker' },
  ],
  page: async ({ permissive }, use) => {
    const page = await permissive.newPage()
    await use(page)
    await page.close()
  },
  sites: async ({ sitesOptions }, use) => {
    const sites = await startSites(sitesOptions)
    await use(sites)
    await sites.close()
  },
  shop: async ({ page, sites }, use) => {
    await openApp(page, sites.shop)
    await use(page)
  },
})
