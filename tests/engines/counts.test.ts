/** The closing line of a run, from the reports of its suites. */

import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { countPlaywright, countVitest, line, sum } from '../../scripts/counts.mjs'

const engines = countPlaywright({
  stats: { expected: 20, unexpected: 1, flaky: 1, skipped: 4 },
  errors: [{ message: 'SyntaxError: no\nat a line' }],
  suites: [
    {
      suites: [{ specs: [spec('fails', 'unexpected'), spec('works', 'expected')] }],
      specs: [spec('fails, and works', 'flaky')],
    },
    ...['firefox', 'firefox', 'webkit'].map((name) => ({
      specs: [spec('is skipped', 'skipped', `${name} is not on this machine`)],
    })),
  ],
})
const unit = countVitest({
  testResults: [
    {
      name: '/here/tests/a.test.ts',
      status: 'passed',
      assertionResults: [
        { status: 'passed', fullName: 'passes' },
        { status: 'skipped', fullName: 'is skipped', meta: { skippedFor: 'java is not here' } },
      ],
    },
    { name: '/here/tests/b/c.test.ts', status: 'failed', assertionResults: [] },
    {
      name: '/here/tests/d.test.ts',
      status: 'failed',
      assertionResults: [{ status: 'failed', fullName: 'is right' }],
    },
  ],
})

function spec(title: string, status: string, description?: string) {
  const annotations = description === undefined ? [] : [{ type: 'skip', description }]
  return { file: 'e.spec.ts', title, tests: [{ projectName: 'webkit', status, annotations }] }
}

it('names each engine and program that was skipped', () => {
  expect(line(unit)).toBe('1 passed, 2 failed, 1 skipped (java is not here)')
  expect(line(sum([unit, engines, { passed: 0, failed: 0, skipped: 0 }]))).toBe(
    '21 passed, 5 failed, 5 skipped (java is not here; firefox is not on this machine; webkit is not on this machine)',
  )
})

it('names each test that failed', () => {
  expect(sum([unit, engines]).failures).toEqual([
    'b/c.test.ts',
    'd.test.ts is right',
    '[webkit] e.spec.ts fails, and works',
    '[webkit] e.spec.ts fails',
    'SyntaxError: no',
  ])
})

it.skipIf(process.platform === 'win32').each([
  ['7 passed, 0 failed', 0, '7 passed, 0 failed'],
  ['7 passed, 0 failed, 2 skipped (no webkit)', 0, '7 passed, 0 failed, 2 skipped (no webkit)'],
  ['7 passed, 1 failed, 2 skipped', 1, '7 passed, 1 failed, 2 skipped'],
  ['7 passed, 0 failed', 1, '7 passed, 1 failed'],
  ['killed', 1, '0 passed, 1 failed'],
])('is what .ci/run ends with: %s, exit code %d', (said, code, closing) => {
  const folder = mkdtempSync(join(tmpdir(), 'holdall-ci-'))
  const npm = `[ "$1" = test ] || exit 0; echo "unit: 3 passed, 0 failed"; echo "${said}"; exit ${code}`
  writeFileSync(join(folder, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 })
  writeFileSync(join(folder, 'node'), '#!/bin/sh\n', { mode: 0o755 })
  mkdirSync(join(folder, '.ci'))
  copyFileSync(new URL('../../.ci/run', import.meta.url), join(folder, '.ci/run'))
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` }
  const { stdout, status } = spawnSync('bash', ['.ci/run'], { cwd: folder, env, encoding: 'utf8' })
  rmSync(folder, { recursive: true })
  expect(stdout.trim().split('\n').at(-1)).toBe(closing)
  expect(status).toBe(closing.includes(' 0 failed') ? 0 : 1)
})
