// Why: what works is to be seen in three engines, and where Firefox and WebKit are is known here alone.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { debianInstaller, install, runs, starts, which } from './programs.mjs'
import { root, run } from './run.mjs'

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
 * @param {readonly string[]} engines Which of `firefox` and `webkit` there are to be.
 * @param {readonly string[]} packages Of Debian, to be installed with them.
 */
export async function installBrowsers(engines, packages) {
  const misses = (/** @type {string} */ engine, /** @type {() => unknown} */ find) =>
    engines.includes(engine) && find() === undefined
  const firefox = misses('firefox', findFirefox) ? ['firefox-esr'] : []
  const webkit = misses('webkit', findWebKit) ? webkitPackages : []
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
  obstacles.delete(name)
}

/**
 * A browser of Playwright's, if it is here and starts: it may be without its libraries.
 *
 * @param {'chromium' | 'firefox' | 'webkit'} name
 * @returns {{ driver: 'playwright', path: string } | undefined}
 */
export function findPlaywright(name) {
  try {
    const path = createRequire(import.meta.url)('@playwright/test')[name].executablePath()
    if (!existsSync(path) || obstacleOf(name, path) !== undefined) return undefined
    return { driver: 'playwright', path }
  } catch {
    return undefined
  }
}

/**
 * Why an engine is not to be had, in words: those with which its tests are skipped.
 *
 * @param {string} engine
 */
export function whyAbsent(engine) {
  const why = obstacles.get(engine)
  if (why === undefined) return `${engine} is not on this machine`
  return `Playwright's ${engine} does not start: ${why}`
}

/** What keeps Playwright's browsers from starting, of those that were tried. */
const obstacles = /** @type {Map<string, string | undefined>} */ (new Map())

/**
 * @param {string} name
 * @param {string} path
 */
function obstacleOf(name, path) {
  if (!obstacles.has(name)) {
    // Chromium's program says by itself whether its libraries are there, and is asked most often
    const why = name === 'chromium' ? !starts(path) && 'a library may be missing' : launched(name)
    obstacles.set(name, why || undefined)
  }
  return obstacles.get(name)
}

const LAUNCH = `require('@playwright/test')[process.argv[1]].launch().then(
  (browser) => browser.close(),
  ({ message }) => { console.error(message); process.exit(1) },
)`

/**
 * Starts a browser of Playwright's once, in a process of its own, as whoever asks cannot wait.
 *
 * @param {string} name
 * @returns {string | undefined} What Playwright says, if it does not start.
 */
function launched(name) {
  const options = /** @type {const} */ ({ cwd: root, encoding: 'utf8', timeout: 60_000 })
  const { status, stderr } = spawnSync(process.execPath, ['-e', LAUNCH, name], options)
  if (status === 0) return undefined
  // it puts what is missing into a frame
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/[╔═╗║╚╝]|^browserType\.launch:/g, ''))
  return lines.map((line) => line.trim()).find((line) => line !== '') ?? 'it says nothing'
}
