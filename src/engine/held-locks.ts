/** Which Web Locks of this origin are held: by them the living are known. */

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

/**
 * Whether somebody holds the Web Lock `name`: told by the list where there is one, as whoever asks for the
 * lock itself holds it for a moment.
 */
export async function isHeld(name: string): Promise<boolean> {
  const held = await heldLocks()
  if (held !== undefined) return held.includes(name)
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => lock === null)
}
