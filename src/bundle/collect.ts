/** Gathers what is to be in a bundle: from caches, and by requests for what they have not. */

import { HoldallError } from '../errors.ts'
import type { FileInput, UrlFile } from '../manifest/types.ts'
import type { CachedResponse } from '../sources/cache-storage.ts'
import { invalidOption } from '../zip/option-checks.ts'
import type { Wanted } from './fetch-response.ts'
import { STAGING_PREFIX } from './import-staging.ts'
import { checkBundleOptions, type BundleOptions } from './options.ts'
import type { RenderedPage } from './render.ts'
import type { Resource, ResourceIndex } from './resource.ts'
import { Routes } from './routes.ts'
import { Shelf, type Gathering } from './shelf.ts'

/** What a bundle is made of. */
export interface Collection {
  /** In the order in which they were found. */
  readonly resources: readonly Resource[]
  readonly index: ResourceIndex
  /** What pages showed, where that is what opens from a disk. */
  readonly rendered: ReadonlyMap<Resource, RenderedPage>
  /** Further files, which are packed as they are. */
  readonly others: readonly FileInput[]
}

/**
 * Reads all responses once, so that their sizes and digests are known.
 *
 * @throws {HoldallError} `invalid-option`, `insecure-context`, `invalid-url`, `source-failed`.
 */
export async function collect(options: BundleOptions, gathering: Gathering): Promise<Collection> {
  checkBundleOptions(options)
  const { caches: asked, precacheManifest = [], files = [], routes = [], onError } = options
  const shelf = new Shelf(gathering)
  const mayBeLeftOut = onError === 'skip'
  for (const name of await cacheNames(asked, shelf)) await takeCache(name, shelf, gathering)
  const takeUnlessThere = async (file: Wanted): Promise<void> => {
    const url = shelf.absolute(file.url)
    if (shelf.index.has(url)) return
    const failure = await shelf.fetch({ ...file, url })
    if (failure === undefined) return
    if (!mayBeLeftOut) throw failure
    shelf.leaveOut(url, failure.message)
  }
  for (const entry of precacheManifest) {
    const { url, integrity } = typeof entry === 'string' ? { url: entry } : entry
    await takeUnlessThere({ url, ...(integrity && { integrity }) })
  }
  const others: FileInput[] = []
  for (const file of files) {
    if (!isFetched(file)) others.push(file)
    else await takeUnlessThere(isPlain(file) ? { url: file } : file)
  }
  const pages = new Routes(shelf, gathering, mayBeLeftOut)
  for (const route of routes) await pages.take(isPlain(route) ? { url: route } : route)
  const { resources, index } = shelf
  return { resources, index, rendered: pages.rendered, others }
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
  for (const response of found) {
    if (!('opaque' in response)) {
      shelf.add(ofCache(cache, response))
      continue
    }
    const { url } = response
    shelf.leaveOut(
      url,
      `${url} of the cache "${cache}" is left out: it is opaque, so no page may read it; have it cached with CORS (crossorigin)`,
    )
  }
}

function ofCache(cache: string, response: CachedResponse): Resource {
  const { vary, varies, ...facts } = response
  return { ...facts, vary, body: { cache, ...(varies && { headers: vary }) } }
}

/** Whether it is on a server, and not at hand nor in a cache. */
function isFetched(file: FileInput): file is string | URL | UrlFile {
  if (isPlain(file)) return !/^(?:blob|data):/i.test(String(file))
  if (typeof file !== 'object' || file === null || !('url' in file)) return false
  return file.url !== undefined && file.cache === undefined && isFetched(file.url)
}

function isPlain<T>(file: string | URL | T): file is string | URL {
  return typeof file === 'string' || file instanceof URL
}
