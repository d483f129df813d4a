// Why: some systems have /tmp in memory (Fedora), which the gigabytes of tests and benches would fill.

import { mkdirSync, mkdtempSync } from 'node:fs'
import { root } from './run.mjs'

/**
 * A new folder for large files, on the disk that the package is on.
 *
 * @param {string} name What its name begins with.
 */
export function scratch(name) {
  mkdirSync(`${root}reports`, { recursive: true })
  return mkdtempSync(`${root}reports/${name}-`)
}
