// Why: the suites belong to two runners, and whoever runs them wants one number. Every suite runs
// even if an earlier one failed, and the last line is `N passed, N failed`, from their own reports.

import { readFileSync, rmSync } from 'node:fs'
import { root, run } from './run.mjs'

/**
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly string[]} [why] What was skipped, and why.
 */

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {readonly string[]} command
 * @property {string} report Where the runner puts its own report, in JSON.
 * @property {(report: any) => Count} count
 * @property {number} minutes After these it is killed.
 */

/** @type {readonly Suite[]} */
const suites = [
  vitest('unit', 10),
  vitest('fuzz', 5),
  vitest('interop', 30),
  {
    name: 'e2e',
    command: ['playwright', 'test'],
    report: 'reports/playwright.json',
    count: countPlaywright,
    minutes: 30,
  },
  {
    name: 'engines',
    command: ['playwright', 'test', '--config', 'playwright.engines.config.ts'],
    report: 'reports/engines.json',
    count: countPlaywright,
    minutes: 15,
  },
]

/**
 * @param {string} name Of a project in vitest.config.ts.
 * @param {number} minutes
 * @returns {Suite}
 */
function vitest(name, minutes) {
  const report = `reports/${name}.json`
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const command = ['vitest', 'run', '--project', name, ...reporters]
  return { name, command, report, count: countVitest, minutes }
}

/** @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} report */
function countVitest({ testResults }) {
  const count = { passed: 0, failed: 0, skipped: 0 }
  for (const { status, assertionResults } of testResults) {
    const failed = assertionResults.filter((result) => result.status === 'failed').length
    const passed = assertionResults.filter((result) => result.status === 'passed').length
    count.passed += passed
    // a file can fail without any of its tests: it does not load, or a hook throws
    count.failed += status === 'failed' ? Math.max(failed, 1) : failed
    count.skipped += assertionResults.length - passed - failed
  }
  return count
}

/**
 * @param {object} report
 * @param {{ expected: number, unexpected: number, flaky: number, skipped: number }} report.stats
 * @param {readonly unknown[]} report.errors Of what is no test: a file that does not load, say.
 */
function countPlaywright({ stats, errors, ...report }) {
  // the reasons for skips are with each test, at any depth
  const skips = JSON.stringify(report).matchAll(/"type":"skip","description":"([^"]*)"/g)
  return {
    why: [...new Set([...skips].map(([, reason = '']) => reason))],
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  }
}

/**
 * Runs a suite. One that leaves no report, has no tests, or fails without saying where, counts as
 * one failure.
 *
 * @param {Suite} suite
 * @returns {Promise<Count>}
 */
async function runSuite({ name, command, report, count, minutes }) {
  rmSync(root + report, { force: true })
  const [program = '', ...args] = command
  const code = await run(program, args, { minutes })
  try {
    const counted = count(JSON.parse(readFileSync(root + report, 'utf8')))
    if (counted.passed + counted.failed === 0) throw new Error('it ran no tests')
    if (code !== 0 && counted.failed === 0) throw new Error(`it ended with exit code ${code}`)
    console.log(`${name}: ${line(counted)}`)
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

/** @param {Count} count */
function line({ passed, failed, skipped, why = [] }) {
  const rest = skipped > 0 ? `, ${skipped} skipped` : ''
  return `${passed} passed, ${failed} failed${rest}${why.length > 0 ? ` (${why.join('; ')})` : ''}`
}

const counts = [await runStep('setup.mjs'), await runStep('build.mjs')]
for (const suite of suites) counts.push(await runSuite(suite))
counts.push(await runStep('what-works.mjs'))

const total = { passed: 0, failed: 0, skipped: 0 }
for (const { passed, failed, skipped } of counts) {
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}
console.log(line(total))
if (total.failed > 0 || total.passed === 0) process.exitCode = 1
