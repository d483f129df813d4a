/** Holds a property against hostile input for as long as is wished. */

import fc from 'fast-check'
import { it } from 'vitest'

/** For each target. `npm run fuzz` says how long; the ordinary tests ask for ten seconds. */
const SECONDS = Number(process.env['HOLDALL_FUZZ_SECONDS'] ?? 10)

/** To repeat what another run has found, with the path that it told. */
const seed = process.env['HOLDALL_FUZZ_SEED']
const path = process.env['HOLDALL_FUZZ_PATH']

/**
 * A test that `property` holds; what breaks it is told with a seed and a path, which repeat it.
 *
 * @param part How much of its target's time it takes, from 0 to 1.
 */
export function fuzz(name: string, part: number, property: fc.IRawProperty<unknown>): void {
  const limit = SECONDS * part * 1000
  const options = {
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: limit,
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(path !== undefined && { path }),
  }
  // what hangs is a failure, too: the limit is looked at between two runs
  it(name, { timeout: limit + 20_000 }, () => fc.assert(property, options))
}
