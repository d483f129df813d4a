/** One listener for each signal, however many wait for it: of more than ten, Node warns as of a leak. */

const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/**
 * Has `end` called when `signal` aborts, if it has not by now.
 *
 * @returns What takes that back.
 */
export function whenAborted(signal: AbortSignal, end: () => void): () => void {
  let ends = waiting.get(signal)
  if (ends === undefined) {
    const all = (ends = new Set())
    waiting.set(signal, all)
    signal.addEventListener('abort', () => all.forEach((one) => one()))
  }
  ends.add(end)
  return () => void ends.delete(end)
}
