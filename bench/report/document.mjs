// Why: BENCHMARKS.md may only say what was measured: its tables and verdicts are made of results.json.

import { isMet } from '../figures/figure.mjs'
import { figureOf, foundInWords, verdict, verdictOfTarget, winners } from './words.mjs'

/**
 * Where, when and with what a figure was measured.
 *
 * @typedef {object} Measured
 * @property {string} date
 * @property {number} rounds
 * @property {string} cpu
 * @property {number} cores
 * @property {string} memory
 * @property {string} system
 * @property {string} node
 * @property {string} chromium
 * @property {Record<string, string>} packages Versions of holdall and its peers, by their name at npm.
 *
 * @typedef {import('../figures/figure.mjs').Figure & { measured: Measured }} MeasuredFigure
 *
 * @typedef {{ figures: MeasuredFigure[] }} Results What results.json has.
 */

/** Where the charts are, beside the document. */
export const CHARTS = 'docs/charts/'

/** @param {Results} results */
function summaryOf({ figures }) {
  const targets = figures.flatMap(({ name, targets: all }) =>
    all.map((target) => ({ name, target })),
  )
  const missed = targets.filter(({ target }) => !isMet(target))
  const ahead = figures.flatMap((figure) => {
    const peers = winners(figure).toSorted((a, b) => (a.ahead ?? NaN) - (b.ahead ?? NaN))
    if (peers.length === 0) return []
    const all = peers.map(
      ({ name, median, ahead: by = NaN }) =>
        `**${name}** ${figureOf(median)} (${figureOf(1 / by)} ×)`,
    )
    const { name, unit } = figure
    return `- [\`${name}\`](#${name}): holdall ${figureOf(medianOfOurs(figure))} ${unit}; ${all.join(', ')}`
  })
  return [
    `**Aims**: ${targets.length - missed.length} of ${targets.length} are met.${missed.length === 0 ? '' : ' Missed:'}`,
    '',
    ...missed.map(
      ({ name, target }) =>
        `- [\`${name}\`](#${name}): ${target.text}; found: ${foundInWords(target)}`,
    ),
    '',
    ahead.length === 0 ? '**No peer is ahead** in any figure.' : '**Where a peer is ahead**:',
    '',
    ...ahead,
  ]
    .join('\n')
    .trim()
}

/** @param {MeasuredFigure} figure */
function medianOfOurs({ rows }) {
  return rows.find(({ kind }) => kind === 'holdall')?.median ?? NaN
}

/** @param {Results} results */
function machinesOf({ figures }) {
  /** @type {Map<string, string[]>} */
  const machines = new Map()
  for (const { name, measured } of figures) {
    const line = machineInWords(measured)
    machines.set(line, [...(machines.get(line) ?? []), name])
  }
  const all = [...machines]
  if (all.length === 1) return `- ${all[0]?.[0]}`
  return all
    .map(([line, names]) => `- ${names.map((name) => `\`${name}\``).join(', ')}: ${line}`)
    .join('\n')
}

/** @param {Measured} measured */
function machineInWords({ date, rounds, cpu, cores, memory, system, node, chromium, packages }) {
  const all = Object.entries(packages).map(([name, version]) => `${name} ${version}`)
  const times = rounds === 1 ? 'one round' : `medians of ${rounds} rounds`
  return `${date}, ${times}: ${cores} cores of ${cpu}, ${memory} of memory, ${system}, Chromium ${chromium}, Node ${node}; ${all.join(', ')}.`
}

/** @param {MeasuredFigure} figure */
function sectionOf(figure) {
  const { name, title, unit, rows, targets, also, failures } = figure
  const own = (/** @type {string} */ kind, /** @type {string} */ text) =>
    kind === 'holdall' ? `**${text}**` : text
  return [
    `### ${name}`,
    '',
    `${title}.`,
    '',
    ...(rows.length > 1 ? [`![${title}](${CHARTS}${name}.svg)`, ''] : []),
    `| | ${unit} | least – most | ahead |`,
    '|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${own(row.kind, row.name)} | ${own(row.kind, figureOf(row.median))} | ${figureOf(row.min)} – ${figureOf(row.max)} | ${verdict(row)} |`,
    ),
    ...Object.entries(failures).map(([who, why]) => `| ${who} | failed | | ${why} |`),
    '',
    ...targets.map(
      (target) =>
        `- Aim: ${target.text}. Found: ${foundInWords(target)}, ${verdictOfTarget(target)}.`,
    ),
    ...also.map(({ text, found, unit: of }) => `- Also: ${figureOf(found)} ${of} ${text}.`),
  ]
    .join('\n')
    .trimEnd()
}

/** What is made of results.json, by the name of its place in the document. */
const parts = {
  summary: summaryOf,
  machines: machinesOf,
  figures: (/** @type {Results} */ { figures }) => figures.map(sectionOf).join('\n\n'),
}

/**
 * `document` with what `results` say in its places; the rest is written by hand, and stays.
 *
 * @param {string} document
 * @param {Results} results
 */
export function withResults(document, results) {
  let text = document
  for (const [name, part] of Object.entries(parts)) {
    const place = new RegExp(
      `(<!-- ${name}: made from bench/results.json -->\n)[^]*?(<!-- until here -->)`,
    )
    if (!place.test(text)) throw new Error(`BENCHMARKS.md has no place for its ${name}`)
    text = text.replace(place, (_, start, end) => `${start}${part(results)}\n${end}`)
  }
  return text
}
