/** The tarball as npm would publish it, in an app that has never seen this repository. */

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../', import.meta.url))

const files = {
  'index.html': '<title>App</title><script type="module" src="/src/main.ts"></script>',
  'vite.config.ts': `
    import { holdall } from 'holdall/vite'
    import { defineConfig } from 'vite'

    export default defineConfig({ plugins: [holdall()] })
  `,
  'src/main.ts': `
    import { zip } from 'holdall'
    import 'holdall/widget'
    import type { HoldallDownloadElement } from 'holdall/widget-element'

    const element: HoldallDownloadElement = document.createElement('holdall-download')
    element.files = ['/photos/1.jpg']
    document.addEventListener('holdall-done', ({ detail }) => void detail.report.entries)
    document.body.append(element)

    const job = zip(['/photos/1.jpg'], { name: 'photos.zip' })
    document.onclick = () => void job.download()
  `,
  'worker/service-worker.ts': `
    import { answerDownload } from 'holdall/service-worker'

    declare const self: ServiceWorkerGlobalScope
    self.addEventListener('fetch', (event) => {
      if (answerDownload(event)) return
    })
  `,
  'worker/vite.config.js': `
    const input = 'worker/service-worker.ts'
    const output = { entryFileNames: 'service-worker.js' }
    export default { build: { outDir: 'dist-worker', rolldownOptions: { input, output } } }
  `,
  'core.mjs': `
    import { crc32 } from 'holdall/core'

    console.log(crc32(new TextEncoder().encode('123456789')).toString(16))
  `,
  'server/main.ts': `
    import { zipResponse, type FileInput } from 'holdall/core'

    const one: FileInput = { url: 'https://app.test/1.jpg', credentials: 'omit' }
    export const both = zipResponse([one, { name: 'b.txt', data: 'b' }], { name: 'both.zip' })
    // @ts-expect-error: what files are is known without the DOM library, too
    export const none = zipResponse([42])
  `,
  'src/tsconfig.json': tsconfig('DOM'),
  'server/tsconfig.json': tsconfig(undefined, 'node'),
  'worker/tsconfig.json': tsconfig('WebWorker'),
}

let folder = ''
let app = ''
let packed: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdall-package-'))
  app = join(folder, 'app')
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(app, path)), { recursive: true })
    await writeFile(join(app, path), content)
  }

  const pack = await npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)
  const [tarball] = JSON.parse(pack) as [{ filename: string; files: { path: string }[] }]
  packed = tarball.files.map(({ path }) => path)

  const { devDependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  await writeFile(
    join(app, 'package.json'),
    JSON.stringify({
      private: true,
      type: 'module',
      dependencies: { holdall: `file:../${tarball.filename}` },
      devDependencies: Object.fromEntries(
        ['vite', 'typescript', '@types/node'].map((name) => [name, devDependencies[name]]),
      ),
    }),
  )
  await npm(app, 'install', '--prefer-offline', '--no-audit', '--no-fund')
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the tarball', () => {
  it('has each file that its exports name', async () => {
    const { exports, customElements } = JSON.parse(
      await readFile(join(root, 'package.json'), 'utf8'),
    )
    const targets = Object.values<string | Record<string, string>>(exports).flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    )
    targets.push(customElements)
    expect(packed).toEqual(expect.arrayContaining(targets.map((path) => path.slice('./'.length))))
  })

  it('has no tests, no demo and nothing of the build', () => {
    const unwanted = /^(tests|bench|scripts|reports)\/|^src\/demo\/|tsbuildinfo$|config\.ts$/
    expect(packed.filter((path) => unwanted.test(path))).toEqual([])
  })

  it('has the source of each source map', () => {
    const maps = packed.filter((path) => path.endsWith('.js.map'))
    const sources = maps.map((path) => path.replace(/^dist\//, 'src/').replace('.js.map', '.ts'))
    expect(packed).toEqual(expect.arrayContaining(sources))
  })

  it('names, in each script that is copied, whose code is in it, and has their licenses', async () => {
    const licenses = await readFile(join(root, 'dist/third-party-licenses.md'), 'utf8')
    expect(packed).toContain('dist/third-party-licenses.md')
    for (const [name, others] of Object.entries(copied)) {
      const [head = ''] = (await readFile(join(root, 'dist', name), 'utf8')).split('\n')
      expect(head).toMatch(/^\/\*! holdall \(MIT\); with .* \*\/$/)
      for (const other of others) {
        expect(head).toContain(`${other} (`)
        expect(licenses).toContain(`## ${other} `)
      }
    }
    expect(licenses).toMatch(/Permission is hereby granted|Permission to use, copy, modify/)
    expect(licenses).toContain('Apache License')
  })
})

/** Scripts that apps publish as they are, and the packages whose code one finds in each, by its looks. */
const copied = {
  'holdall-sw.js': ['idb', '@noble/hashes'],
  'holdall-worker.js': ['comlink', 'idb', '@noble/hashes'],
  'embed.js': ['comlink'],
  'holdall-embed-frame.js': ['comlink', 'idb', 'workbox-window'],
  'holdall-embed-page.js': ['comlink', 'idb', 'workbox-window'],
  'holdall-embed-worker.js': ['comlink', 'idb', '@noble/hashes'],
}

describe('an app with the package', () => {
  it('builds, with the Web Worker and the service worker beside it', async () => {
    await execute(app, 'node_modules/vite/bin/vite.js', 'build')
    expect(await readdir(join(app, 'dist'))).toContain('holdall-sw.js')
    const assets = await readdir(join(app, 'dist/assets'))
    expect(assets).toContainEqual(expect.stringMatching(/^holdall-worker-.*\.js$/))

    const code = await Promise.all(
      assets.map((name) => readFile(join(app, 'dist/assets', name), 'utf8')),
    )
    expect(code.join('\n')).toMatch(/["'`]\/holdall-sw\.js["'`]/)
  })

  it('has the element, though nothing is imported of it but its effect', async () => {
    const names = await readdir(join(app, 'dist/assets'))
    const code = await Promise.all(names.map((name) => readFile(join(app, 'dist/assets', name))))
    expect(code.join('\n')).toMatch(/["'`]holdall-download["'`]/)
  })

  it.each(['src', 'worker', 'server'])('type-checks its %s', async (program) => {
    await execute(app, 'node_modules/typescript/bin/tsc', '-p', program)
  })

  it('keeps what the service worker does on import', async () => {
    await execute(app, 'node_modules/vite/bin/vite.js', 'build', '-c', 'worker/vite.config.js')
    const code = await readFile(join(app, 'dist-worker/service-worker.js'), 'utf8')
    expect(code).toMatch(/addEventListener\(["'`]message["'`]/)
  })

  it('runs the core in Node', async () => {
    expect(await execute(app, 'core.mjs')).toBe('cbf43926\n')
  })
})

/** Without skipLibCheck, so that our own declarations are checked with an app's libraries. */
function tsconfig(lib: string | undefined, ...types: string[]): string {
  return JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      lib: ['ES2022', ...(lib === undefined ? [] : [lib])],
      module: 'ESNext',
      moduleResolution: 'Bundler',
      strict: true,
      noEmit: true,
      types,
    },
  })
}

function npm(cwd: string, ...args: string[]): Promise<string> {
  const cli = process.env['npm_execpath']
  if (cli?.endsWith('.js')) return execute(cwd, cli, ...args)
  return start(cwd, 'npm', args)
}

function execute(cwd: string, script: string, ...args: string[]): Promise<string> {
  return start(cwd, process.execPath, [script, ...args])
}

/** What the program printed. Fails with all its output if it fails. */
async function start(cwd: string, program: string, args: readonly string[]): Promise<string> {
  // npm tells what it starts where it is; this must not reach the app
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(package|lifecycle|config_local_prefix|config_prefix)|^INIT_CWD$/.test(name),
  )
  const env = { ...Object.fromEntries(inherited), NODE_ENV: undefined, NO_COLOR: '1' }
  try {
    const options = { cwd, env, maxBuffer: 2 ** 26 }
    return (await promisify(execFile)(program, args, options)).stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
  }
}
