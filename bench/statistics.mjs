// Why: single runs on a busy machine say nothing; medians of rounds that take turns say a little.

/** @param {readonly number[]} values */
export function summary(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? NaN
  return { min: sorted[0] ?? NaN, median: middle, max: sorted.at(-1) ?? NaN }
}

/**
 * Runs each of `contestants` once a round, in turn, so that what slows the machine slows them all.
 *
 * @param {number} rounds
 * @param {Record<string, () => Promise<number>>} contestants Each gives what it took: ms, or MiB.
 * @returns {Promise<Record<string, number[]>>}
 */
export async function inTurn(rounds, contestants) {
  /** @type {Record<string, number[]>} */
  const times = {}
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      const time = await run()
      ;(times[name] ??= []).push(time)
    }
  }
  return times
}

/**
 * How many times as fast one is as the other: the median over the rounds of the ratio in each.
 *
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs
 */
export function speedup(ours, theirs) {
  return summary(ours.map((time, round) => (theirs[round] ?? NaN) / time)).median
}
