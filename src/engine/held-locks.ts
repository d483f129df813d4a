/** Which Web Locks of this origin are held: by them the living are known. */

import { answerLock, claimLock, pageLock, producerLock } from '../port/delivery.ts'

/**
 * The names of those that are held; `undefined` where that is not told. Firefox refuses it in frames of
 * other sites, where locks can be requested all the same; insecure contexts have none.
 */
export async function heldLocks(): Promise<readonly string[] | undefined> {
  try {
    const { held = [] } = (await navigator.locks?.query()) ?? {}
    return held.map(({ name = '' }) => name)
  } catch {
    return undefined
  }
}

/** How often it is looked again whether a lock is held still, in ms. */
const LOOK_EVERY = 50

/**
 * Whether somebody makes the archive `id`, answers for it or is about to.
 *
 * @param patience How long to wait for those who may have ended, in ms: they hold their locks a moment longer. Default:
 *   not at all.
 */
export async function isGoingOn(id: string, patience = 0): Promise<boolean> {
  const until = performance.now() + patience
  while (await belongsTo(id, await heldLocks())) {
    if (performance.now() >= until) return true
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
  }
  return false
}

/** Whether one of the locks `held` is of the archive `id`; where these are not told, whether one of its own is held. */
export async function belongsTo(id: string, held: readonly string[] | undefined): Promise<boolean> {
  if (held !== undefined) return held.some((name) => name.startsWith(`holdall:${id}`))
  const its = [pageLock(id), claimLock(id), producerLock(id, 0), answerLock(id, 0)]
  return (await Promise.all(its.map(isHeld))).includes(true)
}

/**
 * Whether somebody holds the Web Lock `name`: told by the list where there is one, as whoever asks for the
 * lock itself holds it for a moment.
 */
export async function isHeld(name: string): Promise<boolean> {
  const held = await heldLocks()
  if (held !== undefined) return held.includes(name)
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => lock === null)
}
