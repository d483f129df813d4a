// Why: docs/output.md says which program reads which archive, and may say only what tests/interop has seen.
// After those suites it compares; with --write it has every program read every archive, which takes
// a quarter of an hour, and puts down what was seen, in the document, too.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { root, run } from './run.mjs'

/**
 * What was seen, as tests/interop/results.json keeps it.
 *
 * @typedef {object} Results
 * @property {Record<string, string>} programs Their versions.
 * @property {Record<Table, Record<string, Record<string, string>>>} tables Outcomes, by line, and by program.
 *
 * @typedef {'archives' | 'beside'} Table
 */

/**
 * The parts of Vitest's report that are of use here.
 *
 * @typedef {object} Report
 * @property {readonly { name: string, assertionResults: readonly Test[] }[]} testResults
 *
 * @typedef {object} Test
 * @property {string} status
 * @property {{ sights?: readonly Sight[] }} [meta]
 *
 * @typedef {object} Sight
 * @property {Table} table
 * @property {string} of
 * @property {string} program
 * @property {string} version
 * @property {string} outcome
 */

const programs = [
  'Info-ZIP unzip',
  '7-Zip',
  'bsdtar',
  'bsdtar, from a pipe',
  'Python zipfile',
  'Java ZipFile',
  'Java ZipInputStream',
  'zip.js',
  'yauzl',
  'busybox unzip',
  'funzip',
]
const tables = /** @type {const} */ (['archives', 'beside'])
const suites = ['interop', 'interop-large']
const paths = {
  reports: suites.map((name) => `${root}reports/${name}.json`),
  results: `${root}tests/interop/results.json`,
  document: `${root}docs/output.md`,
}

/**
 * What reports of the suites have seen, of the programs that were there.
 *
 * @param {readonly Report[]} reports
 * @returns {Results}
 */
export function seenIn(reports) {
  /** @type {Results} */
  const seen = { programs: {}, tables: { archives: {}, beside: {} } }
  // they are in the order in which they ended
  const files = reports
    .flatMap(({ testResults }) => testResults)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const passed = files
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed')
  for (const { table, of, program, version, outcome } of passed.flatMap(
    ({ meta }) => meta?.sights ?? [],
  )) {
    seen.programs[program] = version
    const line = (seen.tables[table][of] ??= {})
    line[program] = outcome
  }
  return seen
}

/**
 * A table of the document, with the reasons of those who do not read below it.
 *
 * @param {Results} results
 * @param {Table} table
 */
export function tableOf(results, table) {
  const lines = Object.entries(results.tables[table])
  const columns = programs.filter((program) => lines.some(([, cells]) => program in cells))
  /** @type {string[]} */
  const reasons = []
  const cell = (/** @type {string} */ program, /** @type {string | undefined} */ outcome = '–') => {
    const [, why] = /^no: (.*)$/.exec(outcome) ?? []
    if (why === undefined) return outcome
    const reason = `${program}: ${why}.`
    if (!reasons.includes(reason)) reasons.push(reason)
    return `**no** (${reasons.indexOf(reason) + 1})`
  }
  const row = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`
  const rows = lines.map(([name, cells]) =>
    row([name, ...columns.map((program) => cell(program, cells[program]))]),
  )
  const titles = columns.map((program) => `${program} ${results.programs[program]}`)
  const notes = reasons.map((reason, index) => `${index + 1}. ${reason}`)
  return [
    row(['', ...titles]).replace('|  |', '| |'),
    `|${'---|'.repeat(columns.length + 1)}`,
    ...rows,
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n')
}

/**
 * In what the results that were put down are not what was seen. A program of another version may read
 * what that one did not; where it does not read what that one did, a test has failed.
 *
 * @param {Results} seen
 * @param {Results} results
 * @returns {string[]}
 */
export function differences(seen, results) {
  const changed = (/** @type {Table} */ table) =>
    Object.entries(seen.tables[table]).flatMap(([line, cells]) =>
      Object.entries(cells).flatMap(([program, outcome]) => {
        const known = results.tables[table][line]?.[program]
        const same = seen.programs[program] === results.programs[program]
        if (outcome === known || (known !== undefined && !same)) return []
        return [`"${line}" by ${program}: "${outcome}", and not "${known ?? 'unknown'}"`]
      }),
    )
  const gone = (/** @type {Table} */ table) =>
    Object.keys(results.tables[table]).filter((line) => !(line in seen.tables[table]))
  // what says something beside names and content is no line for all programs: each that was here must say it again
  const forgotten = Object.entries(results.tables.beside).flatMap(([line, cells]) =>
    Object.keys(cells)
      .filter((program) => program in seen.programs && line in seen.tables.beside)
      .filter((program) => seen.tables.beside[line]?.[program] === undefined)
      .map((program) => `"${line}" was not asked of ${program}`),
  )
  return [
    ...forgotten,
    ...tables.flatMap(changed),
    ...tables.flatMap(gone).map((line) => `"${line}" was not run`),
  ]
}

/**
 * What is known when all was asked of the programs that were there: of others, it stays as it was.
 *
 * @param {Results} seen
 * @param {Results} results
 * @returns {Results}
 */
export function merged(seen, results) {
  const ofAbsent = (/** @type {Record<string, string>} */ cells) =>
    Object.fromEntries(Object.entries(cells).filter(([program]) => !(program in seen.programs)))
  const lines = (/** @type {Table} */ table) =>
    Object.fromEntries(
      Object.entries(seen.tables[table]).map(([line, cells]) => [
        line,
        { ...ofAbsent(results.tables[table][line] ?? {}), ...cells },
      ]),
    )
  return {
    programs: { ...results.programs, ...seen.programs },
    tables: { archives: lines('archives'), beside: lines('beside') },
  }
}

/**
 * `document` with the tables in the places of those that it has.
 *
 * @param {string} document
 * @param {Results} results
 */
export function withTables(document, results) {
  return tables.reduce((text, table) => {
    const start = `<!-- made by scripts/who-reads.mjs: ${table} -->\n`
    const from = text.indexOf(start)
    const to = text.indexOf('<!-- until here -->', from)
    if (from < 0 || to < 0) throw new Error(`The document has no place for the table "${table}"`)
    const made = `\n${tableOf(results, table)}\n\n`
    return text.slice(0, from + start.length) + made + text.slice(to)
  }, document)
}

async function askEveryone() {
  for (const [index, suite] of suites.entries()) {
    const report = /** @type {string} */ (paths.reports[index])
    rmSync(report, { force: true })
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    const args = ['run', '--project', suite, '--maxWorkers=1', ...reporters]
    const code = await run('vitest', args, { minutes: 120, env: { HOLDALL_READERS: 'all' } })
    if (code !== 0) throw new Error(`The suite "${suite}" failed: nothing was put down`)
  }
}

/** @param {string} path */
const json = (path) => JSON.parse(readFileSync(path, 'utf8'))

async function main() {
  const write = process.argv.includes('--write')
  if (write) await askEveryone()
  const seen = seenIn(paths.reports.filter(existsSync).map(json))
  /** @type {Results} */
  const results = json(paths.results)
  if (write) {
    const known = merged(seen, results)
    writeFileSync(paths.results, `${JSON.stringify(known, null, 2)}\n`)
    writeFileSync(paths.document, withTables(readFileSync(paths.document, 'utf8'), known))
    return
  }
  const found = differences(seen, results)
  for (const difference of found) console.error(difference)
  if (found.length === 0) return
  console.error('docs/output.md says otherwise: see what has changed, then run it with --write')
  process.exitCode = 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
