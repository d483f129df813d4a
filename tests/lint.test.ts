/** The import directions of the architecture, and other rules: that the linter keeps them. */

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))

const base = ['errors.ts', 'progress.ts']
const engine = [...base, 'zip', 'manifest', 'sources', 'port']
const thread = [...engine, 'engine']
const client = [...thread, 'worker', 'sw', 'sinks']
const widget = [...client, 'client']
const embed = [...widget, 'widget']
const entry = [...embed, 'embed', 'bundle']
const packages = [
  '@noble/hashes/sha2.js',
  'comlink',
  'workbox-window',
  'parse5',
  '@csstools/css-tokenizer',
  '@zip.js/zip.js/lib/zip-core-reader.js',
  'node:fs/promises',
  'node:path',
  'vite',
]

/** A file in each part of src/, and all that it may import beside what is in its own folder. */
const allowed: Record<string, readonly string[]> = {
  'errors.ts': [],
  'progress.ts': ['errors.ts'],
  'zip/file.ts': ['errors.ts'],
  'manifest/file.ts': [...base, 'zip'],
  'sources/file.ts': [...base, 'zip', 'manifest', '@noble/hashes/sha2.js'],
  'port/file.ts': ['errors.ts'],
  'engine/file.ts': engine,
  'worker/file.ts': [...thread, 'comlink'],
  'sw/file.ts': thread,
  'sinks/file.ts': thread,
  'client/file.ts': [...client, 'comlink'],
  'client/registration.ts': [...client, 'workbox-window'],
  'widget/file.ts': widget,
  'embed/file.ts': embed,
  'bundle/file.ts': [
    ...[...thread, 'worker', 'sinks', 'client', '@noble/hashes/sha2.js', 'parse5'],
    ...['@csstools/css-tokenizer', '@zip.js/zip.js/lib/zip-core-reader.js'],
  ],
  'index.ts': entry,
  'core.ts': entry,
  'vite.ts': ['node:fs/promises', 'node:path', 'vite'],
  'demo/file.ts': packages,
}
const targets = [...entry, 'demo', ...packages]

/** Other violations, in files named after the rule. */
const snippets: Record<string, string> = {
  'zip/no-restricted-imports-1.ts': `export type { Job } from '../sw/job.ts'`,
  'zip/no-restricted-imports-2.ts': `export const job = import('../sw/job.ts')`,
  'zip/no-restricted-imports-3.ts': `import type { Job } from '../sw/job.ts'\nexport type A = Job`,
  'zip/consistent-type-imports-1.ts': `export type Job = import('../sw/job.ts').Job`,
  'zip/consistent-type-imports-2.ts': `import { A } from './a.ts'\nexport type B = A`,
  'zip/no-explicit-any-1.ts': `export function anything(): any {}`,
  'zip/no-default-export-1.ts': `export default 1`,
  'zip/no-console-1.ts': `console.log('noise')`,
  'zip/no-restricted-properties-1.ts': `export const isUrl = URL.canParse('a')`,
  'zip/no-restricted-properties-2.ts': `export const signal = AbortSignal.any([])`,
  'zip/no-cycle-1.ts': `import { b } from './no-cycle-2.ts'\nexport const a = () => b()`,
  'zip/no-cycle-2.ts': `import { a } from './no-cycle-1.ts'\nexport const b = () => a()`,
  'zip/max-lines-1.ts': 'export {}\n'.repeat(301),
}

let folder = ''
let violations: { path: string; rule: string; line: number }[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdall-lint-'))
  await cp(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  for (const [path, code] of Object.entries(snippets)) await writeSource(path, code)
  for (const path of Object.keys(allowed)) {
    await writeSource(path, targets.map((target) => importOf(target, path)).join('\n'))
  }
  violations = (await lint()).toSorted((a, b) => a.line - b.line)
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the linter', () => {
  it.each(Object.entries(allowed))('lets %s import only %j', (path, names) => {
    const refused = violations
      .filter((violation) => violation.path === path && violation.rule === 'no-restricted-imports')
      .map(({ line }) => targets[line - 1]!)
    const own = targets.filter((target) => target === path || path.startsWith(`${target}/`))
    const expected = targets.filter((target) => ![...names, ...own].includes(target))
    expect(refused.filter((target) => !own.includes(target))).toEqual(expected)
  })

  it.each(Object.keys(snippets))('refuses %s', (path) => {
    const [rule] = /[^/]+(?=-\d\.ts$)/.exec(path)!
    expect(violations).toContainEqual(expect.objectContaining({ path, rule }))
  })
})

function importOf(target: string, path: string): string {
  if (packages.includes(target)) return `import '${target}'`
  const up = path.includes('/') ? '../' : './'
  return `import '${up}${target.endsWith('.ts') ? target : `${target}/other.ts`}'`
}

async function writeSource(path: string, code: string): Promise<void> {
  const target = join(folder, 'src', path)
  await mkdir(dirname(target), { recursive: true })
  await writeFile(target, `${code}\n`)
}

async function lint(): Promise<typeof violations> {
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint')
  const options = { cwd: folder, maxBuffer: 2 ** 26 }
  // it fails, being full of violations
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [oxlint, '-f', 'json'],
    options,
  ).catch((error: { stdout: string }) => error)
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; filename: string; labels: { span: { line: number } }[] }[]
  }
  return diagnostics.map(({ code, filename, labels }) => ({
    path: filename.replaceAll('\\', '/').replace(/^src\//, ''),
    rule: /\((.+)\)/.exec(code)?.[1] ?? code,
    line: labels[0]?.span.line ?? 0,
  }))
}
