/** All of Chromium: its headless shell knows few settings, and has other processes than users have. */

import { chromium, type Browser, type BrowserContext, type LaunchOptions } from '@playwright/test'
import { findChromium } from '../../scripts/setup.mjs'

/** A browser that keeps a profile on a disk, to be killed and started anew, or with settings of its own. */
export function launchWithProfile(
  profile: string,
  launchOptions?: LaunchOptions,
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, whole(launchOptions))
}

/** One whose windows are private. */
export function launch(launchOptions: LaunchOptions): Promise<Browser> {
  return chromium.launch(whole(launchOptions))
}

function whole(launchOptions?: LaunchOptions): LaunchOptions {
  const executablePath = findChromium()
  return { ...launchOptions, ...(executablePath !== undefined && { executablePath }) }
}
