/** What is left when a download cannot be gone on with, and when it was: nothing that looks whole and is not. */

import {
  digests,
  expect,
  fileOf,
  keepWorker,
  killWorker,
  openApp,
  sha256,
  test,
  type Page,
} from './fixtures.ts'
import { wholeContent } from './content.ts'

const FILE = { url: '/data/2/30000000?slow=20', name: 'two.bin', size: 30_000_000 }

test('storage that is full costs a download nothing', async ({ app, server, context }) => {
  const session = await context.newCDPSession(app)
  const quota = { origin: server.origin, quotaSize: 0 }
  await session.send('Storage.overrideQuotaForOrigin', quota)
  const [download, outcome] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate((file) => window.download([file]), FILE),
  ])
  expect(outcome).toMatchObject({ report: { entries: 1 } })
  expect(digests(await fileOf(download))).toEqual({
    'two.bin': sha256(wholeContent(2, 30_000_000)),
  })
  expect(await app.evaluate(() => window.unfinished())).toEqual([])
})

test('a job that cannot be stored outlives its tab all the same', async ({
  app,
  server,
  context,
}) => {
  await context.newPage() // the browser stays
  await app.evaluate(() => {
    const Native = Worker
    window.Worker = class extends Native {
      constructor(url: string | URL, options?: WorkerOptions) {
        const script = `import ${JSON.stringify(new URL(url, location.href).href)}
          IDBFactory.prototype.open = () => { throw new DOMException('no room', 'QuotaExceededError') }`
        super(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })), options)
      }
    }
  })
  const begun = app.waitForEvent('download')
  void app.evaluate((file) => window.download([file]), FILE).catch(() => undefined)
  const download = await begun
  await expect.poll(() => server.sent).toBeGreaterThan(10_000_000)
  await app.close()
  expect(digests(await fileOf(download))).toEqual({
    'two.bin': sha256(wholeContent(2, 30_000_000)),
  })
})

test('a service worker that is stopped in the middle: the download fails, and the page is told', async ({
  app,
  server,
  context,
}) => {
  const begun = app.waitForEvent('download')
  const slow = { ...FILE, url: '/data/2/30000000?slow=200' } // it must not be over before it is stopped
  const outcome = app.evaluate((file) => window.download([file]), slow)
  const download = await begun
  await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
  const session = await context.newCDPSession(app)
  await session.send('ServiceWorker.enable')
  await session.send('ServiceWorker.stopAllWorkers')
  expect(await download.failure()).not.toBeNull()
  expect(await outcome).toMatchObject({ code: 'delivery-lost' })
})

test('a stream of the page cannot be gone on with, which is told beforehand', async ({
  app,
  server,
  context,
}) => {
  const plan = await app.evaluate(() =>
    window.zip([{ name: 'made.txt', data: () => 'text' }]).plan(),
  )
  expect(plan).toMatchObject({
    resumable: false,
    notResumable: expect.stringContaining('"made.txt"'),
  })
  expect(await app.evaluate(() => window.zip(['/data/1/5']).plan())).toMatchObject({
    resumable: true,
  })
  await context.newPage() // the browser stays
  const begun = app.waitForEvent('download')
  void app
    .evaluate(
      (file) => window.download([{ name: 'a', data: new Blob(['a']).stream() }, file]),
      FILE,
    )
    .catch(() => undefined)
  const download = await begun
  await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
  const failure = download.failure()
  await app.close()
  expect(await failure).not.toBeNull()
})

test('a download that was taken over can be cancelled, by the page and in the browser @alone', async ({
  app,
  server,
}) => {
  for (const by of ['page', 'browser'] as const) {
    await keepWorker(app)
    const begun = app.waitForEvent('download')
    const outcome = app.evaluate((file) => {
      const job = window.zip([file])
      Object.assign(window, { job })
      return job.download().then(
        () => 'done',
        ({ code, detail }) => ({ code, detail }),
      )
    }, FILE)
    const download = await begun
    const before = server.sent
    await expect.poll(() => server.sent).toBeGreaterThan(before + 3_000_000)
    await killWorker(app)
    const state = (): Promise<string> =>
      app.evaluate(() => (window as unknown as { job: { state: string } }).job.state)
    await expect.poll(state).toBe('taken-over')
    if (by === 'browser') await download.cancel()
    else await app.evaluate(() => (window as unknown as { job: { cancel(): void } }).job.cancel())
    expect(await outcome).toEqual({ code: 'cancelled', detail: { by } })
    expect(await download.failure()).not.toBeNull()
    await expect.poll(() => server.open, { timeout: 2000 }).toBe(0)
    await expect.poll(() => app.evaluate(() => window.unfinished())).toEqual([])
  }
})

test('nothing remains of many jobs that were cancelled', async ({ app, server, context }) => {
  const states = await app.evaluate(async () => {
    const jobs = Array.from({ length: 50 }, (_, index) =>
      window.zip([{ url: `/data/${index}/20000000?slow=20`, size: 20_000_000 }], {
        name: `${index}.zip`,
      }),
    )
    const over = jobs.map((job, index) => {
      setTimeout(() => job.cancel(), 30 * index)
      return job.download().then(
        () => 'done',
        ({ code }: { code: string }) => code,
      )
    })
    return Promise.all(over)
  })
  expect(new Set(states)).toEqual(new Set(['cancelled']))
  await expect.poll(() => server.open).toBe(0)
  const remains = (): Promise<object> =>
    app.evaluate(async () => {
      const { held = [], pending = [] } = await navigator.locks.query()
      const stored = await new Promise<number>((resolve, reject) => {
        const request = indexedDB.open('holdall')
        request.addEventListener('error', () => reject(request.error as Error))
        request.addEventListener('success', () => {
          const { result } = request
          if (!result.objectStoreNames.contains('jobs')) return resolve(0)
          const names = [...result.objectStoreNames]
          const all = result.transaction(names)
          const counts = names.map((name) => all.objectStore(name).count())
          all.addEventListener('complete', () =>
            resolve(counts.reduce((sum, count) => sum + count.result, 0)),
          )
        })
      })
      const frames = document.querySelectorAll('iframe').length
      return { held: held.length, pending: pending.length, stored, frames }
    })
  await expect.poll(remains).toEqual({ held: 0, pending: 0, stored: 0, frames: 0 })
  await expect.poll(() => app.workers()).toEqual([]) // of fifty that end, the last is told of later
  const other = await context.newPage()
  await openApp(other, server)
})

/** Counts what is in the browser's storage. */
function stored(page: Page): Promise<{ jobs: number; progress: number }> {
  return page.evaluate(async () => {
    const open = indexedDB.open('holdall')
    await new Promise((resolve) => open.addEventListener('success', resolve))
    const count = async (name: string): Promise<number> => {
      if (!open.result.objectStoreNames.contains(name)) return 0
      const request = open.result.transaction(name).objectStore(name).count()
      await new Promise((resolve) => request.addEventListener('success', resolve))
      return request.result
    }
    const counts = { jobs: await count('jobs'), progress: await count('progress') }
    open.result.close()
    return counts
  })
}

test('of a job that is not to be kept, nothing is', async ({ app, server }) => {
  const long = { ...FILE, url: '/data/2/30000000?slow=220' } // longer than it takes to be noted
  const begun = app.waitForEvent('download')
  const outcome = app.evaluate((file) => window.download([file], { resumable: false }), long)
  const download = await begun
  await expect.poll(() => server.sent, { timeout: 20_000 }).toBeGreaterThan(28_000_000)
  expect(await stored(app)).toEqual({ jobs: 0, progress: 0 })
  await fileOf(download)
  expect(await outcome).toMatchObject({ report: { entries: 1 } })
  expect(await stored(app)).toEqual({ jobs: 0, progress: 0 })
})

test('a job that nobody has gone on with for a week is dropped', async ({ app }) => {
  await app.evaluate((file) => window.download([file]), { url: '/data/1/1000', name: 'a' })
  const outcome = app.evaluate((file) => window.download([file]), FILE)
  await expect.poll(async () => (await stored(app)).jobs).toBeGreaterThan(0)
  await app.evaluate(async () => {
    const open = indexedDB.open('holdall')
    await new Promise((resolve) => open.addEventListener('success', resolve))
    const change = open.result.transaction('jobs', 'readwrite')
    const week = 7 * 24 * 60 * 60 * 1000
    const old = { version: 1, id: 'old', name: 'old.zip', files: [], options: {}, now: 0 }
    change.objectStore('jobs').put({ ...old, created: Date.now() - week - 1000, fingerprint: '' })
    await new Promise((resolve) => change.addEventListener('complete', resolve))
    open.result.close()
  })
  await outcome
  await app.evaluate((file) => window.download([file]), { ...FILE, url: '/data/3/30000000?slow=5' })
  const ids = await app.evaluate(async () => {
    const open = indexedDB.open('holdall')
    await new Promise((resolve) => open.addEventListener('success', resolve))
    const request = open.result.transaction('jobs').objectStore('jobs').getAllKeys()
    await new Promise((resolve) => request.addEventListener('success', resolve))
    open.result.close()
    return request.result
  })
  expect(ids).not.toContain('old')
})

test('large local files are not copied into the storage, and outlive their tab', async ({
  app,
  server,
  context,
}) => {
  await context.newPage() // the browser stays
  const local = wholeContent(9, 20_000_000)
  await app.setInputFiles('#files', [
    { name: 'local.bin', mimeType: 'application/octet-stream', buffer: local },
  ])
  const begun = app.waitForEvent('download')
  void app
    .evaluate((file) => window.download([file, ...window.picked()]), FILE)
    .catch(() => undefined)
  const download = await begun
  await expect.poll(() => server.sent).toBeGreaterThan(12_000_000)
  expect(await stored(app)).toEqual({ jobs: 0, progress: 0 })
  await app.close()
  expect(digests(await fileOf(download))).toEqual({
    'two.bin': sha256(wholeContent(2, 30_000_000)),
    'local.bin': sha256(local),
  })
})

test('nothing stays of a job that is done when its page goes, the service worker stopped or not', async ({
  app,
  server,
  context,
}) => {
  const session = await context.newCDPSession(app)
  await session.send('ServiceWorker.enable')
  for (const stopped of [false, true]) {
    await app.evaluate((file) => window.download([file]), { url: '/data/1/3000000', name: 'a' })
    expect(await stored(app)).toEqual({ jobs: 1, progress: 1 })
    if (stopped) await session.send('ServiceWorker.stopAllWorkers')
    await app.goto(`${server.origin}/?elsewhere=${String(stopped)}`)
    await openApp(app, server)
    await expect.poll(() => stored(app)).toEqual({ jobs: 0, progress: 0 })
  }
})
