/** Archives that are written to a file of the user's: what is left of one that was interrupted, and goes on. */

import { expect, openApp, test, type Page } from './fixtures.ts'
import { killBrowser } from './processes.ts'
import { launchWithProfile } from './profile.ts'
import type { TestServer } from './server.ts'
import { notedBytes } from './storage.ts'

/** Enough for a part to be kept at once, and a rest that takes some seconds. */
const FILES = [
  { url: '/data/1/70000000', name: 'one.bin', size: 70_000_000, lastModified: 1e12 },
  { name: 'text.txt', data: 'held by the page', lastModified: 1e12 },
  { url: '/data/2/30000000?slow=120', name: 'two.bin', size: 30_000_000, lastModified: 1e12 },
]
const LENGTH = 100_000_000

interface Saving {
  job: ReturnType<typeof window.zip>
  outcome: Promise<unknown>
}

/** Begins to write the archive to `saved.zip` in the origin private file system. */
async function begin(page: Page, options: object = {}): Promise<void> {
  await page.evaluate(
    async ([files, given]) => {
      const root = await navigator.storage.getDirectory()
      const job = window.zip(files, { name: 'saved.zip', ...given })
      const outcome = job.saveTo(await root.getFileHandle('saved.zip', { create: true })).then(
        ({ sink, entries, bytes }) => ({ sink, entries, bytes }),
        ({ code, message }: { code: string; message: string }) =>
          code === 'cancelled' ? code : `${code}: ${message}`,
      )
      Object.assign(window, { job, outcome } satisfies Saving)
    },
    [FILES, options] as const,
  )
}

const outcomeOf = (page: Page): Promise<unknown> =>
  page.evaluate(() => (window as unknown as Saving).outcome)

/** What is in the file: its length, its first bytes, and its digest. */
function saved(page: Page): Promise<{ size: number; start: string; sha256: string }> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const file = await (await root.getFileHandle('saved.zip')).getFile()
    const bytes = new Uint8Array(await file.arrayBuffer())
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    const start = new TextDecoder().decode(bytes.subarray(0, 2))
    return { size: file.size, start, sha256: digest.join() }
  })
}

/** The digest of the archive that comes when nothing happens. */
const calm = (() => {
  let known: Promise<string> | undefined
  return (page: Page): Promise<string> => {
    known ??= page.evaluate(async (files) => {
      const fast = files.map((file) => ({
        ...file,
        ...(file.url && { url: file.url.split('?')[0]! }),
      }))
      const archive = await window.zip(fast as typeof files).blob()
      const digest = await crypto.subtle.digest('SHA-256', await archive.arrayBuffer())
      return new Uint8Array(digest).join()
    }, FILES)
    return known
  }
})()

/** Waits until a part is kept: bytes that are in the file, as far as it was noted. */
async function kept(page: Page): Promise<number> {
  const noted = (): Promise<number> => notedBytes(page)
  await expect.poll(noted, { timeout: 20_000 }).toBeGreaterThan(60_000_000)
  return noted()
}

/** Has a tab of its own begin to write the archive, and closes it when a part is kept; `app` sees that it is interrupted. */
async function interrupt(app: Page, server: TestServer): Promise<void> {
  const page = await app.context().newPage()
  await openApp(page, server)
  await begin(page)
  await kept(page)
  await page.close()
  await expect.poll(() => app.evaluate(async () => (await window.unfinished()).length)).toBe(1)
}

/** Goes on with the one job that was interrupted. */
function resume(page: Page): Promise<unknown> {
  return page.evaluate(async () => {
    const [job] = await window.unfinished()
    const { sink, entries, fallbacks } = await job!.resume().finished
    return { sink, entries, fallbacks }
  })
}

const WHOLE = { sink: 'file-system', entries: FILES.length, fallbacks: [] }

test(
  'a browser that is killed: the archive goes on in its file, from the byte where it was',
  { tag: '@large' },
  async ({ server }) => {
    const profile = test.info().outputPath('profile')
    const { launchOptions } = test.info().project.use
    const first = await launchWithProfile(profile, launchOptions)
    const page = await first.newPage()
    await openApp(page, server)
    const expected = await calm(page)
    await begin(page)
    const bytes = await kept(page)
    await killBrowser(first, profile)

    const second = await launchWithProfile(profile, launchOptions)
    const again = await second.newPage()
    await openApp(again, server)
    expect(await again.evaluate(() => window.unfinished())).toMatchObject([
      { name: 'saved.zip', entries: FILES.length, bytes },
    ])
    const left = await saved(again)
    expect(left).toMatchObject({ size: bytes })
    expect(left.start, 'nobody takes it for an archive').not.toBe('PK')
    const { sent } = server
    expect(await resume(again)).toEqual(WHOLE)
    expect(server.sent - sent).toBeLessThan(LENGTH - bytes + 4_000_000)
    expect(await saved(again)).toMatchObject({ start: 'PK', sha256: expected })
    expect(await again.evaluate(() => window.unfinished())).toEqual([])
    await second.close()
  },
)

test('what two go on with at once is gone on with by one, and the other is told', async ({
  app,
  server,
}) => {
  const expected = await calm(app)
  await interrupt(app, server)
  const outcomes = await app.evaluate(async () => {
    const [job] = await window.unfinished()
    const outcome = (again: typeof job): Promise<string> =>
      again!.resume().finished.then(
        ({ sink }) => sink,
        ({ code }: { code: string }) => code,
      )
    const first = await Promise.all([outcome(job), outcome(job)])
    await job!.discard() // it is done, and nothing of it is there
    return [...first.toSorted(), await outcome(job)]
  })
  expect(outcomes).toEqual(['already-started', 'file-system', 'invalid-checkpoint'])
  expect(await saved(app)).toMatchObject({ start: 'PK', sha256: expected })
})

test('a tab that is closed: what was changed since is made anew, from its first byte', async ({
  app,
  server,
}) => {
  const expected = await calm(app)
  await interrupt(app, server)
  await app.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const handle = await root.getFileHandle('saved.zip')
    const writable = await handle.createWritable({ keepExistingData: true })
    await writable.write({ type: 'write', position: 1_000_000, data: 'of somebody else' })
    await writable.close()
  })
  expect(await resume(app)).toEqual(WHOLE)
  expect(await saved(app)).toMatchObject({ start: 'PK', sha256: expected })
})

test('a file that may not be written any more: the archive is downloaded', async ({
  app,
  server,
}) => {
  await interrupt(app, server)
  await app.evaluate(() => {
    const denied = (): Promise<PermissionState> => Promise.resolve('denied')
    const permissions = { queryPermission: denied, requestPermission: denied }
    Object.assign(FileSystemFileHandle.prototype, permissions)
  })
  const [download, report] = await Promise.all([app.waitForEvent('download'), resume(app)])
  expect(report).toMatchObject({ sink: 'service-worker', fallbacks: [{ sink: 'file-system' }] })
  expect(download.suggestedFilename()).toBe('saved.zip')
  expect(await download.failure()).toBeNull()
})

test('what is saved anew to the same file takes the place of what was interrupted', async ({
  app,
  server,
}) => {
  await interrupt(app, server)
  const left = (): Promise<number> => app.evaluate(async () => (await window.unfinished()).length)
  await app.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const other = await root.getFileHandle('other.zip', { create: true })
    await window.zip([{ name: 'a.txt', data: 'a' }]).saveTo(other)
  })
  expect(await left(), 'of another file').toBe(1)
  await app.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const same = await root.getFileHandle('saved.zip')
    await window.zip([{ name: 'a.txt', data: 'a' }]).saveTo(same)
  })
  expect(await left()).toBe(0)
  expect((await saved(app)).size).toBeLessThan(1000)
})

test('a job that is cancelled leaves an empty file, and nothing else', async ({ app, server }) => {
  await begin(app)
  await kept(app)
  await app.evaluate(() => (window as unknown as Saving).job.cancel())
  expect(await outcomeOf(app)).toBe('cancelled')
  expect(await saved(app)).toMatchObject({ size: 0 })
  await expect.poll(() => server.open).toBe(0)
  expect(await app.evaluate(() => window.unfinished())).toEqual([])
  expect(app.workers()).toEqual([])
})

test('where there is no room to keep a part, the archive is written without', async ({
  app,
  context,
  server,
}) => {
  const expected = await calm(app)
  const session = await context.newCDPSession(app)
  // room for the archive once, and for no copy of what was kept of it
  const quota = { origin: server.origin, quotaSize: 145_000_000 }
  await session.send('Storage.overrideQuotaForOrigin', quota)
  const { sent } = server
  await begin(app)
  expect(await outcomeOf(app)).toMatchObject({ sink: 'file-system', entries: FILES.length })
  expect(await saved(app)).toMatchObject({ sha256: expected })
  expect(server.sent - sent, 'it was begun anew').toBeGreaterThan(LENGTH + 60_000_000)
})

test('of a job that is not to be kept, nothing is before its end', async ({ app }) => {
  await begin(app, { resumable: false })
  await app.waitForFunction(() => (window as unknown as Saving).job.state === 'running')
  await expect.poll(async () => (await saved(app)).size).toBe(0)
  expect(await outcomeOf(app)).toMatchObject({ sink: 'file-system' })
  expect((await saved(app)).start).toBe('PK')
  expect(await app.evaluate(() => window.unfinished())).toEqual([])
})
