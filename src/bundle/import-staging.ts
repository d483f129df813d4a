/**
 * A cache of ours, where a bundle is until it is whole and right.
 *
 * Cache Storage has no transactions, and no renaming. So nothing goes into an app's caches before every
 * byte of the bundle was compared with its digests and is in the browser's storage: whatever is refused (a wrong
 * digest, a stick pulled out, a storage that is full, a page that is closed) is refused while all there is to undo
 * is one cache, which no app knows. The keys in it are URLs that no app asks for, as `caches.match()` looks
 * into all caches.
 */

import { storageFailed } from './import-refusals.ts'
import { putBackLeft } from './import-undo.ts'

/** What our caches' names begin with, so that those of dead pages are found. */
export const STAGING_PREFIX = 'holdall-import:'

/** Held while an import runs: only one at a time does, so what is staged by others is of imports that are over. */
const LOCK = 'holdall-import'

/** How many responses are on their way at once: most are small, and wait for the disk. */
const LANES = 4

/**
 * Runs `task`, alone on this origin, with a place to stage in, and removes that in the end, unless it is needed.
 *
 * @throws What `task` throws; the signal's reason.
 */
export function withStaging<T>(
  signal: AbortSignal,
  task: (staging: Staging) => Promise<T>,
): Promise<T> {
  return navigator.locks.request(LOCK, { signal }, async () => {
    const staging = await newStaging()
    try {
      return await task(staging)
    } finally {
      // if even that fails, the next import does it
      if (!staging.isNeeded) await caches.delete(staging.name).catch(() => undefined)
    }
  }) as Promise<T>
}

async function newStaging(): Promise<Staging> {
  const name = `${STAGING_PREFIX}${crypto.randomUUID()}`
  try {
    await removeStaged()
    return new Staging(name, await caches.open(name))
  } catch (cause) {
    throw storageFailed(cause, true)
  }
}

/** Removes what is of imports that are over, but for what is the app's, and nowhere else. */
async function removeStaged(): Promise<void> {
  for (const name of await caches.keys()) {
    if (!name.startsWith(STAGING_PREFIX)) continue
    if (await putBackLeft(await caches.open(name))) await caches.delete(name)
  }
}

/** Responses by number, out of an app's sight. */
export class Staging {
  /** Of the cache. */
  readonly name: string
  /** Whether something of the app's is in it that could not be put back: then it stays. */
  isNeeded = false
  readonly #cache: Cache

  constructor(name: string, cache: Cache) {
    this.name = name
    this.#cache = cache
  }

  /** @param headers To be kept with it. */
  async put(index: number | string, response: Response, headers?: Headers): Promise<void> {
    const key = this.#key(index)
    await this.#cache.put(headers ? new Request(key, { headers }) : key, response)
  }

  async get(index: number | string): Promise<Response> {
    const response = await this.#cache.match(this.#key(index), { ignoreVary: true })
    if (response === undefined) throw new Error('what was staged is gone')
    return response
  }

  async delete(index: number | string): Promise<void> {
    await this.#cache.delete(this.#key(index), { ignoreVary: true })
  }

  #key(index: number | string): string {
    return new URL(`/${this.name}/${index}`, location.origin).href
  }
}

/**
 * Calls `work` for each of `items`, some at a time. After the first failure no more are begun, and `signal`,
 * which `work` is given, ends those under way.
 *
 * @throws The first failure; the reason of `outer`.
 */
export async function inLanes<Item>(
  items: readonly Item[],
  outer: AbortSignal,
  work: (item: Item, index: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const ending = new AbortController()
  const end = (): void => ending.abort(outer.reason)
  if (outer.aborted) end()
  outer.addEventListener('abort', end)
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < items.length && !ending.signal.aborted) {
      const index = next++
      try {
        await work(items[index]!, index, ending.signal)
      } catch (error) {
        ending.abort(error)
      }
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  outer.removeEventListener('abort', end)
  ending.signal.throwIfAborted()
}
