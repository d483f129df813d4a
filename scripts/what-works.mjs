// Why: the README says what works in which engine, and may say only what tests/engines has seen there.
// After that suite it compares; with --write it puts down what was seen, in the README, too.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { root } from './run.mjs'

/**
 * What was seen, as tests/engines/results.json keeps it.
 *
 * @typedef {object} Results
 * @property {Record<string, string>} browsers By engine, with their versions.
 * @property {readonly Scenario[]} scenarios
 *
 * @typedef {object} Scenario
 * @property {string} title
 * @property {boolean} slow Whether it runs with --slow only.
 * @property {Record<string, string>} outcomes By engine.
 */

/**
 * The parts of Playwright's report that are of use here.
 *
 * @typedef {object} Suite
 * @property {readonly Suite[]} [suites]
 * @property {readonly Spec[]} [specs]
 *
 * @typedef {object} Spec
 * @property {string} title
 * @property {readonly string[]} tags Without their `@`.
 * @property {readonly Run[]} tests
 *
 * @typedef {object} Run
 * @property {string} projectName
 * @property {string} status
 * @property {readonly { type: string, description?: string }[]} annotations
 */

const engines = ['chromium', 'firefox', 'webkit']
const paths = {
  /** `npm test -- --all` runs what waits beside other suites. */
  reports: [`${root}reports/engines.json`, `${root}reports/waits.json`],
  results: `${root}tests/engines/results.json`,
  readme: `${root}README.md`,
}

/**
 * What a report of the suite has seen, of the engines that were there.
 *
 * @param {Suite} report
 * @returns {Results}
 */
export function seenIn(report) {
  /** @type {Record<string, string>} */
  const browsers = {}
  /** @type {Map<string, Scenario>} */
  const scenarios = new Map()
  for (const { title, tags, tests } of specsOf(report)) {
    if (tags.includes('firefox')) continue // what only one of them needs is no row of a table
    /** @type {Scenario} */
    const scenario = scenarios.get(title) ?? { title, slow: tags.includes('slow'), outcomes: {} }
    scenarios.set(title, scenario) // also if a machine cannot run it anywhere
    for (const { projectName, status, annotations } of tests) {
      if (status === 'skipped') continue
      const said = (/** @type {string} */ type) =>
        annotations.find((annotation) => annotation.type === type)?.description
      const [why, note] = [said('no'), said('note')]
      const yes = note === undefined ? 'yes' : `yes, ${note}`
      const outcome = why === undefined ? yes : `no: ${why}`
      scenario.outcomes[projectName] = status === 'expected' ? outcome : 'failed'
      browsers[projectName] ??= shortened(said('browser') ?? projectName)
    }
  }
  return { browsers, scenarios: [...scenarios.values()] }
}

/**
 * What was seen in the browsers that the README tells of: another of the same engine may do otherwise, as Playwright's
 * WebKit and WebKitGTK do.
 *
 * @param {Results} seen
 * @param {Results} results
 * @returns {Results}
 */
export function seenInKnown({ browsers, scenarios }, results) {
  const kind = (/** @type {string | undefined} */ name) => name?.split(' ', 1)[0]
  const isKnown = (/** @type {readonly [string, string]} */ [engine]) =>
    [undefined, kind(browsers[engine])].includes(kind(results.browsers[engine]))
  const only = (/** @type {Record<string, string>} */ byEngine) =>
    Object.fromEntries(Object.entries(byEngine).filter(isKnown))
  return {
    browsers: only(browsers),
    scenarios: scenarios.map((scenario) => ({ ...scenario, outcomes: only(scenario.outcomes) })),
  }
}

/**
 * The table of the README.
 *
 * @param {Results} results
 */
export function tableOf({ browsers, scenarios }) {
  const columns = engines.filter((engine) => engine in browsers)
  const row = (/** @type {readonly (string | undefined)[]} */ cells) => `| ${cells.join(' | ')} |`
  return [
    row(['', ...columns.map((engine) => browsers[engine])]).replace('|  |', '| |'),
    `|${'---|'.repeat(columns.length + 1)}`,
    ...scenarios.map(({ title, outcomes }) =>
      row([title, ...columns.map((engine) => outcomes[engine] ?? '–')]),
    ),
  ].join('\n')
}

/**
 * In what the results that were put down are not what was seen. Versions may differ: another
 * machine has other browsers. What failed has been counted as such.
 *
 * @param {Results} seen
 * @param {Results} results
 * @returns {string[]}
 */
export function differences(seen, results) {
  const find = (/** @type {Results} */ { scenarios }, /** @type {string} */ title) =>
    scenarios.find((scenario) => scenario.title === title)
  const changed = seen.scenarios.flatMap(({ title, outcomes }) =>
    Object.entries(outcomes).flatMap(([engine, outcome]) => {
      const known = find(results, title)?.outcomes[engine]
      if (outcome === 'failed' || outcome === known) return []
      return [`"${title}" in ${engine}: "${outcome}", and not "${known ?? 'unknown'}"`]
    }),
  )
  const ran = (/** @type {Scenario} */ { outcomes }) =>
    Object.keys(outcomes).some((engine) => engine in seen.browsers)
  const gone = results.scenarios.filter(
    (scenario) => !scenario.slow && ran(scenario) && !find(seen, scenario.title),
  )
  return [...changed, ...gone.map(({ title }) => `"${title}" was not run`)]
}

/**
 * What is known when something new was seen: an engine that was not there, and slow scenarios that
 * were not asked for, stay as they were.
 *
 * @param {Results} seen
 * @param {Results} results
 * @returns {Results}
 */
export function merged(seen, results) {
  const old = new Map(results.scenarios.map((scenario) => [scenario.title, scenario]))
  const fresh = seen.scenarios.map((scenario) => ({
    ...scenario,
    outcomes: { ...old.get(scenario.title)?.outcomes, ...scenario.outcomes },
  }))
  const titles = new Set(fresh.map(({ title }) => title))
  const kept = results.scenarios.filter(({ title, slow }) => slow && !titles.has(title))
  return { browsers: { ...results.browsers, ...seen.browsers }, scenarios: [...fresh, ...kept] }
}

/**
 * `readme` with `table` in the place of the one that it has.
 *
 * @param {string} readme
 * @param {string} table
 */
export function withTable(readme, table) {
  const place = /(<!-- made by scripts\/what-works\.mjs -->\n)[^]*?(<!-- until here -->)/
  if (!place.test(readme)) throw new Error('The README has no place for the table')
  return readme.replace(place, (_, start, end) => `${start}${table}\n${end}`)
}

/**
 * @param {Suite} suite
 * @returns {Spec[]}
 */
function specsOf({ suites = [], specs = [] }) {
  return [...specs, ...suites.flatMap(specsOf)]
}

/**
 * A browser's name, with as much of its version as tells releases apart.
 *
 * @param {string} name
 */
function shortened(name) {
  return name.replace(/(\d+)(\.\d+)?\S*/, (_, major, minor = '') =>
    name.startsWith('WebKit') ? `${major}${minor}` : major,
  )
}

/** @param {string} path */
const json = (path) => JSON.parse(readFileSync(path, 'utf8'))

function main() {
  /** @type {Results} */
  const results = json(paths.results)
  const all = seenIn({ suites: paths.reports.filter(existsSync).map(json) })
  const seen = seenInKnown(all, results)
  for (const [engine, name] of Object.entries(all.browsers)) {
    if (engine in seen.browsers) continue
    console.log(`${name} is left out of this: the README tells of ${results.browsers[engine]}`)
  }
  if (process.argv.includes('--write')) {
    const known = merged(seen, results)
    writeFileSync(paths.results, `${JSON.stringify(known, null, 2)}\n`)
    writeFileSync(paths.readme, withTable(readFileSync(paths.readme, 'utf8'), tableOf(known)))
    return
  }
  const found = differences(seen, results)
  for (const difference of found) console.error(difference)
  if (found.length === 0) return
  console.error('The README says otherwise: see what has changed, then run it with --write')
  process.exitCode = 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
