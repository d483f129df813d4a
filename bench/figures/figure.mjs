// Why: every bench says what it has found in the same words, which become tables, charts and verdicts.

import { describe } from '../contestants.mjs'
import { ratio, summary } from '../statistics.mjs'

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {'holdall' | 'peer' | 'reference'} kind
 * @property {number} min
 * @property {number} median
 * @property {number} max
 * @property {number} [ahead] How many times as good holdall is: the median over the rounds of each one's
 *   ratio. Absent for holdall's own.
 *
 * @typedef {object} Target
 * @property {string} text
 * @property {number} wanted
 * @property {number} found
 * @property {string} [unit] Default: `×`.
 * @property {boolean} [atMost] Whether less is better. Default: more is.
 *
 * @typedef {{ text: string, found: number, unit: string }} Also What else was seen, which has no aim.
 *
 * @typedef {object} Figure
 * @property {string} name
 * @property {string} title
 * @property {string} unit Of the rows.
 * @property {'more' | 'less'} better Which of two rows is the better one.
 * @property {readonly Row[]} rows
 * @property {readonly Target[]} targets
 * @property {readonly Also[]} also
 * @property {Readonly<Record<string, string>>} failures Why those are not there who could not do it.
 */

/**
 * @param {object} found
 * @param {string} found.name
 * @param {string} found.title
 * @param {string} found.unit
 * @param {'more' | 'less'} [found.better]
 * @param {Readonly<Partial<Record<string, number[]>>>} found.measured What each run took: less of it is better.
 * @param {Readonly<Record<string, string>>} [found.failures]
 * @param {(measured: number) => number} [found.shown] What is said of a run, in `unit`. Default: what it took.
 * @param {readonly Target[]} [found.targets]
 * @param {readonly Also[]} [found.also]
 * @param {(name: string) => string} [found.label]
 * @returns {Figure}
 */
export function figure({
  name,
  title,
  unit,
  better = 'less',
  measured,
  failures = {},
  shown = (value) => value,
  targets = [],
  also = [],
  label = (who) => describe(who).label,
}) {
  const ours = measured['holdall'] ?? []
  const rows = Object.entries(measured).map(([who, values = []]) => ({
    name: label(who),
    kind: describe(who).kind,
    ...summary(values.map(shown)),
    ...(who !== 'holdall' && { ahead: ratio(values, ours) }),
  }))
  const why = Object.entries(failures).map(([who, reason]) => [label(who), reason])
  return { name, title, unit, better, rows, targets, also, failures: Object.fromEntries(why) }
}

/** @param {Target} target */
export function isMet({ wanted, found, atMost = false }) {
  return atMost ? found <= wanted : found >= wanted
}
