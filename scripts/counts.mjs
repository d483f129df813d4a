// Why: the closing line of every run is of one form, and names what was skipped and why.

/**
 * @typedef {object} Count
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {readonly string[]} [why] What was skipped, and why.
 */

/**
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @returns {Count}
 */
export function countVitest({ testResults }) {
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
 * @typedef {object} PlaywrightReport
 * @property {{ expected: number, unexpected: number, flaky: number, skipped: number }} stats
 * @property {readonly unknown[]} errors Of what is no test: a file that does not load, say.
 * @property {readonly object[]} suites
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
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  }
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
  return { ...total, why: [...new Set(counts.flatMap(({ why = [] }) => why))] }
}

/** @param {Count} count */
export function line({ passed, failed, skipped, why = [] }) {
  const rest = skipped > 0 ? `, ${skipped} skipped` : ''
  return `${passed} passed, ${failed} failed${rest}${why.length > 0 ? ` (${why.join('; ')})` : ''}`
}
