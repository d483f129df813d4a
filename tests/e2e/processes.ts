/** The processes of a browser, for tests that end some of them as a crash does. */

import { execFileSync } from 'node:child_process'
import type { BrowserContext } from '@playwright/test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

/** The processes of the browser whose profile is at `profile`, with their command lines. */
export function processesOf(profile: string): { pid: number; line: string }[] {
  const lines = existsSync('/proc/self/cmdline')
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((pid) => `${pid} ${commandLine(pid)}`)
    : execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n')
  return lines
    .filter((line) => line.includes(profile))
    .map((line) => ({ pid: Number.parseInt(line, 10), line }))
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
  } catch {
    return '' // it has ended meanwhile
  }
}

/** Ends all renderers, and waits until nothing is left of them: Chromium opens no page in one that is half dead. */
export async function killRenderers(profile: string): Promise<void> {
  const renderers = processesOf(profile).filter(({ line }) => line.includes('--type=renderer'))
  for (const { pid } of renderers) process.kill(pid, 'SIGKILL')
  while (renderers.some(({ pid }) => isThere(pid))) await setTimeout(10)
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Ends the browser of `context`, whose profile is at `profile`, as a crash or a loss of power does. */
export async function killBrowser(context: BrowserContext, profile: string): Promise<void> {
  const closed = context.waitForEvent('close')
  const browser = processesOf(profile).find(({ line }) => !line.includes('--type='))
  process.kill(browser!.pid, 'SIGKILL')
  await closed
}
