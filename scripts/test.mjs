// Why: the suites belong to two runners, and whoever runs them wants one number, soon. Every suite runs
// even if an earlier one failed, and the last line is `N passed, N failed`, from their own reports.

import { readFileSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { countPlaywright, countVitest, line, sum } from './counts.mjs'
import { refuseWindows, root, run } from './run.mjs'
import { clearScratch } from './scratch.mjs'

/** @typedef {import('./counts.mjs').Count} Count */

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {readonly string[]} command
 * @property {Record<string, string>} [env]
 * @property {string} report Where the runner puts its own report, in JSON.
 * @property {(report: any) => Count} count
 * @property {number} minutes After these it is killed.
 */

const ENGINES = ['--config', 'playwright.engines.config.ts']

/** For suites whose apps an earlier one has built. */
const BUILT = { HOLDALL_APPS: 'built' }

/**
 * One after the other; those of one line side by side, as the first does nothing but compute, and the others
 * wait, or do not mind.
 *
 * @typedef {readonly (readonly [Suite, ...Suite[]])[]} Order
 */

/** @type {Order} */
const suites = [
  [vitest('unit', 10, ['--project', 'long'])],
  [vitest('interop', 30), vitest('fuzz', 5)],
  [playwright('e2e', ['--project=chromium'])],
  [playwright('alone', ['--project=alone'], BUILT)],
]

/**
 * What takes as long again, and seldom fails for what a change did: `--all` has it, too.
 *
 * @type {Order}
 */
const rest = [
  [playwright('engines', ENGINES, { ...BUILT, HOLDALL_WAITS: 'apart' })],
  [
    vitest('interop-large', 30, ['--maxWorkers=1']),
    playwright('large', ['--project=large'], BUILT),
    // for a minute each, in which they do next to nothing
    playwright('waits', [...ENGINES, '--project=firefox', '--grep=@firefox|@waits'], BUILT),
  ],
]

/**
 * @param {string} name Of a project in vitest.config.ts.
 * @param {number} minutes
 * @param {readonly string[]} [args]
 * @returns {Suite}
 */
function vitest(name, minutes, args = []) {
  const report = `reports/${name}.json`
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const command = ['vitest', 'run', '--project', name, ...args, ...reporters]
  return { name, command, report, count: countVitest, minutes }
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {Record<string, string>} [more] Of the environment.
 * @returns {Suite}
 */
function playwright(name, args, more = {}) {
  const report = `reports/${name}.json`
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: report, ...more }
  const command = ['playwright', 'test', ...args, '--output', `reports/${name}`]
  return { name, command, env, report, count: countPlaywright, minutes: 30 }
}

/**
 * Runs a suite. One that leaves no report, has no tests, or fails without saying where, counts as
 * one failure.
 *
 * @param {Suite} suite
 * @param {'now' | 'at the end'} show
 * @returns {Promise<Count>}
 */
async function runSuite({ name, command, env = {}, report, count, minutes }, show) {
  rmSync(root + report, { force: true })
  const [program = '', ...args] = command
  const started = performance.now()
  const code = await run(program, args, { minutes, env, show })
  const seconds = Math.round((performance.now() - started) / 1000)
  try {
    const counted = count(JSON.parse(readFileSync(root + report, 'utf8')))
    const { passed, failed, why = [] } = counted
    // what could not be had is skipped by name: all of a suite, where it is of one engine
    if (passed + failed === 0 && why.length === 0) throw new Error('it ran no tests')
    if (code !== 0 && failed === 0) throw new Error(`it ended with exit code ${code}`)
    console.log(`${name}: ${line(counted)} in ${seconds} s`)
    return counted
  } catch (error) {
    console.error(`${name}: failed: ${error instanceof Error ? error.message : error}`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

/**
 * Runs a step that is no suite: nothing if it works, one failure if not.
 *
 * @param {string} script
 * @returns {Promise<Count>}
 */
async function runStep(script) {
  const failed = (await run(process.execPath, [`scripts/${script}`], { minutes: 30 })) !== 0
  if (failed) console.error(`scripts/${script} failed; the others run nevertheless`)
  return { passed: 0, failed: Number(failed), skipped: 0 }
}

refuseWindows('npm test')
const { all } = parseArgs({ options: { all: { type: 'boolean', default: false } } }).values
clearScratch()
const counts = [await runStep('setup.mjs'), await runStep('build.mjs')]
for (const [first, ...others] of all ? [...suites, ...rest] : suites) {
  const beside = others.map((suite) => runSuite(suite, 'at the end'))
  counts.push(await runSuite(first, 'now'), ...(await Promise.all(beside)))
}
if (all) counts.push(await runStep('what-works.mjs'), await runStep('who-reads.mjs'))

const total = sum(counts)
for (const failure of total.failures ?? []) console.log(`failed: ${failure}`)
console.log(line(total))
if (total.failed > 0 || total.passed === 0) process.exitCode = 1
