/** Gathers what is to be in a bundle: from caches, and by requests for what they have not. */

import type { Packer } from '../client/packer.ts'
import { HoldallError, isHoldallError } from '../errors.ts'
import type { BundleWarning, FileInput, UrlFile } from '../manifest/types.ts'
import type { CachedResponse } from '../sources/cache-storage.ts'
import { invalidOption } from '../zip/option-checks.ts'
import { fetchResponse, type Wanted } from './fetch-response.ts'
import type { BundleOptions, BundleRoute } from './options.ts'
import { plainUrl, ResourceIndex, type Resource } from './resource.ts'

/** What a bundle is made of. */
export interface Collection {
  /** In the order in which they were found. */
  readonly resources: readonly Resource[]
  readonly index: ResourceIndex
  readonly routes: readonly Route[]
  /** Further files, which are packed as they are. */
  readonly others: readonly FileInput[]
}

/** A page that was asked for. */
export interface Route extends BundleRoute {
  readonly url: string
  /** Why it could not be fetched, if so. */
  readonly failure?: HoldallError
}

/** What gathering needs of its job. */
export interface Gathering {
  /** What relative URLs are relative to. */
  readonly baseURL: string
  /** A worker that reads caches and Blobs. */
  readonly packer: Pick<Packer, 'survey' | 'digest'>
  readonly signal: AbortSignal
  warn(warning: BundleWarning): void
}

/**
 * Reads all responses once, so that their sizes and digests are known.
 *
 * @throws {HoldallError} `invalid-option`, `insecure-context`, `invalid-url`, `source-failed`.
 */
export async function collect(options: BundleOptions, gathering: Gathering): Promise<Collection> {
  return new Collector(options, gathering).collect()
}

class Collector {
  readonly #options: BundleOptions
  readonly #gathering: Gathering
  readonly #resources: Resource[] = []
  readonly #index = new ResourceIndex()

  constructor(options: BundleOptions, gathering: Gathering) {
    this.#options = options
    this.#gathering = gathering
  }

  async collect(): Promise<Collection> {
    const { precacheManifest = [], files = [], routes = [] } = this.#options
    for (const name of await this.#cacheNames()) await this.#takeCache(name)
    for (const entry of precacheManifest) {
      const { url, integrity } = typeof entry === 'string' ? { url: entry } : entry
      await this.#takeUnlessThere({ url, ...(integrity && { integrity }) })
    }
    const others: FileInput[] = []
    for (const file of files) {
      if (!isFetched(file)) others.push(file)
      else await this.#takeUnlessThere(isPlain(file) ? { url: file } : file)
    }
    const pages: Route[] = []
    for (const route of routes) pages.push(await this.#takeRoute(route))
    return { resources: this.#resources, index: this.#index, routes: pages, others }
  }

  async #cacheNames(): Promise<readonly string[]> {
    const { caches: asked } = this.#options
    const { warn } = this.#gathering
    const { origin } = location
    if (globalThis.caches === undefined) {
      if (asked === undefined || asked.length === 0) return []
      const message = `Cannot read the caches of ${origin}: browsers offer them on HTTPS only; serve the page over HTTPS, or export without caches`
      throw new HoldallError('insecure-context', message, { origin })
    }
    if (asked !== undefined) return asked
    try {
      return await caches.keys()
    } catch (cause) {
      const message = `The caches of ${origin} are left out: ${(cause as Error).message}`
      warn({ code: 'bundle-left-out', message, url: origin })
      return []
    }
  }

  async #takeCache(cache: string): Promise<void> {
    const { packer, warn } = this.#gathering
    const found = await packer.survey(cache)
    if (found === undefined) throw invalidOption('caches', 'names of caches that there are', cache)
    for (const response of found) {
      if (!('opaque' in response)) {
        this.#add(ofCache(cache, response))
        continue
      }
      const { url } = response
      const message = `${url} of the cache "${cache}" is left out: it is opaque, so no page may read it; have it cached with CORS (crossorigin)`
      warn({ code: 'bundle-left-out', message, url })
    }
  }

  #add(resource: Resource): void {
    this.#resources.push(resource)
    this.#index.add(resource)
  }

  async #takeUnlessThere(file: Wanted): Promise<void> {
    const url = this.#absolute(file.url)
    if (this.#index.has(url)) return
    try {
      await this.#fetch({ ...file, url })
    } catch (error) {
      if (this.#options.onError !== 'skip' || !isHoldallError(error, 'source-failed')) throw error
      this.#gathering.warn({ code: 'bundle-left-out', message: error.message, url })
    }
  }

  async #takeRoute(route: string | URL | BundleRoute): Promise<Route> {
    const asked = isPlain(route) ? { url: route } : route
    const url = this.#absolute(asked.url)
    if (this.#index.find(url) !== undefined) return { ...asked, url }
    try {
      await this.#fetch({ url })
      return { ...asked, url }
    } catch (failure) {
      // Without a network, an app may still answer it, for it to be rendered.
      if (!isHoldallError(failure, 'source-failed')) throw failure
      return { ...asked, url, failure }
    }
  }

  async #fetch(file: Wanted): Promise<void> {
    const { packer, signal } = this.#gathering
    this.#add(await fetchResponse(file, (blob) => packer.digest(blob), signal))
  }

  #absolute(url: string | URL): string {
    try {
      const { protocol, href } = new URL(url, this.#gathering.baseURL)
      if (/^https?:$/.test(protocol)) return plainUrl(href)
    } catch {
      // The error below says it.
    }
    const shown = String(url)
    const message = `Cannot fetch "${shown}" for the bundle: it is no URL of http: or https:; check how it was built`
    throw new HoldallError('invalid-url', message, { entry: shown, url: shown })
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
