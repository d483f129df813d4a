/** Gathers what is to be in a bundle: from caches, and by requests for what they have not. */

import { HoldallError } from '../errors.ts'
import { checkRequest } from '../manifest/checks.ts'
import type { BundleWarning, FileInput, SymlinkEntry, UrlFile } from '../manifest/types.ts'
import { matchCached, type CachedResponse } from '../sources/cache-storage.ts'
import { invalidOption } from '../zip/option-checks.ts'
import { compareFile } from './compare-file.ts'
import type { Wanted } from './fetch-response.ts'
import { isCacheName, isWhole } from './import-fields.ts'
import { STAGING_PREFIX } from './import-staging.ts'
import {
  checkBundleOptions,
  checkPrecacheEntry,
  checkRoute,
  isPlain,
  type BundleOptions,
  type BundleRoute,
} from './options.ts'
import type { RenderedPage } from './render.ts'
import type { FileFields, Resource, ResourceIndex } from './resource.ts'
import { Routes, type Shown } from './routes.ts'
import { Shelf, type Answers, type Gathering } from './shelf.ts'

/** What a bundle is made of. */
export interface Collection {
  /** In the order in which they were found. */
  readonly resources: readonly Resource[]
  readonly index: ResourceIndex
  /** What pages showed, where that is what opens from a disk. */
  readonly rendered: ReadonlyMap<Resource, RenderedPage>
  /** What callers say of files that are where their URLs lead. */
  readonly said: ReadonlyMap<Resource, FileFields>
  /** What is to have further places, by names that its caller has given. */
  readonly copies: readonly (readonly [resource: Resource, name: string, said: FileFields])[]
  /** Further files, which are packed as they are. */
  readonly others: readonly FileInput[]
}

/** What is asked for, as often as it is read. */
interface Asked {
  readonly caches: readonly string[] | undefined
  readonly precached: readonly Wanted[]
  readonly files: readonly FileInput[]
  readonly routes: readonly BundleRoute[]
  readonly mayBeLeftOut: boolean
}

/**
 * Reads all responses, so that their sizes and digests are known; once more if pages were shown in frames: their service
 * worker may have put others into its caches meanwhile.
 *
 * @throws {HoldallError} `invalid-option`, `insecure-context`, `invalid-url`, `source-failed`, `size-mismatch`,
 *   `crc-mismatch`, `sha256-mismatch`, `source-changed`, `invalid-metadata`.
 */
export async function collect(options: BundleOptions, gathering: Gathering): Promise<Collection> {
  checkBundleOptions(options, gathering.baseURL)
  const { precacheManifest = [], files = [], routes = [], onError } = options
  const asked: Asked = {
    caches: options.caches,
    precached: Array.from(precacheManifest, (entry) => {
      const { url, integrity } = checkPrecacheEntry(entry)
      return { url, ...(integrity && { integrity }) }
    }),
    files: [...files],
    routes: Array.from(routes, checkRoute),
    mayBeLeftOut: onError === 'skip',
  }
  const answers: Answers = new Map()
  const shown: Shown = new Map()
  /** Of the reading that counts: what was not to be had before may have come into a cache meanwhile. */
  const warnings = new Map<string, BundleWarning>()
  const readAll = (): Promise<Collection> => {
    warnings.clear()
    const warn = (warning: BundleWarning): void => {
      const key = `${warning.code} ${warning.url}`
      if (!warnings.has(key)) warnings.set(key, warning)
    }
    return read(asked, { ...gathering, warn }, answers, shown)
  }
  try {
    const collection = await readAll()
    return shown.size === 0 ? collection : await readAll()
  } finally {
    for (const warning of warnings.values()) gathering.warn(warning)
  }
}

/**
 * @param answers What was fetched before.
 * @param shown What pages showed before.
 */
async function read(
  { caches: names, precached, files, routes, mayBeLeftOut }: Asked,
  gathering: Gathering,
  answers: Answers,
  shown: Shown,
): Promise<Collection> {
  const shelf = new Shelf(gathering, answers)
  for (const name of await cacheNames(names, shelf)) {
    if (isCacheName(name)) await takeCache(name, shelf, gathering)
    else {
      const why = 'its name is empty, too long or has control characters, and no import takes it'
      shelf.leaveOut(location.origin, `The cache ${JSON.stringify(name)} is left out: ${why}`)
    }
  }
  const takeUnlessThere = async (file: Wanted): Promise<Resource | undefined> => {
    const url = shelf.absolute(file.url)
    const headers = checkRequest(file.name ?? url, file)
    const wanted = { ...file, url, ...(headers && { headers }) }
    const found = shelf.get(wanted)
    if (found !== undefined) return found
    const failure = await shelf.fetch(wanted)
    if (failure !== undefined && !mayBeLeftOut) throw failure
    if (failure !== undefined) shelf.leaveOut(url, failure.message)
    return shelf.get(wanted)
  }
  for (const entry of precached) await takeUnlessThere(entry)
  const others: FileInput[] = []
  const said = new Map<Resource, FileFields>()
  const copies: [Resource, string, FileFields][] = []
  for (const file of files) {
    if (isLink(file)) {
      shelf.leaveOut(file.name, `"${file.name}" is left out: it is a link, which no import takes`)
      continue
    }
    if (!isFetched(file)) {
      others.push(file)
      continue
    }
    const wanted = isPlain(file) ? { url: file } : file
    const resource = await takeUnlessThere(wanted)
    if (resource === undefined) continue
    compareFile(wanted, resource)
    const { name } = wanted
    const isFirst = shelf.index.get(resource.url) === resource
    if (name !== undefined && (name !== resource.name || !isFirst)) {
      copies.push([resource, name, fieldsOf(wanted)])
    } else if (!said.has(resource)) {
      said.set(resource, fieldsOf(wanted))
    }
  }
  const pages = new Routes(shelf, gathering, mayBeLeftOut, shown)
  for (const route of routes) await pages.take(route)
  const { resources, index } = shelf
  return { resources, index, rendered: pages.rendered, said, copies, others }
}

async function cacheNames(
  asked: BundleOptions['caches'],
  shelf: Shelf,
): Promise<readonly string[]> {
  const { origin } = location
  if (globalThis.caches === undefined) {
    if (asked === undefined || asked.length === 0) return []
    const message = `Cannot read the caches of ${origin}: browsers offer them on HTTPS only; serve the page over HTTPS, or export without caches`
    throw new HoldallError('insecure-context', message, { origin })
  }
  if (asked !== undefined) return asked
  try {
    const names = await caches.keys()
    // an import may be under way; what it has staged is no cache of the app
    return names.filter((name) => !name.startsWith(STAGING_PREFIX))
  } catch (cause) {
    shelf.leaveOut(origin, `The caches of ${origin} are left out: ${(cause as Error).message}`)
    return []
  }
}

async function takeCache(cache: string, shelf: Shelf, { digester }: Gathering): Promise<void> {
  const found = await digester.survey(cache)
  if (found === undefined) throw invalidOption('caches', 'names of caches that there are', cache)
  const taken = new Set<string>()
  for (const response of found) {
    const { url } = response
    const leaveOut = (why: string): void =>
      shelf.leaveOut(url, `${url} of the cache "${cache}" is left out: ${why}`)
    if ('opaque' in response) {
      leaveOut('it is opaque, so no page may read it; have it cached with CORS (crossorigin)')
      continue
    }
    if (!isWhole(response.status)) {
      leaveOut(`its status, ${response.status}, is none of a whole response`)
      continue
    }
    const { varies, request, vary } = response
    if (varies && (await matchCached(cache, url, request)) === undefined) {
      leaveOut('it varies by a header that no page may set, so that no page can ask for it')
      continue
    }
    // what no import could tell from another
    const key = JSON.stringify([url, Object.entries(vary).toSorted()])
    if (taken.has(key)) {
      leaveOut('only its Vary tells it from another, and no page may read that; expose it (CORS)')
    } else {
      shelf.add(ofCache(cache, response))
    }
    taken.add(key)
  }
}

function ofCache(cache: string, response: CachedResponse): Resource {
  const { varies, request, ...facts } = response
  return { ...facts, body: { cache, ...(varies && { headers: request }) } }
}

function fieldsOf({ lastModified, mode, comment }: UrlFile): FileFields {
  return {
    ...(lastModified !== undefined && { lastModified }),
    ...(mode !== undefined && { mode }),
    ...(comment !== undefined && { comment }),
  }
}

function isLink(file: FileInput): file is SymlinkEntry {
  const isObject = typeof file === 'object' && file !== null
  return isObject && 'symlink' in file && file.symlink !== undefined
}

/** Whether it is on a server, and not at hand nor in a cache. */
function isFetched(file: FileInput): file is string | URL | UrlFile {
  if (isPlain(file)) return !/^(?:blob|data):/i.test(String(file))
  if (typeof file !== 'object' || file === null || !('url' in file)) return false
  return file.url !== undefined && file.cache === undefined && isFetched(file.url)
}
