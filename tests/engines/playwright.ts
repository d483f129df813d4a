/** Drives a browser by Playwright: Chromium, and its own builds of the others where no other is. */

import type {
  BrowserContext,
  BrowserType,
  Download as TheirDownload,
  LaunchOptions,
  Page as TheirPage,
} from '@playwright/test'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Download, DownloadState, Page } from './engine.ts'

const NAMES: Record<string, string> = {
  chromium: 'Chromium',
  firefox: 'Firefox',
  webkit: 'WebKit',
}

export async function startPlaywright(type: BrowserType, options: LaunchOptions): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), `holdall-${type.name()}-`))
  if (type.name() === 'chromium') await allowFrames(profile)
  // a context of Playwright's is a private window; only one with a profile is not
  const common = await type.launchPersistentContext(profile, options)
  const secret = await type.launch(options)
  const downloads: Download[] = []

  return {
    name: `${NAMES[type.name()]} ${secret.version()}`,
    open: async (url, { private: isPrivate = false } = {}) => {
      const context = isPrivate ? await secret.newContext() : common
      const page = await context.newPage()
      page.on('download', (download) => downloads.push(watched(download)))
      await page.goto(url)
      return pageOf(page, isPrivate ? context : undefined)
    },
    downloads: async () => [...downloads],
    close: async () => {
      await common.close()
      await secret.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/**
 * Lets frames of other sites keep data (third-party cookies) in all but private windows, which is what
 * Chrome does by default; some distributions of Chromium do otherwise.
 */
export async function allowFrames(profile: string): Promise<void> {
  await mkdir(join(profile, 'Default'))
  const preferences = { profile: { cookie_controls_mode: 2 } }
  await writeFile(join(profile, 'Default/Preferences'), JSON.stringify(preferences))
}

/** @param context That is to be closed with the page. */
function pageOf(page: TheirPage, context: BrowserContext | undefined): Page {
  return {
    evaluate: (script, argument) => page.evaluate(script as (argument: unknown) => never, argument),
    close: async () => {
      await page.close()
      await context?.close()
    },
  }
}

/** A download, whose state follows what becomes of it. */
function watched(download: TheirDownload): Download {
  const seen: { state: DownloadState; path: string } = { state: 'running', path: '' }
  let cancelled = false
  void download.failure().then(async (failure) => {
    if (failure === null) seen.path = await download.path()
    // for failed ones, too, Playwright and DevTools say that they were cancelled
    if (failure === null) seen.state = 'complete'
    else seen.state = cancelled ? 'cancelled' : 'failed'
  })
  return {
    url: download.url(),
    name: download.suggestedFilename(),
    get state() {
      return seen.state
    },
    get path() {
      return seen.path
    },
    cancel: async () => {
      cancelled = true
      await download.cancel()
    },
  }
}
