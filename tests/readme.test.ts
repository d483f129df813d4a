/** The documents say what is true: their examples compile, their tables are whole, their links lead somewhere. */

import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const readme = read('README.md')
const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'BENCHMARKS.md',
  'CHANGELOG.md',
  'docs/hosting.md',
  'docs/widget.md',
  'docs/embed.md',
  'docs/bundle.md',
  'docs/bundle-import.md',
  'docs/upload.md',
]

/** The sources of what apps import, by the name that they import. */
const entries = {
  holdall: 'src/index.ts',
  'holdall/core': 'src/core.ts',
  'holdall/service-worker': 'src/service-worker.ts',
  'holdall/widget': 'src/widget.ts',
  'holdall/widget-element': 'src/widget-element.ts',
  'holdall/bundle': 'src/bundle.ts',
  'holdall/vite': 'src/vite.ts',
}

/** Tables whose first column is all the keys of a type, by the head of that column. */
const tables: Record<string, string> = {
  option: 'keyof Holdall.ZipOptions',
  field: 'KeyOfAny<Exclude<Holdall.FileInput, string | URL | Blob | FileSystemHandle>>',
  job: 'Exclude<keyof Holdall.ZipJob, keyof EventTarget>',
  progress: 'keyof Holdall.Progress',
  report: 'keyof Holdall.Report',
  sink: 'Holdall.Sink',
  finding: 'Holdall.FindingCode',
  code: 'Holdall.ErrorCode',
}

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdall-readme-'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('code in the documents', () => {
  const blocks = documents.flatMap((path) => codeBlocks(path, read(path)))
  const inServiceWorker = blocks.filter(({ code }) =>
    /holdall\/service-worker|importScripts/.test(code),
  )
  const inPage = blocks.filter((block) => !inServiceWorker.includes(block) && !isOfServer(block))

  it('is there, of both kinds', () => {
    expect(inServiceWorker.length).toBeGreaterThan(0)
    expect(inPage.length).toBeGreaterThan(2)
  })

  it.each([
    { where: 'pages and programs', lib: 'DOM', blocks: inPage },
    { where: 'service workers', lib: 'WebWorker', blocks: inServiceWorker },
  ])('type-checks against the package: $where', async (program) => {
    expect(await typeErrors(program.lib, program.blocks)).toEqual([])
  })

  it('would be refused, did it not', async () => {
    const wrong = codeBlocks(
      'wrong.md',
      "```ts\nimport { zip } from 'holdall'\nzip(42)\n```\n```js\nimport { zap } from 'holdall'\n```",
    )
    expect(await typeErrors('DOM', wrong)).toEqual([
      expect.stringMatching(/^wrong\.md:3: .*'42'|^wrong\.md:3: .*'number'/),
      expect.stringMatching(/^wrong\.md:6: .*'zap'/),
    ])
  })
})

describe('the tables of the README', () => {
  let errors: string[] = []
  beforeAll(async () => {
    errors = await typeErrors('DOM', Object.keys(tables).map(exactKeys))
  })

  it.each(Object.keys(tables))('have each %s, and no other', (head) => {
    const names = firstColumn(head)
    expect(names).toEqual([...new Set(names)])
    expect(errors.filter((error) => error.startsWith(`${head}:`))).toEqual([])
  })

  it('are found by their heads', () => {
    expect(firstColumn('code')).toContain('no-files')
    expect(() => firstColumn('nothing')).toThrow('no table')
  })
})

describe('the README', () => {
  const code = [...readme.matchAll(/```[^]*?```|`[^`]+`/g)].join('\n')

  it.each(Object.entries(entries))('names every export of %s', (_, path) => {
    const names = exportsOf(read(path))
    expect(names.length).toBeGreaterThan(0)
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(code))).toEqual([])
  })

  it('names every entry of the package', () => {
    const { exports } = JSON.parse(read('package.json')) as { exports: Record<string, unknown> }
    const names = Object.keys(exports).filter((name) => name !== './package.json')
    expect(names.filter((name) => !code.includes(`\`${name.replace('.', 'holdall')}\``))).toEqual(
      [],
    )
  })
})

describe.each(documents)('%s', (path) => {
  const text = read(path)

  it('links to what is there', () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map(([, target]) => target!)
    expect(targets.filter((to) => !existsSync(join(root, dirname(path), to)))).toEqual([])
  })

  it('names scripts that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...text.matchAll(/npm (?:run )?(start|test|(?<=run )[\w-]+)/g)]
    expect(named.map(([, name]) => name!).filter((name) => !(name in scripts))).toEqual([])
  })
})

describe('ARCHITECTURE.md', () => {
  it('names files that there are', () => {
    const named = [
      ...read('ARCHITECTURE.md').matchAll(/`([\w./-]+\.(?:ts|mjs|json|md|html)|\w+\/)`/g),
    ]
    const paths = named.map(([, path]) => path!)
    expect(paths.length).toBeGreaterThan(10)
    const isThere = (path: string): boolean =>
      existsSync(join(root, path)) || existsSync(join(root, 'src', path))
    expect(paths.filter((path) => !isThere(path))).toEqual([])
  })
})

interface Block {
  readonly path: string
  /** Of the fence, from 1. */
  readonly line: number
  readonly language: string
  readonly code: string
}

function codeBlocks(path: string, text: string): Block[] {
  return [...text.matchAll(/^```(ts|js)\n([^]*?)^```$/gm)].map(
    ([, language, code], index, all) => ({
      path,
      line: text.slice(0, all[index]!.index).split('\n').length,
      language: language!,
      code: code!,
    }),
  )
}

/** One line for the server of somebody else. */
function isOfServer({ code }: Block): boolean {
  return code.startsWith('app.use(')
}

/** A module that compiles if a table's first column is just the keys of its type. */
function exactKeys(head: string): Block {
  const keys = firstColumn(head).map((name) => `'${name}': true`)
  const code = `
    import type * as Holdall from 'holdall'
    export type KeyOfAny<T> = T extends T ? keyof T : never
    export const table: Record<${tables[head]}, true> = { ${keys.join(', ')} }`
  return { path: head, line: 0, language: 'ts', code }
}

/** What tsc says of `blocks`, each a module of its own, by the lines of their documents. */
async function typeErrors(lib: string, blocks: readonly Block[]): Promise<string[]> {
  const program = await mkdtemp(join(folder, 'program-'))
  const paths = Object.entries(entries).map(([name, path]) => [name, [join(root, path)]])
  const compilerOptions = {
    target: 'ES2022',
    lib: ['ES2023', 'ES2024.String', lib, ...(lib === 'DOM' ? ['DOM.AsyncIterable'] : [])],
    module: 'ESNext',
    moduleResolution: 'Bundler',
    allowImportingTsExtensions: true,
    allowJs: true,
    checkJs: true,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    paths: Object.fromEntries(paths),
  }
  await mkdir(program, { recursive: true })
  await writeFile(
    join(program, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, include: ['*.ts', '*.js'] }),
  )
  for (const [index, { language, code }] of blocks.entries()) {
    const module = /^\s*(?:import|export)\b/m.test(code) ? code : `${code}export {}\n`
    await writeFile(join(program, `block-${index}.${language}`), module)
  }
  const output = await tsc(program)
  return output.flatMap((line) => {
    const [, index, at, message] =
      /block-(\d+)\.[tj]s\((\d+),\d+\): error TS\d+: (.*)/.exec(line) ?? []
    // what is wrong with src is for the project's own programs to say; without a file, it is with this one
    if (index === undefined) return line.startsWith('error TS') ? [line] : []
    const block = blocks[Number(index)]!
    return [`${block.path}:${block.line + Number(at)}: ${message}`]
  })
}

/** What the project's own tsc prints, line by line. */
async function tsc(program: string): Promise<string[]> {
  const script = join(root, 'node_modules/typescript/bin/tsc')
  const run = promisify(execFile)(process.execPath, [script, '-p', program, '--pretty', 'false'])
  const { stdout } = await run.catch((error: { stdout?: string }) => {
    if (error.stdout) return { stdout: error.stdout }
    throw error
  })
  return stdout.split('\n')
}

/** The names in the first column of the README's table with that head. */
function firstColumn(head: string): string[] {
  const lines = readme.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${head} |`))
  if (start < 0) throw new Error(`The README has no table with the head "${head}"`)
  const rows = lines.slice(start + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end < 0 ? rows.length : end).flatMap((row) => {
    const [, first = ''] = row.split('|')
    return [...first.matchAll(/`(?:job\.)?([\w-]+)(?:\([^`]*\))?`/g)].map(([, name]) => name!)
  })
}

/** What a module exports, types and values. */
function exportsOf(source: string): string[] {
  const lists = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list]) =>
    list!.split(',').map((name) =>
      name
        .replace(/^.* as /s, '')
        .replace('type ', '')
        .trim(),
    ),
  )
  const own = [
    ...source.matchAll(/^export (?:async )?(?:function|class|interface|type|const) (\w+)/gm),
  ]
  return [...lists.filter((name) => name !== ''), ...own.map(([, name]) => name!)]
}
