/** Chromium on a screen, whose own dialogs for saving are answered as by a user. */

import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { BrowserContext, LaunchOptions, Page } from '@playwright/test'
import { which } from '../../scripts/programs.mjs'
import { launchWithProfile } from '../e2e/profile.ts'
import { ALONE, startScreen } from './screen.ts'

/** The keys of GTK's dialog. */
const KEYS = { save: 'alt+s', cancel: 'Escape' }

/** How long the dialog may take to come, in ms. */
const COMES_WITHIN = 20_000

export interface Desktop {
  readonly page: Page
  /** Where the dialog saves, unless it is told otherwise. */
  readonly folder: string
  /** Waits for the dialog that `ask` brings, and presses a button of it. */
  answer(button: keyof typeof KEYS, ask: () => Promise<void>): Promise<void>
  end(): Promise<void>
}

/** Why it cannot be had here, if it cannot. */
export function missing(): string | undefined {
  const program = ['Xvfb', 'xdotool'].find((name) => which(name) === undefined)
  return program && `${program} is not on this machine`
}

export async function startDesktop(url: string, options: LaunchOptions): Promise<Desktop> {
  const home = await mkdtemp(join(tmpdir(), 'holdall-desktop-'))
  const { display, end } = await startScreen()
  const env = { ...process.env, ...ALONE, DISPLAY: display, HOME: home, LANGUAGE: 'en' }
  let context: BrowserContext | undefined
  const stop = async (): Promise<void> => {
    await context?.close()
    await end()
    await rm(home, { recursive: true, force: true, maxRetries: 3 })
  }
  const open = async (): Promise<Page> => {
    const profile = join(home, 'profile')
    const args = [...(options.args ?? []), '--ozone-platform=x11']
    context = await launchWithProfile(profile, { ...options, args, headless: false, env })
    const first = context.pages()[0] ?? (await context.newPage())
    await first.goto(url)
    return first
  }
  const page = await open().catch(async (error: unknown) => {
    await stop()
    throw error
  })

  const xdotool = (...args: string[]): string =>
    execFileSync('xdotool', args, { env, encoding: 'utf8' }).trim()
  const windows = (): string[] => xdotool('search', '--onlyvisible', '--name', '.').split('\n')

  return {
    page,
    folder: home,
    answer: async (button, ask) => {
      const before = windows()
      await ask()
      const late = Date.now() + COMES_WITHIN
      for (;;) {
        const dialog = windows().find((window) => !before.includes(window))
        if (dialog !== undefined) {
          xdotool('windowfocus', '--sync', dialog)
          xdotool('key', '--clearmodifiers', KEYS[button])
          return
        }
        if (Date.now() > late) throw new Error('There is no dialog')
        await wait(100)
      }
    },
    end: stop,
  }
}
