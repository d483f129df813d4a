/** A response that is to be in a bundle, and where to find it by a URL that a page has. */

import type { FileInput, UrlFile } from '../manifest/types.ts'
import { matchCached } from '../sources/cache-storage.ts'
import type { Digests } from '../sources/digest.ts'
import { HoldallError } from '../errors.ts'

/** A response that is to be in a bundle. */
export interface Resource extends Digests {
  /** As it was asked for. */
  readonly url: string
  /** What relative URLs in it are relative to. */
  readonly base: string
  readonly status: number
  readonly statusText: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly vary: Readonly<Record<string, string>>
  readonly body: CachedBody | FetchedBody
  /** The path in the ZIP that its caller wants. */
  readonly name?: string
  /** Whether no server answered it: it is what a page showed. */
  readonly isRendered?: true
}

/** A body that stays in its cache until it is packed. */
export interface CachedBody {
  readonly cache: string
  /** Headers that tell it from others of its URL. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A body that is in no cache. */
export interface FetchedBody {
  readonly blob: Blob
  /** The requests that it answers; see `requestKey`. */
  readonly requests: readonly string[]
}

/** What Workbox adds to the URL of a response in its precache, as the cache's key. */
const REVISION = '__WB_REVISION__'

/** Parameters that say where a visitor came from; Workbox overlooks them, too. */
const CAMPAIGN = /^(?:utm_|fbclid$)/

/** The URL that a page has for it. */
export function plainUrl(url: string): string {
  return without(url, (name) => name === REVISION)
}

function without(url: string, unwanted: (name: string) => boolean): string {
  const parsed = new URL(url)
  parsed.hash = ''
  // Writing them anew would change those that are kept.
  for (const name of new Set(parsed.searchParams.keys())) {
    if (unwanted(name)) parsed.searchParams.delete(name)
  }
  return parsed.href
}

/** `?a=b%20c&d` becomes `?a=b+c&d=`. */
function writtenAnew(url: string): string {
  const parsed = new URL(url)
  parsed.search = parsed.searchParams.toString()
  return parsed.href
}

/** The content type without parameters, in lower case; empty if it has none. */
export function typeOf({ headers }: Pick<Resource, 'headers'>): string {
  return header(headers, 'content-type').split(';', 1)[0]!.trim().toLowerCase()
}

export function header(headers: Resource['headers'], wanted: string): string {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? ''
}

/** Whether it is what its URL stands for, and not an error or a way to another. */
export function isOk({ status }: Resource): boolean {
  return status >= 200 && status < 300
}

/**
 * Whether a resource is what its URL answers to a request with `headers`: of what was fetched, the very same one; of
 * what is cached, one that its `Vary` does not tell from it by what was given.
 *
 * @param request See `requestKey`.
 */
export function isAnswerTo(
  resource: Resource,
  headers: Readonly<Record<string, string>> = {},
  request: string,
): boolean {
  const { body, headers: answered, vary } = resource
  if (!isOk(resource)) return false
  if ('blob' in body) return body.requests.includes(request)
  const named = header(answered, 'vary')
    .toLowerCase()
    .split(/[\s,]+/)
  return [...new Headers({ ...headers })].every(
    ([name, value]) => !named.includes(name) || vary[name] === value,
  )
}

/** The resources of a bundle by the URLs of pages. */
export class ResourceIndex {
  readonly #byUrl = new Map<string, Resource>()

  /** Adds it, unless an earlier one has its URL: as Cache Storage itself would answer. */
  add(resource: Resource): void {
    const url = plainUrl(resource.url)
    if (isOk(resource) && !this.#byUrl.has(url)) this.#byUrl.set(url, resource)
  }

  /** The one that has this very URL, or as Workbox writes it, which adds its revision: with all parameters anew. */
  get(url: string): Resource | undefined {
    return this.#byUrl.get(url) ?? this.#byUrl.get(writtenAnew(url))
  }

  /**
   * What `url` stands for: itself, or as Workbox finds it, without parameters of campaigns, as the
   * `index.html` of a folder, or with `.html`.
   */
  find(url: string): Resource | undefined {
    const exact = plainUrl(url)
    const plain = without(exact, (name) => CAMPAIGN.test(name))
    return (
      this.get(exact) ??
      this.#byUrl.get(plain) ??
      this.#byUrl.get(withPath(plain, (path) => path.replace(/\/$/, '/index.html'))) ??
      this.#byUrl.get(withPath(plain, (path) => `${path}.html`))
    )
  }

  /** All that URLs find, in the order of these. */
  get found(): Resource[] {
    return [...this.#byUrl.entries()].toSorted(byKey).map(([, resource]) => resource)
  }
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b)
}

function withPath(url: string, change: (path: string) => string): string {
  const parsed = new URL(url)
  parsed.pathname = change(parsed.pathname)
  return parsed.href
}

/**
 * All bytes of it.
 *
 * @throws {HoldallError} `source-failed`, if its cache does not have it any more.
 */
export async function bytesOf({ body, url }: Resource): Promise<Uint8Array<ArrayBuffer>> {
  if ('blob' in body) return new Uint8Array(await body.blob.arrayBuffer())
  const response = await matchCached(body.cache, url, body.headers)
  if (response !== undefined) return new Uint8Array(await response.arrayBuffer())
  throw new HoldallError(
    'source-failed',
    `Cannot read ${url}: the cache "${body.cache}" does not have it any more; start anew`,
    { entry: url, url },
  )
}

/** What a caller may say of the file that a response becomes, beside its name. */
export type FileFields = Pick<UrlFile, 'lastModified' | 'mode' | 'comment'>

/** Its body as a file of the archive, at `name`. */
export function toFile(resource: Resource, name: string, said: FileFields = {}): FileInput {
  const { body, url, size, crc32 } = resource
  const time = Date.parse(header(resource.headers, 'last-modified'))
  const fields = { name, size, crc32, ...(time >= 0 && { lastModified: time }), ...said }
  if ('blob' in body) return { ...fields, data: body.blob }
  const { cache, headers } = body
  return { ...fields, url, cache, ...(headers !== undefined && { headers }) }
}
