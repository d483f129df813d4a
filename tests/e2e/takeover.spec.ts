/** Downloads that outlive what made them: the tab, its worker, the browser. The file is the same. */

import { readFileSync } from 'node:fs'
import { Random } from '../chaos/server/random.ts'
import { wholeContent } from './content.ts'
import {
  digests,
  expect,
  fileOf,
  keepWorker,
  killWorker,
  openApp,
  sha256,
  sha256OfFile,
  test,
  type Download,
  type Page,
} from './fixtures.ts'
import { killBrowser, killRenderers } from './processes.ts'
import { launchWithProfile } from './profile.ts'
import { whenKept } from './storage.ts'
import type { TestServer } from './server.ts'

const lastModified = 1e12

/** Some 32 MB, in a second and a half: every kind of entry, of known and of unknown size. */
const FILES = [
  { url: '/data/1/3000000', name: 'one.bin', size: 3_000_000, lastModified },
  { name: 'text.txt', data: 'held by the page', lastModified },
  { url: '/data/2/20000000?slow=20', name: 'two.bin', size: 20_000_000, lastModified },
  ...Array.from({ length: 30 }, (_, index) => ({
    url: `/data/${index}/${index * 1000 + 1}`,
    name: `small/${index}.bin`,
    size: index * 1000 + 1,
    lastModified,
  })),
  { url: '/untold/4/9000000?slow=20', name: 'four.bin', lastModified },
]
const LENGTH = 32_000_000

/** The digest of the archive that comes when nothing happens. */
const calm = (() => {
  let known: Promise<string> | undefined
  return (page: Page): Promise<string> => {
    known ??= start(page).then(async ({ download }) => {
      const path = await fileOf(download)
      expect(digests(path)['two.bin']).toBe(sha256(wholeContent(2, 20_000_000)))
      expect(digests(path)['text.txt']).toBe(sha256('held by the page'))
      return sha256OfFile(path)
    })
    return known
  }
})()

interface Outcome {
  readonly report?: { readonly entries: number; readonly bytes: number }
  readonly error?: string
  readonly states: readonly string[]
}

async function start(page: Page): Promise<{ download: Download; outcome: Promise<Outcome> }> {
  const begun = page.waitForEvent('download')
  const outcome = page.evaluate(async (files) => {
    const job = window.zip(files, { name: 'mixed.zip' })
    const states: string[] = []
    Object.assign(window, { made: 0 })
    job.addEventListener('statechange', () => states.push(job.state))
    job.addEventListener('progress', ({ progress }) =>
      Object.assign(window, { made: progress.bytes }),
    )
    return job.download().then(
      (report) => ({ report, states }),
      (error: Error) => ({ error: error.message, states }),
    )
  }, FILES)
  outcome.catch(() => undefined) // the page may be gone before it can tell
  return { download: await begun, outcome }
}

/** Waits until the browser has some of the archive: the service worker asks for 4 MiB more at most. */
async function afterFirstByte(page: Page): Promise<void> {
  await page.waitForFunction(() => ((window as { made?: number }).made ?? 0) > 6_000_000)
}

async function afterBytes(server: TestServer, bytes: number, since: number): Promise<void> {
  await expect
    .poll(() => server.sent - since, { intervals: [5], timeout: 15_000 })
    .toBeGreaterThan(bytes)
}

/** Moments in the life of a download, in bytes that the server has sent. */
const moments = (seed: number, count: number): number[] => {
  const random = new Random(seed)
  return Array.from({ length: count }, () => random.int(0, LENGTH - 3_000_000))
}

const ends: Record<string, (page: Page, server: TestServer) => Promise<unknown>> = {
  'is closed': (page) => page.close(),
  'goes elsewhere': (page, { origin }) => page.goto(`${origin}/data/1/10`).catch(() => undefined),
  'is reloaded': (page) => page.reload(),
}

for (const [how, end] of Object.entries(ends)) {
  test(`a tab that ${how}: the service worker goes on`, async ({ app, context, server }) => {
    const expected = await calm(app)
    for (const moment of moments(how.length, 3)) {
      const page = await context.newPage()
      await openApp(page, server)
      const before = server.sent
      const { download } = await start(page)
      await afterFirstByte(page)
      await afterBytes(server, moment, before)
      await end(page, server)
      expect(await sha256OfFile(await fileOf(download)), `after ${moment} bytes`).toBe(expected)
      if (!page.isClosed()) await page.close()
    }
  })
}

test('a tab that is closed at once: the file is whole, or the download failed', async ({
  app,
  context,
  server,
}) => {
  const expected = await calm(app)
  let whole = 0
  for (let count = 0; count < 5; count++) {
    const page = await context.newPage()
    await openApp(page, server)
    const { download } = await start(page)
    await page.close()
    if ((await download.failure()) === null) {
      expect(await sha256OfFile(await download.path())).toBe(expected)
      whole++
    }
  }
  // by how soon the service worker has what it takes, which nobody but it can tell
  test.info().annotations.push({ type: 'seen', description: `${whole} of 5 were whole` })
})

test('a worker that is killed: the service worker goes on, and the page is told', async ({
  app,
  server,
}) => {
  const expected = await calm(app)
  for (const moment of moments(7, 3)) {
    await keepWorker(app)
    const before = server.sent
    const { download, outcome } = await start(app)
    await afterFirstByte(app)
    await afterBytes(server, moment, before)
    await killWorker(app)
    const path = await fileOf(download)
    expect(await sha256OfFile(path), `after ${moment} bytes`).toBe(expected)
    const { report, states } = await outcome
    expect(report).toMatchObject({ entries: FILES.length, bytes: readFileSync(path).length })
    expect(states).toEqual(['planning', 'running', 'taken-over', 'done'])
  }
})

test('nothing is left of a job that is done', async ({ app, server }) => {
  await calm(app)
  const { download } = await start(app)
  await fileOf(download)
  await app.reload()
  await openApp(app, server)
  expect(await app.evaluate(() => window.unfinished())).toEqual([])
  const { held } = await app.evaluate(() => navigator.locks.query())
  expect(held).toEqual([])
})

test('a browser that is killed: the job is listed, and made again', async ({ app, server }) => {
  const expected = await calm(app)
  const profile = test.info().outputPath('profile')
  const { launchOptions } = test.info().project.use

  const first = await launchWithProfile(profile, launchOptions)
  const page = first.pages()[0] ?? (await first.newPage())
  await openApp(page, server)
  const before = server.sent
  const { download } = await start(page)
  await afterBytes(server, 12_000_000, before)
  const failure = download.failure()
  await whenKept(page)
  expect(await page.evaluate(() => window.unfinished())).toEqual([])
  await killBrowser(first, profile)
  await failure.catch(() => undefined)

  const second = await launchWithProfile(profile, launchOptions)
  const again = second.pages()[0] ?? (await second.newPage())
  await openApp(again, server)
  const [job, ...others] = await again.evaluate(() => window.unfinished())
  expect(others).toEqual([])
  expect(job).toMatchObject({ name: 'mixed.zip', entries: FILES.length })
  const begun = again.waitForEvent('download')
  const report = again.evaluate(async () => {
    const [unfinished] = await window.unfinished()
    return unfinished!.resume().finished
  })
  const file = await (await begun).path()
  expect(await sha256OfFile(file)).toBe(expected)
  expect(await report).toMatchObject({ name: 'mixed.zip', entries: FILES.length })
  await again.reload()
  await openApp(again, server)
  expect(await again.evaluate(() => window.unfinished())).toEqual([])
  await second.close()
})

test('a renderer that is killed: the download fails, and can be had again', async ({
  app,
  server,
}) => {
  const expected = await calm(app)
  const profile = test.info().outputPath('profile')
  const { launchOptions } = test.info().project.use
  const context = await launchWithProfile(profile, launchOptions)
  const page = context.pages()[0] ?? (await context.newPage())
  await openApp(page, server)
  const before = server.sent
  const { download } = await start(page)
  await afterBytes(server, 12_000_000, before)
  await whenKept(page)
  await killRenderers(profile)
  expect(await download.failure()).not.toBeNull() // the service worker's is gone, too

  const again = await context.newPage()
  await openApp(again, server)
  // the browser lets go of what the dead ones held when it comes to it
  const count = (): Promise<number> =>
    again.evaluate(async () => (await window.unfinished()).length)
  await expect.poll(count).toBe(1)
  const begun = again.waitForEvent('download')
  await again.evaluate(async () => void (await window.unfinished())[0]!.resume())
  expect(await sha256OfFile(await (await begun).path())).toBe(expected)
  await context.close()
})

test('an unfinished job can be discarded', async ({ app, server, context }) => {
  await calm(app)
  const profile = test.info().outputPath('profile')
  const { launchOptions } = test.info().project.use
  const own = await launchWithProfile(profile, launchOptions)
  const page = own.pages()[0] ?? (await own.newPage())
  await openApp(page, server)
  const before = server.sent
  const { download } = await start(page)
  await afterBytes(server, 6_000_000, before)
  await whenKept(page)
  await killRenderers(profile)
  expect(await download.failure()).not.toBeNull()
  const again = await own.newPage()
  await openApp(again, server)
  const count = (): Promise<number> =>
    again.evaluate(async () => (await window.unfinished()).length)
  await expect.poll(count).toBe(1)
  await again.evaluate(async () => (await window.unfinished())[0]!.discard())
  expect(await count()).toBe(0)
  await own.close()
  expect(context.pages()).toContain(app)
})

test('an unfinished job that fails again can be had later', async ({ app, server }) => {
  await calm(app)
  const profile = test.info().outputPath('profile')
  const { launchOptions } = test.info().project.use
  const own = await launchWithProfile(profile, launchOptions)
  const page = own.pages()[0] ?? (await own.newPage())
  await openApp(page, server)
  const before = server.sent
  const { download } = await start(page)
  await afterBytes(server, 6_000_000, before)
  await whenKept(page)
  await killRenderers(profile)
  expect(await download.failure()).not.toBeNull()
  const again = await own.newPage()
  await openApp(again, server)
  await again.route('**/data/**', (route) => route.abort())
  const outcomes = await again.evaluate(async () => {
    const [job] = await window.unfinished()
    const outcome = (): Promise<string> =>
      job!.resume().finished.then(
        () => 'done',
        ({ code }: { code: string }) => code,
      )
    return [await outcome(), await outcome()]
  })
  expect(outcomes).toEqual(['source-failed', 'source-failed'])
  const count = (): Promise<number> =>
    again.evaluate(async () => (await window.unfinished()).length)
  await expect.poll(count).toBe(1)
  // who is told that it has failed can do away with it there and then
  await again.evaluate(async () => {
    const [job] = await window.unfinished()
    await job!.resume().finished.catch(() => job!.discard())
  })
  expect(await count()).toBe(0)
  await own.close()
})
