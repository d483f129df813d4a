// Why: `holdall/core` is for more runtimes than browsers and Node, and few machines have the others.

import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { runs, which } from './programs.mjs'
import { run } from './run.mjs'

/** Packages of npm that bring each, at versions that were tried. */
const packages = { deno: 'deno@2.9.6', bun: 'bun@1.4.5', workerd: 'workerd@1.20261117.1' }

/** @typedef {keyof typeof packages} RuntimeName */

export const runtimeNames = /** @type {RuntimeName[]} */ (Object.keys(packages))

/** They come to some 350 MB, too much for everybody's node_modules. */
const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'holdall')

/** @param {RuntimeName} name */
function folder(name) {
  return join(cache, packages[name])
}

/**
 * The path of a runtime: on PATH, or where `installRuntimes` has put it.
 *
 * @param {RuntimeName} name
 * @returns {string | undefined}
 */
export function findRuntime(name) {
  const own = which(join(folder(name), 'node_modules', '.bin', name))
  return [which(name), own].find((path) => path !== undefined && runs(path, ['--version']))
}

/**
 * Installs those that are missing, from npm's registry.
 *
 * @param {readonly RuntimeName[]} wanted
 */
export async function installRuntimes(wanted) {
  const missing = wanted.filter((name) => findRuntime(name) === undefined)
  await Promise.all(missing.map(installRuntime))
}

/** @param {RuntimeName} name */
async function installRuntime(name) {
  const prefix = folder(name)
  console.log(`${name.padEnd(10)}not found: trying to install ${packages[name]} in ${prefix}`)
  mkdirSync(prefix, { recursive: true })
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--fetch-retries=1']
  await run('npm', ['install', ...quiet, '--prefix', prefix, packages[name]], {
    minutes: 3,
    show: 'if it fails',
  })
}
