// Why: `npm run test:engines -- --engine firefox --slow` reads better than what it stands for, and it
// installs the browsers that are missing.

import { parseArgs } from 'node:util'
import { findFirefox, findWebKit, installBrowsers } from './browsers.mjs'
import { run } from './run.mjs'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true, default: [] },
    slow: { type: 'boolean', default: false },
  },
})

await installBrowsers()
console.log(
  `firefox: ${findFirefox()?.path ?? 'not found'}; webkit: ${findWebKit()?.path ?? 'not found'}`,
)
const projects = values.engine.flatMap((engine) => ['--project', engine])
const args = ['test', '--config', 'playwright.engines.config.ts', ...projects]
process.exitCode = await run('playwright', args, {
  minutes: 30,
  env: values.slow ? { HOLDALL_SLOW: 'yes' } : {},
})
