/** Which browsers the tests take: none that is here and cannot run, and none that is shut into a snap. */

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isSnap } from '../../scripts/programs.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))

const SPEAKS = '#!/bin/sh\necho A browser 1.0\n'
/** Ubuntu's, which starts well, and would be of no use. */
const UBUNTUS = `${SPEAKS}exit 0\nexec /snap/bin/firefox "$@"\n`

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdall-browsers-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function program(path: string, text: string): string {
  const full = join(folder, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, text, { mode: 0o755 })
  return full
}

/** What an expression of the scripts gives, where nothing is installed but what `program` has put there. */
function found(expression: string, more: Record<string, string> = {}): unknown {
  const script = `
    const scripts = { ...await import('./scripts/browsers.mjs'), ...await import('./scripts/setup.mjs') }
    console.log(JSON.stringify([${expression}]))`
  const playwright = join(folder, 'playwright')
  const env = { PATH: folder, HOME: folder, PLAYWRIGHT_BROWSERS_PATH: playwright, ...more }
  const options = { cwd: root, env, encoding: 'utf8' } as const
  const args = ['--input-type=module', '-e', script]
  return JSON.parse(execFileSync(process.execPath, args, options))
}

describe.runIf(process.platform === 'linux')('a browser', () => {
  it('of a snap is passed over, and the next one is taken', () => {
    program('firefox', UBUNTUS)
    program('chromium-browser', UBUNTUS.replaceAll('firefox', 'chromium'))
    expect(found('scripts.findFirefox(), scripts.findChromium()')).toEqual([null, null])
    const path = program('google-chrome', SPEAKS)
    expect(found('scripts.findChromium()')).toEqual([path])
  })

  it('of a snap is one where a script would start it', () => {
    // what is in a snap cannot be told from what runs it: /snap/bin has links to /usr/bin/snap
    expect(isSnap(program('firefox', UBUNTUS))).toBe(true)
    expect(isSnap(program('other', SPEAKS))).toBe(false)
    symlinkSync(join(folder, 'firefox'), join(folder, 'link'))
    expect(isSnap(join(folder, 'link'))).toBe(true)
    expect(isSnap(process.execPath)).toBe(false)
    expect(isSnap(folder), 'a folder on PATH that is called like a browser').toBe(false)
  })

  it('that takes extensions is none of Google’s', () => {
    const name = 'scripts.findExtensible(), scripts.findChromium()'
    const chrome = program('opt/google/chrome/google-chrome', SPEAKS)
    symlinkSync(chrome, join(folder, 'chrome'))
    expect(found(name)).toEqual([null, join(folder, 'chrome')])
    expect(found(name, { HOLDALL_CHROMIUM: chrome })).toEqual([null, chrome])
    const other = program('chromium-browser', SPEAKS)
    expect(found(name)).toEqual([other, other])
    expect(found(name, { HOLDALL_CHROMIUM: other })).toEqual([other, other])
  })

  it('of Playwright that does not start is none, and it is said why', { timeout: 30_000 }, () => {
    const playwright = '(await import("@playwright/test")).webkit.executablePath()'
    const [path] = found(playwright) as [string]
    const why = 'scripts.findPlaywright("webkit"), scripts.whyAbsent("webkit")'
    expect(found(why)).toEqual([null, 'webkit is not on this machine'])
    program(relative(folder, path), '#!/bin/sh\nexit 1\n')
    expect(found(why)).toEqual([
      null,
      expect.stringMatching(/^Playwright's webkit does not start: \S/),
    ])
  })
})
