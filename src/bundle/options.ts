/** What the export of a bundle may be told, and whether it can be followed. */

import type { ZipOptions } from '../client/options.ts'
import type { FileInput } from '../manifest/types.ts'
import { checkOption, invalidOption } from '../zip/option-checks.ts'
import { resolve } from './links.ts'

/** A page of the app. */
export interface BundleRoute {
  /** Relative to the page's base URL. */
  readonly url: string | URL
  /**
   * Whether the page is loaded in a hidden frame, and what it then shows is what opens from disk, without
   * its scripts. Default: only where its scripts could not run from disk.
   */
  readonly render?: boolean
  /**
   * When a rendered page is ready: once a selector finds something, or a function says so; if that takes more than 15
   * seconds, the page is not rendered. Default: when it is loaded, and nothing in it has changed for half a second, or 15
   * seconds after it was asked for.
   */
  readonly ready?: string | ((document: Document) => boolean | Promise<boolean>)
}

/** An entry of a Workbox precache manifest. */
export interface PrecacheEntry {
  readonly url: string
  readonly revision?: string | null
  readonly integrity?: string
}

/** What the export of a bundle may be told. */
export interface BundleOptions extends Pick<
  ZipOptions,
  'name' | 'signal' | 'sinks' | 'memoryLimit' | 'resumable' | 'comment'
> {
  /** Names of the caches (Cache Storage) whose responses are in it. Default: all of the origin's, of other apps and of whoever is signed in, too. */
  readonly caches?: readonly string[]
  /** Pages of the app, which are fetched unless a cache has them. */
  readonly routes?: Iterable<string | URL | BundleRoute>
  /** What Workbox is to precache: each that no cache has is fetched. */
  readonly precacheManifest?: Iterable<string | PrecacheEntry>
  /**
   * What becomes of a response that cannot be fetched: the job fails, or it is left out, with a warning.
   * Default: `'abort'`.
   */
  readonly onError?: 'abort' | 'skip'
  /** Further files. Those of URLs are fetched beforehand, and pages link to them. */
  readonly files?: Iterable<FileInput>
  /**
   * The page that opens, relative to the page's base URL. Default: that of the folder of this page, or of the nearest one
   * above it that has a page.
   */
  readonly start?: string | URL
}

/**
 * Makes sure that the options can be followed; what is in lists that can be read but once, `checkRoute` and
 * `checkPrecacheEntry` look at.
 *
 * @param baseURL What relative URLs are relative to.
 * @throws {HoldallError} `invalid-option`.
 */
export function checkBundleOptions(options: BundleOptions, baseURL: string): void {
  const { caches, onError, start } = options
  checkOption('onError', onError, ['abort', 'skip'])
  for (const name of ['caches', 'routes', 'precacheManifest', 'files'] as const) {
    const value: unknown = options[name]
    const isList = typeof value === 'object' && value !== null && Symbol.iterator in value
    if (value !== undefined && !isList) throw invalidOption(name, 'a list', value)
  }
  for (const name of caches ?? []) {
    if (typeof name !== 'string') throw invalidOption('caches', 'names of caches', name)
  }
  if (start !== undefined && !(isPlain(start) && resolve(start, baseURL))) {
    throw invalidOption('start', 'a URL', start)
  }
}

/** @throws {HoldallError} `invalid-option`. */
export function checkRoute(route: unknown): BundleRoute {
  return withUrl<BundleRoute>('routes', route)
}

/** @throws {HoldallError} `invalid-option`. */
export function checkPrecacheEntry(entry: unknown): PrecacheEntry {
  return withUrl<PrecacheEntry>('precacheManifest', entry)
}

function withUrl<Listed>(option: string, listed: unknown): Listed {
  const found = isPlain(listed) ? { url: listed } : listed
  const { url } = Object(found) as { url?: unknown }
  if (!isPlain(url)) throw invalidOption(option, 'a list of URLs, or of objects with a url', listed)
  return found as Listed
}

/** Whether it is a URL, and nothing else. */
export function isPlain(file: unknown): file is string | URL {
  return typeof file === 'string' || file instanceof URL
}
