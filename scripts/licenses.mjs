// Why: the scripts that apps copy and publish hold other packages' code, whose licenses want to be told of
// wherever that goes.

import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { root } from './run.mjs'

/**
 * @typedef {object} License
 * @property {string} name Of the package.
 * @property {string} version
 * @property {string} identifier In SPDX.
 * @property {string} text
 */

const FILE = 'third-party-licenses.md'

/**
 * What a script says at its beginning of what it is made of.
 *
 * @param {readonly string[]} modules Their paths.
 */
export function creditsOf(modules) {
  const names = modules.flatMap(
    (path) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  )
  const credits = [...new Set(names)].toSorted().map((name) => {
    const { license } = JSON.parse(readFileSync(`${root}node_modules/${name}/package.json`, 'utf8'))
    return `${name} (${license})`
  })
  const others = credits.length === 0 ? '' : `; with ${credits.join(', ')}: ${FILE} of holdall`
  return `/*! holdall (MIT)${others} */`
}

/**
 * Puts the licenses of all that the scripts have of others into one file of dist/.
 *
 * @param {readonly (readonly License[])[]} found Of each script.
 */
export async function writeLicenses(found) {
  /** @type {Map<string, License>} */
  const licenses = new Map(found.flat().map((license) => [license.name, license]))
  const parts = [...licenses.values()]
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, version, identifier, text }) => {
      if (!text) throw new Error(`Cannot publish ${name} ${version}: its license is not in it`)
      return `## ${name} ${version} (${identifier})\n\n${text.trim()}\n`
    })
  const head =
    '# Licenses of others\n\nOf packages whose code is in the scripts that are to be copied: `holdall-sw.js`, `holdall-worker.js`, and those of an embedding.\n'
  await writeFile(`${root}dist/${FILE}`, [head, ...parts].join('\n'))
}
