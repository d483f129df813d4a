/** Windows that lack something: the app on a page that is not secure, and in a profile that keeps nothing. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openApp, test as base, type Page } from './fixtures.ts'
import { launchWithProfile } from './profile.ts'

export interface Windows {
  insecureApp: Page
  appWithoutStorage: Page
}

export const test = base.extend<Windows>({
  insecureApp: async ({ playwright, server, launchOptions }, use) => {
    const browser = await playwright.chromium.launch({
      ...launchOptions,
      args: [...(launchOptions.args ?? []), '--host-resolver-rules=MAP insecure.test 127.0.0.1'],
    })
    const page = await browser.newPage()
    const origin = server.origin.replace('127.0.0.1', 'insecure.test')
    await openApp(page, { ...server, origin })
    await use(page)
    await browser.close()
  },
  appWithoutStorage: async ({ server, launchOptions }, use) => {
    const profile = await mkdtemp(join(tmpdir(), 'holdall-profile-'))
    await mkdir(join(profile, 'Default'))
    const settings = { profile: { default_content_setting_values: { cookies: 2 } } }
    await writeFile(join(profile, 'Default/Preferences'), JSON.stringify(settings))
    const context = await launchWithProfile(profile, launchOptions)
    const page = await context.newPage()
    await openApp(page, server)
    await use(page)
    await context.close()
    await rm(profile, { recursive: true, force: true })
  },
})
