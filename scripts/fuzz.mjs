// Why: `npm run fuzz -- --minutes 10 --only names` reads better than what it stands for.

import { parseArgs } from 'node:util'
import { run } from './run.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    only: { type: 'string', default: '' },
    seed: { type: 'string' },
    path: { type: 'string' },
  },
})

const env = {
  HOLDALL_FUZZ_SECONDS: String(Number(values.minutes) * 60),
  ...(values.seed !== undefined && { HOLDALL_FUZZ_SEED: values.seed }),
  ...(values.path !== undefined && { HOLDALL_FUZZ_PATH: values.path }),
}
const args = ['run', '--project', 'fuzz', ...(values.only ? [`tests/fuzz/${values.only}`] : [])]
process.exitCode = await run('vitest', args, { minutes: 24 * 60, env })
