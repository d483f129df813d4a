// Why: numbers read alike wherever they stand, and a verdict is the data's, not the writer's.

import { isMet } from '../figures/figure.mjs'

/** @typedef {import('../figures/figure.mjs').Figure} Figure */
/** @typedef {import('../figures/figure.mjs').Row} Row */
/** @typedef {import('../figures/figure.mjs').Target} Target */

const format = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumSignificantDigits: 2 })
/** Closer than this, nobody is ahead. */
const EVEN = 0.02

/** @param {number} value */
export function figureOf(value) {
  return format.format(value)
}

/**
 * Who is ahead in a row of somebody else's, and by how much.
 *
 * @param {Row} row
 */
export function verdict({ name, kind, ahead }) {
  if (ahead === undefined) return ''
  if (Math.abs(ahead - 1) <= EVEN) return 'even'
  if (ahead > 1) return `holdall, ${figureOf(ahead)} ×`
  const theirs = `${name}, ${figureOf(1 / ahead)} ×`
  return kind === 'peer' ? `**${theirs}**` : theirs
}

/**
 * The peers that are ahead of holdall.
 *
 * @param {Figure} figure
 */
export function winners({ rows }) {
  return rows.filter(({ kind, ahead = 1 }) => kind === 'peer' && ahead < 1 - EVEN)
}

/** @param {Target} target */
export function foundInWords({ found, unit = '×' }) {
  return `${figureOf(found)} ${unit}`
}

/** @param {Target} target */
export function verdictOfTarget(target) {
  const apart = percent.format(Math.abs(target.found - target.wanted) / target.wanted)
  return isMet(target) ? `met by ${apart}` : `**missed by ${apart}**`
}

/**
 * A figure for a terminal.
 *
 * @param {Figure} figure
 */
export function inWords({ name, title, unit, rows, targets, also, failures }) {
  const width = Math.max(...rows.map((row) => row.name.length)) + 2
  return [
    `${name}: ${title} (${unit}; median, least–most)`,
    ...rows.map(
      (row) =>
        `  ${row.name.padEnd(width)}${figureOf(row.median).padStart(9)}   ${figureOf(row.min)}–${figureOf(row.max)}   ${verdict(row)}`,
    ),
    ...Object.entries(failures).map(([who, why]) => `  ${who.padEnd(width)}   failed: ${why}`),
    ...targets.map(
      (target) => `  ${verdictOfTarget(target)}: ${target.text}: ${foundInWords(target)}`,
    ),
    ...also.map(({ text, found, unit: of }) => `  ${text}: ${figureOf(found)} ${of}`),
  ]
    .join('\n')
    .replaceAll('**', '')
}
