/** What an import takes the place of in the app's caches: kept until it is over, and put back if it fails or its page dies. */

import type { Staging } from './import-staging.ts'

/** A response of the app that is staged. */
export interface BackedUp {
  /** Its request. */
  readonly key: Request
  /** What it is staged as. */
  readonly staged: string
}

/** A response that was put into an app's cache. */
export interface Put {
  readonly cache: Cache
  readonly request: Request
  /** What it has taken the place of. */
  readonly before: readonly BackedUp[]
}

/**
 * Stages what `request` finds in `cache`.
 *
 * Where it is from is in its key: who finds it when this page is dead knows nothing else.
 *
 * @param name Of the cache.
 * @param index Of the response that is to take its place.
 */
export async function backUp(
  cache: Cache,
  name: string,
  request: Request,
  index: number,
  staging: Staging,
): Promise<BackedUp[]> {
  const backedUp: BackedUp[] = []
  for (const [number, key] of (await cache.keys(request)).entries()) {
    const response = await cache.match(key).catch((cause: unknown) => {
      if (!(cause instanceof TypeError)) throw cause
      // with a policy (Cross-Origin-Embedder-Policy), an opaque response is not given
      const why = 'cannot be kept while another is put in its place; delete it'
      throw new Error(`${key.url} of the cache "${name}" ${why}`, { cause })
    })
    if (response === undefined) continue
    const staged = `${index}/${number}?${new URLSearchParams({ cache: name, url: key.url })}`
    await staging.put(staged, response, key.headers)
    backedUp.push({ key, staged })
  }
  return backedUp
}

/**
 * Takes back what was put, and puts back what was there before, one response after the other, so that a page that dies
 * leaves one place empty at most. What cannot be put back stays staged.
 *
 * @param made Names of caches that were not there.
 * @param count How many responses were staged to be put.
 * @returns Whether the app's caches are as they were.
 */
export async function undo(
  puts: readonly Put[],
  made: ReadonlySet<string>,
  count: number,
  staging: Staging,
): Promise<boolean> {
  // what was replaced may need the room of what was to replace it
  for (let index = 0; index < count; index++) await staging.delete(index).catch(() => undefined)
  // backwards, as one may have taken the place of another
  const undoings = puts.toReversed().map((put) => new Undoing(put))
  // what there was no room for may find it when the others are done
  for (let attempt = 0; attempt < 2; attempt++) {
    for (const undoing of undoings) await undoing.try(staging)
  }
  const isUndone = undoings.every((undoing) => undoing.isDone)
  if (!isUndone) staging.isNeeded = true
  return (await deleteEmpty(made)) && isUndone
}

/** One response, until it is as if it had not been put. */
class Undoing {
  readonly #put: Put
  readonly #left: Set<BackedUp>
  #isDeleted = false

  constructor(put: Put) {
    this.#put = put
    this.#left = new Set(put.before)
  }

  get isDone(): boolean {
    return this.#isDeleted && this.#left.size === 0
  }

  async try(staging: Staging): Promise<void> {
    const { cache, request } = this.#put
    if (!this.#isDeleted) this.#isDeleted = await works(() => cache.delete(request))
    if (!this.#isDeleted) return
    for (const one of this.#left) {
      const isBack = await works(async () => cache.put(one.key, await staging.get(one.staged)))
      if (!isBack) continue
      this.#left.delete(one)
      await works(() => staging.delete(one.staged))
    }
  }
}

/** Whether none of the caches called `made` is left empty. */
async function deleteEmpty(made: ReadonlySet<string>): Promise<boolean> {
  let isDone = true
  for (const name of made) {
    isDone &&= await works(async () => {
      // not if the app has put something into it meanwhile
      const cache = await caches.open(name)
      if ((await cache.keys()).length === 0) await caches.delete(name)
    })
  }
  return isDone
}

/**
 * Puts back what an import that is over has left in `staged`, its cache, if there is nothing in its place: its page died while it
 * undid, or could not put it back. What is in the place of others is newer, from the bundle or the app, and stays.
 *
 * @returns Whether none of it is needed any more.
 */
export async function putBackLeft(staged: Cache): Promise<boolean> {
  const keys = await staged.keys()
  const backups = keys.filter(({ url }) => new URL(url).search !== '')
  if (backups.length === 0) return true
  const others = keys.filter((key) => !backups.includes(key))
  // what is left may need their room
  for (const key of others) await works(() => staged.delete(key, { ignoreVary: true }))
  let isDone = true
  for (const backup of backups) {
    isDone = (await works(() => putBackAlone(staged, backup))) && isDone
  }
  return isDone
}

async function putBackAlone(staged: Cache, backup: Request): Promise<void> {
  const { searchParams } = new URL(backup.url)
  const name = searchParams.get('cache')!
  // not if the app has deleted it meanwhile
  if (!(await caches.has(name))) return
  const cache = await caches.open(name)
  const key = new Request(searchParams.get('url')!, { headers: backup.headers })
  if ((await cache.keys(key)).length > 0) return
  const response = await staged.match(backup, { ignoreVary: true })
  if (response !== undefined) await cache.put(key, response)
}

async function works(task: () => Promise<unknown>): Promise<boolean> {
  try {
    await task()
    return true
  } catch {
    return false
  }
}
