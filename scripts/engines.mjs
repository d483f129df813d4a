// Why: `npm run test:engines -- --engine firefox --slow --write` reads better than what it stands for.

import { existsSync, readFileSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { buildPackage } from './build.mjs'
import { countPlaywright, line } from './counts.mjs'
import { refuseWindows, root, run } from './run.mjs'
import { setUp } from './setup.mjs'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true, default: [] },
    slow: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

refuseWindows('npm run test:engines')
const engines = values.engine.length > 0 ? values.engine : ['chromium', 'firefox', 'webkit']
await setUp({
  engines,
  reading: ['unzip', 'python3'],
  tools: engines.includes('chromium') ? ['xdotool'] : [],
  runtimes: [],
})
await buildPackage()
const report = `${root}reports/engines.json`
// the other is of `npm test -- --all`, which runs these apart
for (const old of [report, `${root}reports/waits.json`]) rmSync(old, { force: true })
const projects = values.engine.flatMap((engine) => ['--project', engine])
const args = ['test', '--config', 'playwright.engines.config.ts', ...projects]
const failed = await run('playwright', args, {
  minutes: 30,
  env: values.slow ? { HOLDALL_SLOW: 'yes' } : {},
})
const check = ['scripts/what-works.mjs', ...(values.write ? ['--write'] : [])]
process.exitCode = failed || (await run(process.execPath, check))
if (existsSync(report)) {
  const count = countPlaywright(JSON.parse(readFileSync(report, 'utf8')))
  console.log(line(count))
  // all of it was skipped, by an engine that cannot be had
  if (count.passed === 0) process.exitCode = 1
} else console.error('Playwright left no report: nothing ran')
