/** What `:state(…)` of a style sheet matches. */

import type { WidgetState } from './readout.ts'

/** Has the element of `internals` match `:state(…)` of `state` alone; where browsers know such states. */
export function showState(internals: ElementInternals, state: WidgetState): void {
  try {
    const { states } = internals
    if (states.has(state)) return
    states.clear()
    states.add(state)
  } catch {
    // none at all in Safari before 17.4; in Chromium before 125 such a name is a syntax error
  }
}
