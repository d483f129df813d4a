/** Responses in Cache Storage: what there is, and their bytes; read by whichever thread needs them. */

import { HoldallError } from '../errors.ts'
import type { CachedSource } from '../manifest/types.ts'
import { digestsOf, type Digests } from './digest.ts'
import { readStream, type ReadOptions } from './read-stream.ts'

/** Responses that are digested at once: while one is waited for, another is. */
const AT_ONCE = 4

/** A response in a cache, read once. */
export interface CachedResponse extends Digests {
  /** Of its request: the cache's key. */
  readonly url: string
  /** Of its request, the headers that its `Vary` names. */
  readonly vary: Readonly<Record<string, string>>
  /** Whether there are others of the same URL. */
  readonly varies: boolean
  /** All headers of its request, which tell it from these: pages may not see the `Vary` of other origins. */
  readonly request: Readonly<Record<string, string>>
  /** What relative URLs in it are relative to: where it came from in the end. */
  readonly base: string
  readonly status: number
  readonly statusText: string
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** A response in a cache whose bytes no page may see. */
export interface OpaqueResponse {
  readonly url: string
  readonly opaque: true
}

/**
 * All that is in the cache `name`, in its order, each read to its end.
 *
 * @returns `undefined` if there is no such cache.
 */
export async function surveyCache(
  name: string,
  signal: AbortSignal,
): Promise<(CachedResponse | OpaqueResponse)[] | undefined> {
  if (!(await caches.has(name))) return undefined
  const cache = await caches.open(name)
  const requests = await cache.keys()
  const seen = new Map<string, number>()
  for (const { url } of requests) seen.set(url, (seen.get(url) ?? 0) + 1)
  const found: (CachedResponse | OpaqueResponse | undefined)[] = []
  let next = 0
  const work = async (): Promise<void> => {
    for (let index = next++; index < requests.length; index = next++) {
      const request = requests[index]!
      const varies = seen.get(request.url)! > 1
      found[index] = await look(cache, request, varies, signal)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return found.filter((response) => response !== undefined)
}

/** Nothing, if it was deleted meanwhile. */
async function look(
  cache: Cache,
  request: Request,
  varies: boolean,
  signal: AbortSignal,
): Promise<CachedResponse | OpaqueResponse | undefined> {
  const { url } = request
  let response
  try {
    response = await cache.match(request)
  } catch (error) {
    // with a policy (Cross-Origin-Embedder-Policy), an opaque response is not even given
    if (error instanceof TypeError) return { url, opaque: true }
    throw error
  }
  if (response === undefined) return undefined
  if (response.type.startsWith('opaque')) return { url, opaque: true }
  const { status, statusText, headers, body } = response
  const named = (headers.get('Vary') ?? '').split(',').map((name) => name.trim().toLowerCase())
  const vary = [...request.headers].filter(([name]) => named.includes(name))
  return {
    url,
    vary: Object.fromEntries(vary),
    varies,
    request: Object.fromEntries(request.headers),
    base: response.url || url,
    status,
    statusText,
    headers: [...headers],
    ...(await digestsOf(body, signal)),
  }
}

/**
 * The bytes of a response in a cache.
 *
 * @throws {HoldallError} `source-failed`, if it is not there any more.
 */
export async function* readCached(
  { cache, url, headers }: CachedSource,
  name: string,
  signal: AbortSignal,
  options?: ReadOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const response = await matchCached(cache, url, headers)
  if (response === undefined) {
    throw new HoldallError(
      'source-failed',
      `Cannot read "${name}": the cache "${cache}" has no ${url} any more; start anew`,
      { entry: name, url },
    )
  }
  if (response.body !== null) yield* readStream(response.body, signal, options)
}

/** The response for `url` in the cache `name`; of several, the one whose `Vary` fits `headers`. */
export async function matchCached(
  name: string,
  url: string,
  headers?: Readonly<Record<string, string>>,
): Promise<Response | undefined> {
  // Opening a cache makes one.
  if (!(await caches.has(name))) return undefined
  const cache = await caches.open(name)
  return cache.match(new Request(url, { headers: { ...headers } }), {
    ignoreVary: headers === undefined,
  })
}
