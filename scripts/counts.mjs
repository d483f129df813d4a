// Why: the closing lines of every run are of one form: what failed, how many, what was skipped and why.

/**
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly string[]} [why] What was skipped, and why.
 * @property {readonly string[]} [failures] The tests that failed, by file and title.
 */

/**
 * @typedef {object} VitestFile
 * @property {string} name Its path.
 * @property {string} status
 * @property {readonly VitestTest[]} assertionResults
 *
 * @typedef {object} VitestTest
 * @property {string} status
 * @property {string} fullName
 * @property {{ skippedFor?: string }} [meta] `skippedFor`: why, as the test has noted it.
 */

/**
 * @param {{ testResults: readonly VitestFile[] }} report
 * @returns {Count}
 */
export function countVitest({ testResults }) {
  /** @type {string[]} */
  const failures = []
  /** @type {Set<string>} */
  const reasons = new Set()
  const count = { passed: 0, failed: 0, skipped: 0 }
  for (const { name, status, assertionResults } of testResults) {
    const failing = assertionResults.filter((result) => result.status === 'failed')
    const failed = failing.length
    const titles = failed === 0 && status === 'failed' ? [''] : failing.map((test) => test.fullName)
    failures.push(...titles.map((title) => `${inTests(name)} ${title}`.trimEnd()))
    const passed = assertionResults.filter((result) => result.status === 'passed').length
    count.passed += passed
    // a file can fail without any of its tests: it does not load, or a hook throws
    count.failed += status === 'failed' ? Math.max(failed, 1) : failed
    count.skipped += assertionResults.length - passed - failed
    for (const { meta } of assertionResults) if (meta?.skippedFor) reasons.add(meta.skippedFor)
  }
  return { ...count, failures, why: [...reasons] }
}

/**
 * @typedef {object} PlaywrightReport
 * @property {{ expected: number, unexpected: number, flaky: number, skipped: number }} stats
 * @property {readonly { message?: string }[]} errors Of what is no test: a file that does not load, say.
 * @property {readonly PlaywrightSuite[]} suites
 *
 * @typedef {object} PlaywrightSuite
 * @property {readonly PlaywrightSuite[]} [suites]
 * @property {readonly PlaywrightSpec[]} [specs]
 *
 * @typedef {object} PlaywrightSpec
 * @property {string} file
 * @property {string} title
 * @property {readonly { projectName: string, status: string }[]} tests
 */

/**
 * @param {PlaywrightReport} report
 * @returns {Count}
 */
export function countPlaywright({ stats, errors, suites }) {
  // the reasons for skips are with each test, at any depth
  const skips = JSON.stringify(suites).matchAll(/"type":"skip","description":"([^"]*)"/g)
  return {
    why: [...new Set([...skips].map(([, reason = '']) => reason))],
    failures: [
      ...suites
        .flatMap(specsOf)
        .flatMap(({ file, title, tests }) =>
          tests
            .filter(({ status }) => status === 'unexpected' || status === 'flaky')
            .map(({ projectName }) => `[${projectName}] ${file} ${title}`),
        ),
      ...errors.map(
        ({ message = 'an error without a message' }) => message.split('\n', 1)[0] ?? '',
      ),
    ],
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  }
}

/**
 * @param {PlaywrightSuite} suite
 * @returns {PlaywrightSpec[]}
 */
function specsOf({ suites = [], specs = [] }) {
  return [...specs, ...suites.flatMap(specsOf)]
}

/** @param {string} path */
function inTests(path) {
  return path.replace(/^.*[/\\]tests[/\\]/, '')
}

/**
 * @param {readonly Count[]} counts
 * @returns {Count}
 */
export function sum(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const { passed, failed, skipped } of counts) {
    total.passed += passed
    total.failed += failed
    total.skipped += skipped
  }
  return {
    ...total,
    why: [...new Set(counts.flatMap(({ why = [] }) => why))],
    failures: counts.flatMap(({ failures = [] }) => failures),
  }
}

/** @param {Count} count */
export function line({ passed, failed, skipped, why = [] }) {
  const rest = skipped > 0 ? `, ${skipped} skipped` : ''
  return `${passed} passed, ${failed} failed${rest}${why.length > 0 ? ` (${why.join('; ')})` : ''}`
}
