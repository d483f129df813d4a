// Why: `npm run test:engines -- --engine firefox --slow --write` reads better than what it stands for.

import { readFileSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { installBrowsers } from './browsers.mjs'
import { countPlaywright, line } from './counts.mjs'
import { root, run } from './run.mjs'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', multiple: true, default: [] },
    slow: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

await installBrowsers()
rmSync(`${root}reports/waits.json`, { force: true }) // of `npm test -- --all`, which runs these apart
const projects = values.engine.flatMap((engine) => ['--project', engine])
const args = ['test', '--config', 'playwright.engines.config.ts', ...projects]
const failed = await run('playwright', args, {
  minutes: 30,
  env: values.slow ? { HOLDALL_SLOW: 'yes' } : {},
})
const check = ['scripts/what-works.mjs', ...(values.write ? ['--write'] : [])]
process.exitCode = failed || (await run(process.execPath, check))
console.log(line(countPlaywright(JSON.parse(readFileSync(`${root}reports/engines.json`, 'utf8')))))
