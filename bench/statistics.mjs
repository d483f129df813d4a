// Why: single runs on a busy machine say nothing; medians of rounds that take turns say a little.

/** @param {readonly number[]} values */
export function summary(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? NaN
  return { min: sorted[0] ?? NaN, median: middle, max: sorted.at(-1) ?? NaN }
}

/**
 * Runs each of `contestants` once a round, in turn, so that what slows the machine slows them all; each round begins
 * with another, as what one leaves behind the next one has to live with.
 *
 * @template {string} Name
 * @param {number} rounds
 * @param {Record<Name, () => Promise<number>>} contestants Each gives what it took: ms, or MiB.
 * @param {(line: string) => void} [told] Gets a line for each run. Default: it is printed.
 * @returns {Promise<{ measured: Partial<Record<Name, number[]>>, failures: Record<string, string> }>}
 *   Whoever fails, but for holdall, is out, and `failures` says why.
 */
export async function inTurn(rounds, contestants, told = console.log) {
  /** @type {Partial<Record<Name, number[]>>} */
  const measured = {}
  /** @type {Record<string, string>} */
  const failures = {}
  const names = /** @type {Name[]} */ (Object.keys(contestants))
  for (let round = 0; round < rounds; round++) {
    const first = round % names.length
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      if (name in failures) continue
      const before = performance.now()
      try {
        ;(measured[name] ??= []).push(await contestants[name]())
      } catch (error) {
        if (name === 'holdall') throw error
        failures[name] = /** @type {Error} */ (error).message.split('\n')[0] ?? ''
        delete measured[name]
      }
      const seconds = ((performance.now() - before) / 1000).toFixed(1)
      told(`  ${round + 1}/${rounds} ${name}: ${failures[name] ?? `${seconds} s`}`)
    }
  }
  return { measured, failures }
}

/**
 * How many times as much one takes as the other: the median over the rounds of the ratio in each.
 *
 * @param {readonly number[]} theirs
 * @param {readonly number[]} ours
 */
export function ratio(theirs, ours) {
  return summary(ours.map((value, round) => (theirs[round] ?? NaN) / value)).median
}
