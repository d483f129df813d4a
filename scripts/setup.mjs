// Why: the suites need browsers and real archive readers, and no machine has all of them.
// Finds each, installs what is missing where that can be done unasked, and says what it found.

import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  findFirefox,
  findPlaywright,
  findWebKit,
  installBrowsers,
  installPlaywright,
  whyAbsent,
  webkitPackages,
} from './browsers.mjs'
import { install, runs, starts, which } from './programs.mjs'
import { findRuntime, installRuntimes, runtimeNames } from './runtimes.mjs'

/**
 * @typedef {object} Reader
 * @property {readonly string[]} commands Names it goes by, the preferred one first.
 * @property {readonly string[]} [probe] Arguments with which it does nothing and succeeds, if there are any.
 * @property {string} debian Its package there.
 * @property {string} [brew] Its formula, if it has one.
 */

/** @typedef {'unzip' | '7z' | 'bsdtar' | 'python3' | 'funzip' | 'busybox' | 'java'} ReaderName */

/** @type {Record<ReaderName, Reader>} */
const readers = {
  unzip: { commands: ['unzip'], probe: ['-v'], debian: 'unzip', brew: 'unzip' },
  '7z': { commands: ['7zz', '7z'], probe: ['i'], debian: 'p7zip-full', brew: 'sevenzip' },
  bsdtar: {
    // Windows' own tar is bsdtar
    commands: process.platform === 'win32' ? ['tar', 'bsdtar'] : ['bsdtar'],
    probe: ['--version'],
    debian: 'libarchive-tools',
    brew: 'libarchive',
  },
  python3: { commands: ['python3', 'python'], probe: ['-V'], debian: 'python3', brew: 'python' },
  funzip: { commands: ['funzip'], debian: 'unzip', brew: 'unzip' },
  busybox: { commands: ['busybox'], probe: ['unzip', '--help'], debian: 'busybox' },
  java: {
    commands: ['java'],
    probe: ['-version'],
    debian: 'default-jdk-headless',
    brew: 'openjdk',
  },
}

/** The program, and Debian's package, which has the version of its `chromium`. */
const SHELL = 'chromium-headless-shell'

/** What Chromium is started with in tests and benches: no sandbox, as containers have none, and nothing in the background. */
export const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const programs = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ...['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) =>
    process.env[name] ? [join(process.env[name], 'Google/Chrome/Application/chrome.exe')] : [],
  ),
]

/**
 * The Chromium or Chrome to test with: that of `HOLDALL_CHROMIUM`, an installed one, Playwright's.
 *
 * @returns {string | undefined} Its path.
 */
export function findChromium() {
  const wished = process.env['HOLDALL_CHROMIUM']
  if (wished) {
    if (!existsSync(wished)) throw new Error(`No file at HOLDALL_CHROMIUM: "${wished}"`)
    return wished
  }
  const path = programs.map(which).find((found) => found !== undefined && starts(found))
  return path ?? findPlaywright('chromium')?.path
}

/**
 * The Chromium that takes an extension from its command line, which Google Chrome no longer does.
 *
 * @returns {string | undefined} Its path.
 */
export function findExtensible() {
  const wished = process.env['HOLDALL_CHROMIUM']
  if (wished) return isChrome(wished) ? undefined : findChromium()
  const isOpen = (/** @type {string | undefined} */ path) =>
    path !== undefined && !isChrome(path) && starts(path)
  return programs.map(which).find(isOpen) ?? findPlaywright('chromium')?.path
}

/**
 * Whether a program is Google's own: by its path, or by what that leads to.
 *
 * @param {string} path
 */
function isChrome(path) {
  return [path, realpathSync(path)].some((name) =>
    /google[ /\\-]chrome(?! for testing)/i.test(name),
  )
}

/**
 * The Chromium for tests that need no more of a browser than its pages, downloads and storage: Debian's
 * headless shell, which takes a third of the time for each; where there is none, `findChromium()`.
 *
 * @returns {string | undefined} Its path.
 */
export function findHeadlessShell() {
  const path = process.env['HOLDALL_CHROMIUM'] ? undefined : which(SHELL)
  return path !== undefined && starts(path) ? path : findChromium()
}

/**
 * The paths of the programs that read archives; those not found are left out.
 *
 * @returns {Partial<Record<ReaderName, string>>}
 */
export function findReaders() {
  const found = Object.entries(readers).flatMap(([name, { commands, probe }]) => {
    const paths = commands.flatMap((command) => which(command) ?? [])
    const path = paths.find((candidate) => probe === undefined || runs(candidate, probe))
    return path === undefined ? [] : [[name, path]]
  })
  return Object.fromEntries(found)
}

/**
 * Finds or installs what is needed, and prints a line about each.
 *
 * @param {object} [needed]
 * @param {readonly string[]} [needed.engines] Default: all three.
 * @param {readonly ReaderName[]} [needed.reading] Programs that read archives. Default: all.
 * @param {readonly string[]} [needed.tools] Other programs. Default: all.
 * @param {readonly import('./runtimes.mjs').RuntimeName[]} [needed.runtimes] Those that try `holdall/core`. Default: all.
 */
export async function setUp({
  engines = ['chromium', 'firefox', 'webkit'],
  reading = readerNames(),
  tools = ['openssl', 'xdotool', SHELL],
  runtimes = runtimeNames,
} = {}) {
  if (engines.includes('chromium') && findChromium() === undefined) await installChromium()
  const before = findReaders()
  const missing = reading.filter((name) => before[name] === undefined)
  const isDebians = which('chromium') === '/usr/bin/chromium'
  const others = tools.filter((name) => which(name) === undefined && (name !== SHELL || isDebians))
  // the package's program has another name
  if (tools.includes('xdotool') && which('Xvfb') === undefined) others.push('xvfb')
  await Promise.all([
    installBrowsers(engines, [...others, ...missing.map((name) => readers[name].debian)]),
    installRuntimes(runtimes),
  ])

  const after = missing.length > 0 ? findReaders() : before
  for (const engine of engines) {
    const path = FIND[engine]?.()
    say(engine, path, `${whyAbsent(engine)}: ${ADVICE[engine]}`)
  }
  for (const name of reading) say(name, after[name], `not found: ${remedy(readers[name])}`)
  for (const name of runtimes) say(name, findRuntime(name), `not found: install ${name}`)
  for (const name of tools) {
    if (name in ADVICE) say(name, which(name), `not found: ${ADVICE[name]}`)
  }
}

/** @type {Readonly<Record<string, () => string | undefined>>} */
const FIND = {
  chromium: findChromium,
  firefox: () => findFirefox()?.path,
  webkit: () => findWebKit()?.path,
}

/** @type {Readonly<Record<string, string>>} */
const ADVICE = {
  chromium: 'install Chrome, or set HOLDALL_CHROMIUM to the path of one',
  firefox: 'install Firefox, or set HOLDALL_FIREFOX to the path of one',
  webkit: `install the packages ${webkitPackages.join(', ')} of Debian`,
  openssl: 'install it, for the servers of tests that speak HTTP/2',
  xdotool: 'install it and Xvfb, for the test of the dialog for saving',
}

async function installChromium() {
  await installPlaywright('chromium')
  if (findPlaywright('chromium') === undefined) await install(['chromium'])
}

/** @returns {ReaderName[]} */
function readerNames() {
  return /** @type {ReaderName[]} */ (Object.keys(readers))
}

/** @param {Reader} reader */
function remedy({ debian, brew }) {
  if (process.platform !== 'darwin') return `install the package ${debian}`
  return brew === undefined ? 'the tests do without it' : `brew install ${brew}`
}

/**
 * @param {string} name
 * @param {string | undefined} path
 * @param {string} otherwise What to say if there is none.
 */
function say(name, path, otherwise) {
  console.log(`${name.padEnd(10)}${path ?? otherwise}`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await setUp()
