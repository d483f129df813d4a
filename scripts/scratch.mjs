// Why: some systems have /tmp in memory (Fedora), which the gigabytes of tests and benches would fill.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
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

/** Takes away what is left of runs before, whose browsers or whole processes were killed. */
export function clearScratch() {
  rmSync(scratchFolder, { recursive: true, force: true })
}
