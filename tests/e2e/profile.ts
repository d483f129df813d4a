/** A browser that keeps a profile on a disk, to be killed and started anew, or with settings of its own. */

import { chromium, type BrowserContext, type LaunchOptions } from '@playwright/test'
import { findChromium } from '../../scripts/setup.mjs'

/** Starts all of Chromium: its headless shell knows few settings, and other processes than users have. */
export function launchWithProfile(
  profile: string,
  launchOptions: LaunchOptions = {},
): Promise<BrowserContext> {
  const executablePath = findChromium()
  return chromium.launchPersistentContext(profile, {
    ...launchOptions,
    ...(executablePath !== undefined && { executablePath }),
  })
}
