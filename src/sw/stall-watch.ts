/** Sees when whoever makes an archive gives no sign of life any more, though its bytes are waited for. */

import { BEAT_EVERY } from '../port/protocol.ts'

/** Beats in a row that must be missing: a worker is busy for a moment, a machine sleeps for a night. */
const STALLED_AFTER = 6

/** Beats after which nobody goes on hoping: five minutes. */
const GIVEN_UP_AFTER = 150

export interface Watched {
  /** Signs of life so far; `undefined` while none is expected. */
  signs(): number | undefined
  /** There are none any more, or there are again. */
  stalled(stalls: boolean): void
  gaveUp(): void
}

/**
 * Looks at every beat, until it is stopped; counts beats rather than time, as while a machine sleeps
 * nobody gives signs of life.
 *
 * @returns Stops it.
 */
export function watchStalls(watched: Watched): () => void {
  let before: number | undefined
  let missed = 0
  const timer = setInterval(() => {
    const signs = watched.signs()
    const alive = signs === undefined || signs !== before
    before = signs
    if (alive && missed >= STALLED_AFTER) watched.stalled(false)
    missed = alive ? 0 : missed + 1
    if (missed === STALLED_AFTER) watched.stalled(true)
    if (missed === GIVEN_UP_AFTER) watched.gaveUp()
  }, BEAT_EVERY)
  return () => clearInterval(timer)
}
