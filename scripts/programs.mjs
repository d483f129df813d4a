// Why: browsers and archive readers are found and installed the same way, wherever tests need them.

import { spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.mjs'

/** Whether the lists of packages are of today. */
let updated = false

/**
 * Installs packages of Debian: all at once, which takes the least time, or each by itself, as one that does
 * not exist must not stop the others.
 *
 * @param {readonly string[]} names
 */
export async function install(names) {
  const apt = debianInstaller()
  if (apt === undefined || names.length === 0) return
  const [command = '', ...args] = apt
  const settings = /** @type {const} */ ({
    show: 'if it fails',
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  })
  console.log(`Installing ${names.join(', ')} with apt-get`)
  if (!updated) await run(command, [...args, 'update'], { minutes: 3, ...settings })
  updated = true
  const line = [...args, 'install', '-y', '--no-install-recommends']
  if ((await run(command, [...line, ...names], { minutes: 10, ...settings })) === 0) return
  for (const name of names) await run(command, [...line, name], { minutes: 10, ...settings })
}

/** @returns {string[] | undefined} The start of a command line for apt-get as root, if there is one. */
export function debianInstaller() {
  if (process.platform !== 'linux' || which('apt-get') === undefined) return undefined
  if (process.getuid?.() === 0) return ['apt-get']
  const sudo = which('sudo')
  if (sudo !== undefined && runs(sudo, ['-n', 'true'])) return ['sudo', '-n', 'apt-get']
  return undefined
}

/**
 * Whether a browser can run here, and for tests: Ubuntu has a placeholder for one, and a library may be missing.
 *
 * @param {string} path
 */
export function starts(path) {
  if (isSnap(path)) return false
  // elsewhere this would open a window
  return process.platform !== 'linux' || runs(path, ['--version'])
}

/**
 * Whether a program is of a snap: a link to the program `snap`, or a script that starts one. These are shut into a
 * world of their own, without the profiles and downloads of tests.
 *
 * @param {string} path
 */
export function isSnap(path) {
  let file
  try {
    const real = realpathSync(path)
    if (real === '/usr/bin/snap') return true
    const start = Buffer.alloc(4096)
    file = openSync(real, 'r')
    const text = start.toString('latin1', 0, readSync(file, start))
    return text.startsWith('#!') && text.includes('/snap/bin/')
  } catch {
    return false // a folder, or one that nobody may read: whether it starts will tell
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/**
 * @param {string} program A name to look for on PATH, or an absolute path.
 * @returns {string | undefined}
 */
export function which(program) {
  if (/[/\\]/.test(program)) return existsSync(program) ? program : undefined
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd'] : ['']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders
    .flatMap((folder) => suffixes.map((suffix) => join(folder, program + suffix)))
    .find((path) => existsSync(path))
}

/**
 * @param {string} path
 * @param {readonly string[]} args
 */
export function runs(path, args) {
  return spawnSync(path, args, { stdio: 'ignore', timeout: 30_000 }).status === 0
}
