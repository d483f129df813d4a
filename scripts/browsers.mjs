// Why: what works is to be seen in three engines, and where Firefox and WebKit are is known here alone.

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { debianInstaller, install, runs, starts, which } from './programs.mjs'
import { run } from './run.mjs'

/**
 * @typedef {object} Found
 * @property {'own' | 'playwright'} driver Whether our own driver starts it, or Playwright.
 * @property {string} path Of the program; WebKitGTK's is a library, and this the Python that has it.
 */

const firefoxes = [
  'firefox-esr',
  'firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:/Program Files/Mozilla Firefox/firefox.exe',
]

/** Debian's Python first: only that has Debian's libraries. */
const pythons = ['/usr/bin/python3', 'python3']

const HAS_WEBKIT = 'import gi; gi.require_version("WebKit2", "4.1")'

/** What the little browser of the tests is made of, and a screen for it that nobody sees. */
export const webkitPackages = ['gir1.2-webkit2-4.1', 'python3-gi', 'xvfb']

/**
 * The Firefox to test with: that of `HOLDALL_FIREFOX`, an installed one, Playwright's.
 *
 * @returns {Found | undefined}
 */
export function findFirefox() {
  const wished = process.env['HOLDALL_FIREFOX']
  if (wished && !existsSync(wished)) throw new Error(`No file at HOLDALL_FIREFOX: "${wished}"`)
  const path = wished || firefoxes.map(which).find((found) => found !== undefined && starts(found))
  return path ? { driver: 'own', path } : findPlaywright('firefox')
}

/**
 * The WebKit to test with: WebKitGTK where its bindings for Python are, else Playwright's.
 *
 * @returns {Found | undefined}
 */
export function findWebKit() {
  const path = pythons.map(which).find((found) => found && runs(found, ['-c', HAS_WEBKIT]))
  return path && which('Xvfb') ? { driver: 'own', path } : findPlaywright('webkit')
}

/**
 * Installs what is missing, Debian's before Playwright's: people use those as they are.
 *
 * @param {readonly string[]} [packages] Of Debian, to be installed with them.
 */
export async function installBrowsers(packages = []) {
  const firefox = findFirefox() === undefined ? ['firefox-esr'] : []
  const webkit = findWebKit() === undefined ? webkitPackages : []
  await install([...firefox, ...webkit, ...packages])
  if (firefox.length > 0 && findFirefox() === undefined) await installPlaywright('firefox')
  if (webkit.length > 0 && findWebKit() === undefined) await installPlaywright('webkit')
}

/**
 * Installs a browser of Playwright's.
 *
 * @param {string} name
 */
export async function installPlaywright(name) {
  console.log(`${name.padEnd(10)}not found: trying to install Playwright's`)
  // without its libraries the browser would be there and not start
  const withLibraries = debianInstaller() ? ['--with-deps'] : []
  await run('playwright', ['install', ...withLibraries, name], {
    minutes: 5,
    show: 'if it fails',
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000' },
  })
}

/**
 * @param {'chromium' | 'firefox' | 'webkit'} name
 * @returns {{ driver: 'playwright', path: string } | undefined}
 */
export function findPlaywright(name) {
  try {
    const path = createRequire(import.meta.url)('@playwright/test')[name].executablePath()
    return existsSync(path) ? { driver: 'playwright', path } : undefined
  } catch {
    return undefined
  }
}
