/** A page of another site, which has its downloads made by the site that hosts holdall. */

import { wholeContent } from './content.ts'
import { test } from './embedding.ts'
import { begin } from './fallback.ts'
import { digests, expect, fileOf, sha256, unzipTest, type Page } from './fixtures.ts'

test('files of the page, of others and its own become one download', async ({ shop, sites }) => {
  const [download, outcome] = await Promise.all([
    shop.waitForEvent('download'),
    shop.evaluate(async () => {
      const text = 'grün 写真\n'.repeat(100_000)
      return window.download(
        [
          { url: 'data/1/1000', name: 'relative.bin', size: 1000 },
          { url: '/data/2/7000000', name: 'folder/probed.bin' },
          new File([text], 'file.txt'),
          { name: 'text.txt', data: text },
          { name: 'bytes.txt', data: new TextEncoder().encode(text) },
          { name: 'stream.txt', data: new Blob([text]).stream() },
          { name: 'function.txt', data: async () => text },
          { name: 'empty/', directory: true },
        ],
        { name: 'laden.zip' },
      )
    }),
  ])
  expect(outcome).toMatchObject({
    report: { sink: 'service-worker', fallbacks: [], name: 'laden.zip', entries: 8 },
  })
  expect(download.suggestedFilename()).toBe('laden.zip')
  expect(download.url()).toContain(sites.hosting.origin)
  const path = await fileOf(download)
  unzipTest(path)
  const text = sha256('grün 写真\n'.repeat(100_000))
  expect(digests(path)).toEqual({
    'relative.bin': sha256(wholeContent(1, 1000)),
    'folder/probed.bin': sha256(wholeContent(2, 7_000_000)),
    'file.txt': text,
    'text.txt': text,
    'bytes.txt': text,
    'stream.txt': text,
    'function.txt': text,
  })
  expect(sites.hosting.requests.filter((request) => request.includes('/data/'))).toEqual([])
})

test('a manifest of the page, and what it lists', async ({ shop, sites }) => {
  const [download, outcome] = await Promise.all([
    shop.waitForEvent('download'),
    shop.evaluate(() => window.download('/samples/manifest.json')),
  ])
  expect(outcome).toMatchObject({ report: { sink: 'service-worker', fallbacks: [] } })
  unzipTest(await fileOf(download))
  expect(sites.shop.requests).toContain('GET /samples/fuji.png')
  expect(sites.hosting.requests.filter((request) => request.includes('/samples/'))).toEqual([])
})

test('handles are read by the page, for they are good in no other origin', async ({ shop }) => {
  const [download] = await Promise.all([
    shop.waitForEvent('download'),
    shop.evaluate(async () => {
      const write = async (folder: FileSystemDirectoryHandle, name: string) => {
        const handle = await folder.getFileHandle(name, { create: true })
        const stream = await handle.createWritable()
        await stream.write(name)
        await stream.close()
        return handle
      }
      const root = await navigator.storage.getDirectory()
      const folder = await root.getDirectoryHandle('folder', { create: true })
      await write(folder, 'inside.txt')
      const file = await write(root, 'picked.txt')
      return window.download([file, { handle: folder, name: 'renamed' }])
    }),
  ])
  expect(digests(await fileOf(download))).toEqual({
    'picked.txt': sha256('picked.txt'),
    'renamed/inside.txt': sha256('inside.txt'),
  })
})

test('files that a user picks', async ({ shop }) => {
  await shop.setInputFiles('#files', [
    { name: 'picked.txt', mimeType: 'text/plain', buffer: Buffer.from('picked') },
  ])
  const [download] = await Promise.all([
    shop.waitForEvent('download'),
    shop.evaluate(() => window.download(window.picked())),
  ])
  expect(digests(await fileOf(download))).toEqual({ 'picked.txt': sha256('picked') })
})

test('a source that breaks off is gone on with, though it is read by way of the page', async ({
  shop,
  sites,
}) => {
  const broken = { url: '/die/2/50000000', name: 'broken.bin', size: 50_000_000 }
  const outcome = await shop.evaluate(
    (file) => window.download(['/data/1/500000', file], { retry: { delay: 1 } }),
    broken,
  )
  expect(outcome).toMatchObject({ code: 'source-failed', detail: { entry: 'broken.bin' } })
  const asked = sites.shop.requests.filter((request) => request.startsWith('GET /die/'))
  expect(asked.length).toBeGreaterThan(1)
  await expect.poll(() => sites.shop.open).toBe(0)
})

const SLOW = Array.from({ length: 20 }, (_, seed) => ({
  url: `/data/${seed}/50000000?slow=20`,
  name: `${seed}.bin`,
  size: 50_000_000,
}))

const needsPage = (page: Page): Promise<boolean> =>
  page.evaluate(() => (window as unknown as { job: { needsPage: boolean } }).job.needsPage)

test('it is followed, paused, gone on with and cancelled from the page', async ({
  shop,
  sites,
}) => {
  const { outcome, call } = await begin(shop, SLOW)
  const seen = shop.evaluate(() => {
    const { job } = window as unknown as { job: ReturnType<typeof window.zip> }
    return new Promise((resolve) =>
      job.addEventListener('progress', ({ progress }) => {
        if (progress.bytes > 0) resolve([job.state, progress])
      }),
    )
  })
  expect(await seen).toMatchObject(['running', { totalEntries: 20 }])
  expect(await needsPage(shop), 'it is asked for its files').toBe(true)
  const state = (): Promise<string> =>
    shop.evaluate(() => (window as unknown as { job: { state: string } }).job.state)
  await call('pause')
  await expect.poll(state).toBe('paused')
  await call('resume')
  await expect.poll(state).toBe('running')
  await call('cancel')
  expect(await outcome).toMatchObject({ code: 'cancelled', detail: { by: 'page' } })
  expect(await state()).toBe('cancelled')
  await expect.poll(() => sites.shop.open).toBe(0)
})

test('it is planned before it is downloaded, and cancelled before either', async ({ shop }) => {
  const told = await shop.evaluate(async () => {
    const job = window.zip(['/data/1/1000'])
    const plan = await job.plan()
    job.cancel()
    const outcome = await job.finished.catch(({ code }: { code: string }) => code)
    const again = await job.download().catch(({ code }: { code: string }) => code)
    return { plan, outcome, again, state: job.state }
  })
  expect(told).toMatchObject({
    plan: { entries: 1, length: 1124 },
    outcome: 'cancelled',
    again: 'cancelled',
    state: 'cancelled',
  })
})

test('a job that is cancelled while its frame is opened asks for nothing', async ({
  shop,
  sites,
}) => {
  const told = await shop.evaluate(async () => {
    const ending = new AbortController()
    const job = window.zip(['/data/1/1000'], { signal: ending.signal })
    const states: string[] = []
    job.addEventListener('statechange', ({ state }) => states.push(state))
    const outcome = job.download().catch(({ code, detail }) => ({ code, detail }))
    ending.abort()
    const { code, detail } = (await outcome) as { code: string; detail: object }
    await window.zip([{ name: 'a', data: 'a' }]).plan() // so the frame has answered meanwhile
    return { code, detail: { ...detail }, states }
  })
  expect(told).toEqual({
    code: 'cancelled',
    detail: { by: 'page' },
    states: ['planning', 'cancelled'],
  })
  expect(sites.shop.requests.filter((request) => request.includes('/data/'))).toEqual([])
})

test('bad input is told as anywhere', async ({ shop, sites }) => {
  expect(await shop.evaluate(() => window.download([]))).toMatchObject({ code: 'no-files' })
  const withCookies = { url: `${sites.hosting.origin}/private/file.txt`, credentials: 'include' }
  expect(
    await shop.evaluate((file) => window.download([file as never]), withCookies),
  ).toMatchObject({ code: 'invalid-metadata', detail: { field: 'credentials' } })
  expect(sites.cookies).toEqual([])
})

test('a URL that has expired is replaced by the page', async ({ shop, sites }) => {
  const told = await shop.evaluate(async () => {
    const asked: unknown[] = []
    const refreshUrl = (file: object): string => {
      asked.push(file)
      return '/data/1/1000'
    }
    const files = [{ url: '/expired', name: 'a.bin', size: 1000 }]
    return { outcome: await window.download(files, { refreshUrl }), asked }
  })
  expect(told).toMatchObject({
    outcome: { report: { entries: 1 } },
    asked: [{ url: `${sites.shop.origin}/expired`, name: 'a.bin' }],
  })
})

test('files of others outlive the page: the service worker goes on', async ({ shop, sites }) => {
  const files = SLOW.slice(0, 4).map((file) => ({ ...file, url: sites.hosting.origin + file.url }))
  const downloading = shop.waitForEvent('download')
  await begin(shop, files)
  const download = await downloading
  // more than is read ahead: with no byte of it, Chromium drops the download of a page that goes
  await expect.poll(() => sites.hosting.sent).toBeGreaterThan(45_000_000)
  expect(await needsPage(shop)).toBe(false)
  await shop.goto('about:blank')
  const path = await fileOf(download)
  unzipTest(path)
  const contents = files.map(({ name }, seed) => [name, sha256(wholeContent(seed, 50_000_000))])
  expect(digests(path)).toEqual(Object.fromEntries(contents))
})

const ISOLATED = {
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
}

for (const [page, sitesOptions] of Object.entries({
  'a page that is cross-origin isolated': {
    policies: () => ({ 'Cross-Origin-Opener-Policy': 'same-origin', ...ISOLATED }),
    hosting: { headers: ISOLATED },
  },
  'a page with a strict Content-Security-Policy': {
    policies: (hosting: string) => ({
      'Content-Security-Policy': `default-src 'self'; script-src ${hosting} 'unsafe-inline'; frame-src ${hosting}`,
    }),
  },
})) {
  test.describe('policies', () => {
    test.use({ sitesOptions })

    test(page, async ({ shop }) => {
      const [download, outcome] = await Promise.all([
        shop.waitForEvent('download'),
        shop.evaluate(() => window.download([{ url: '/data/1/1000', name: 'a' }])),
      ])
      expect(outcome).toMatchObject({ report: { sink: 'service-worker', fallbacks: [] } })
      expect(digests(await fileOf(download))).toEqual({ a: sha256(wholeContent(1, 1000)) })
      expect(await shop.evaluate(() => crossOriginIsolated)).toBe(page.endsWith('isolated'))
    })
  })
}

test('fifty downloads at once have one frame', async ({ shop, sites }) => {
  const reports = await shop.evaluate(() =>
    Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        window.zip([{ name: `${index}`, data: 'a' }], { name: `${index}.zip` }).plan(),
      ),
    ),
  )
  expect(reports).toHaveLength(50)
  expect(sites.hosting.requests.filter((request) => request === 'GET /embed.html')).toHaveLength(1)
})
