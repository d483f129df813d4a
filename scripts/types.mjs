// Why: what the package's types say must hold for every way that TypeScript resolves imports; the checker wants a
// tarball, and would pack one over the developer's own.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, run } from './run.mjs'

const { name, version, exports } = JSON.parse(await readFile(`${root}package.json`, 'utf8'))
/** Files to be copied: they have no types. */
const copied = Object.keys(exports).filter((path) => typeof exports[path] === 'string')

const folder = await mkdtemp(join(tmpdir(), 'holdall-types-'))
try {
  // dist/ is there: to build it again would take as long as the rest
  const packed = await run('npm', [
    'pack',
    '--silent',
    '--ignore-scripts',
    '--pack-destination',
    folder,
  ])
  const tarball = join(folder, `${name}-${version}.tgz`)
  const excluded = ['--exclude-entrypoints', ...copied]
  process.exitCode = packed || (await run('attw', [tarball, '--profile', 'esm-only', ...excluded]))
} finally {
  await rm(folder, { recursive: true, force: true })
}
