/** The examples as their readers would have them: installed, type-checked, built, and used in a browser. */

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { commandOf, root } from '../../scripts/run.mjs'
import { digests, expect, fileOf, sha256, test } from './fixtures.ts'
import { startServer } from './server.ts'
import { element } from './widget.ts'

const frameworks = ['react', 'svelte', 'vue'] as const

// one install for all
test.describe.configure({ mode: 'default' })

let folder = ''

/** One install for all of them, with the package as npm would publish it. */
test.beforeAll(async () => {
  test.setTimeout(300_000)
  folder = await mkdtemp(join(tmpdir(), 'holdall-examples-'))
  await npm(root, 'pack', '--ignore-scripts', '--pack-destination', folder)
  const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'))!
  const workspaces = [...frameworks]
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, workspaces }))
  for (const name of frameworks) {
    const files = { recursive: true, filter: (path: string) => !/node_modules|dist$/.test(path) }
    await cp(join(root, 'examples', name), join(folder, name), files)
    const path = join(folder, name, 'package.json')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('file:../..', `file:../${tarball}`))
  }
  await mkdir(join(folder, 'node_modules'))
  await npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund')
})

test.afterAll(() => rm(folder, { recursive: true, force: true }))

test.describe('the examples', { tag: '@large' }, () => {
  test('are all of them', async () => {
    expect((await readdir(join(root, 'examples'))).toSorted()).toEqual(frameworks)
  })

  for (const name of frameworks) {
    test(`packs a letter, with a note: ${name}`, async ({ page }) => {
      test.setTimeout(120_000)
      await npm(join(folder, name), 'run', 'build')
      const server = await startServer({ root: join(folder, name, 'dist') })
      await page.goto(server.origin)
      const { button } = element(page)
      await expect(button).toContainText('2 files')
      await page.getByLabel('Add a note').fill('Thank you')
      await expect(button).toContainText('3 files')
      await page.getByText('Choose files').click()
      await page.getByRole('checkbox', { name: 'stamp.svg' }).uncheck()
      const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
      expect(download.suggestedFilename()).toBe('letter.zip')
      await expect(page.getByText('2 files in your downloads')).toBeVisible()
      expect(digests(await fileOf(download))).toEqual({
        'letter.txt': sha256(await readFile(join(root, 'examples', name, 'public/letter.txt'))),
        'note.txt': sha256('Thank you'),
      })
      await server.close()
    })

    test(`does not compile with what the element has not: ${name}`, async () => {
      test.setTimeout(120_000)
      const source = { react: 'App.tsx', svelte: 'App.svelte', vue: 'App.vue' }[name]
      const path = join(folder, name, 'src', source)
      const text = await readFile(path, 'utf8')
      const wrong = text
        .replace('detail.report.entries', 'detail.report.entrees')
        .replace('name="letter.zip"', 'preload="all"')
      await writeFile(path, wrong)
      const built = npm(join(folder, name), 'run', 'build')
      await expect(built).rejects.toThrow(/'entrees' does not exist/)
      await expect(built).rejects.toThrow(/not assignable to type/)
      await writeFile(path, text)
    })
  }
})

/** Runs npm. Fails with all that it printed if it fails. */
async function npm(cwd: string, ...args: string[]): Promise<void> {
  // npm tells what it starts where it is; this must not reach the examples
  const inherited = Object.entries(process.env).filter(
    ([key]) => !/^npm_(package|lifecycle|config_local_prefix|config_prefix)|^INIT_CWD$/.test(key),
  )
  const env = { ...Object.fromEntries(inherited), NODE_ENV: undefined, NO_COLOR: '1' }
  try {
    const [command, ...first] = commandOf('npm')
    await promisify(execFile)(command, [...first, ...args], { cwd, env, maxBuffer: 2 ** 26 })
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error })
  }
}
