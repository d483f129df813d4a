/** Holds a property against hostile input for as long as is wished. */

import fc from 'fast-check'
import { it } from 'vitest'

/** For each target. `npm run fuzz` says how long; the ordinary tests ask for ten seconds. */
const SECONDS = Number(process.env['HOLDALL_FUZZ_SECONDS'] ?? 10)

/** To repeat what another run has found, with the path that it told. */
const seed = process.env['HOLDALL_FUZZ_SEED']
const path = process.env['HOLDALL_FUZZ_PATH']

/** What takes longer than this for one input hangs, in ms. */
const HANGS_AFTER = 10_000

/**
 * A test that `property` holds; what breaks it is told with a seed and a path, which repeat it.
 *
 * @param part How much of its target's time it takes, from 0 to 1.
 */
export function fuzz(name: string, part: number, property: fc.IRawProperty<unknown>): void {
  const limit = SECONDS * part * 1000
  it(name, { timeout: limit + 2 * HANGS_AFTER }, () => hold(property, limit, HANGS_AFTER))
}

/**
 * Tries `property` for `limit` ms. An input for which it does not come to an end within `hangsAfter` ms is a failure,
 * too: fast-check leaves it behind when its time is up, and calls that a success.
 */
export async function hold(
  property: fc.IRawProperty<unknown>,
  limit: number,
  hangsAfter: number,
): Promise<void> {
  const run = property.run.bind(property)
  let under: { readonly input: unknown; readonly end: Promise<unknown> } | undefined
  property.run = (input) => {
    const end = run(input)
    if (!(end instanceof Promise)) return end
    const own = { input, end: end.finally(() => own === under && (under = undefined)) }
    under = own
    return end
  }
  await fc.assert(property, {
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: limit,
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(path !== undefined && { path }),
  })
  if (under !== undefined) await orHangs(under.end, under.input, hangsAfter)
}

async function orHangs(end: Promise<unknown>, input: unknown, limit: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const hangs = new Promise<never>((_, reject) => {
    const fail = (): void => reject(new Error(`It hangs with ${fc.stringify(input)}`))
    timer = setTimeout(fail, limit)
  })
  const outcome = await Promise.race([end, hangs]).finally(() => clearTimeout(timer))
  // a run that fails says so in what it gives
  if (typeof outcome === 'object' && outcome !== null && 'error' in outcome) throw outcome.error
}
