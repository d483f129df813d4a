// Why: some systems have /tmp in memory (Fedora), which the gigabytes of tests and benches would fill.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { root } from './run.mjs'

/** Where large files are for a while, on the disk that the package is on. */
export const scratchFolder = `${root}reports/scratch/`

/**
 * A new folder for some of them.
 *
 * @param {string} name What its name begins with.
 */
export function scratch(name) {
  mkdirSync(scratchFolder, { recursive: true })
  return mkdtempSync(`${scratchFolder}${name}-`)
}

/** What is older than this is of no run that goes on, in ms. */
const LEFT_FOR = 2 * 60 * 60_000

/** Takes away what is left of runs before, whose browsers or whole processes were killed. */
export function clearScratch() {
  mkdirSync(scratchFolder, { recursive: true })
  for (const name of readdirSync(scratchFolder)) {
    const path = scratchFolder + name
    const { mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: Infinity }
    if (Date.now() - mtimeMs > LEFT_FOR) rmSync(path, { recursive: true, force: true })
  }
}
