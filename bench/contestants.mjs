// Why: who is measured, under which name, in which version, is said once.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Pages of `app/` that are no library's: what the browser itself needs. */
const references = {
  plain: 'a plain download',
  untouched: 'an untouched `fetch` body in a service worker',
}

/** Pages of `app/` that are a peer's, used as its README says. */
const peers = {
  'client-zip': 'client-zip in a service worker',
  'dl-stream': 'client-zip with dl-stream',
  downzip: 'downzip',
  streamsaver: 'StreamSaver, its example of a ZIP',
  conflux: 'conflux with StreamSaver',
  fflate: 'fflate',
  'zip.js': 'zip.js',
  jszip: 'JSZip',
}

/** @typedef {keyof typeof references} Reference */
/** @typedef {keyof typeof peers} Peer */

/** Peers that hand the archive to the browser's download as it is made; the others make a Blob of it. */
export const streaming = /** @type {const} */ (['client-zip', 'downzip', 'streamsaver', 'conflux'])

/** Peers that make a Blob of the archive, which is downloaded when it is whole. */
export const collecting = /** @type {const} */ (['fflate', 'zip.js', 'jszip'])

const packages = [
  'client-zip',
  'dl-stream',
  'downzip',
  'streamsaver',
  '@transcend-io/conflux',
  'fflate',
  '@zip.js/zip.js',
  'jszip',
]

/**
 * What a document calls it, and what it is to holdall.
 *
 * @param {string} name
 * @returns {{ label: string, kind: 'holdall' | 'peer' | 'reference' }}
 */
export function describe(name) {
  if (name === 'holdall') return { label: name, kind: 'holdall' }
  const all = { ...references, ...peers }
  const label = name in all ? all[/** @type {keyof typeof all} */ (name)] : name
  return { label, kind: name in peers ? 'peer' : 'reference' }
}

/** The versions of holdall, with its commit where there is one, and of all peers, as they are installed. */
export function versions() {
  const peersToo = packages.map((name) => [name, versionIn(`../node_modules/${name}/`)])
  return Object.fromEntries([['holdall', versionIn('../') + commit()], ...peersToo])
}

/** @param {string} folder */
function versionIn(folder) {
  return JSON.parse(readFileSync(new URL(`${folder}package.json`, import.meta.url), 'utf8')).version
}

function commit() {
  const cwd = new URL('..', import.meta.url)
  const git = spawnSync('git', ['describe', '--always', '--dirty'], { cwd, encoding: 'utf8' })
  return git.status === 0 ? ` (${git.stdout.trim()})` : ''
}
