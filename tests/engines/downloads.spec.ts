/** What must work in each engine, written once; where one falls short, the scenario says how. */

import { setTimeout as wait } from 'node:timers/promises'
import { content, wholeContent } from '../e2e/content.ts'
import { digests, expect, note, openApp, outcomeOf, sha256, test, unzipTest } from './fixtures.ts'
import { PageLost, type Page } from './engine.ts'
import type { TestServer } from '../e2e/server.ts'

/** The sizes of files of an album: small ones that are read at once, and larger ones. */
const SIZES = [1, 2, 1000, 65_536, 262_144, 262_145, 1_000_000, 3_000_000]

/** What is reported of a download that took no other way. */
const THROUGH = { sink: 'service-worker', fallbacks: [] }

test('40 files of all kinds: URLs, Files, Blobs, text, streams', async ({ app, ended }) => {
  const names = (kind: string, count: number): string[] =>
    Array.from({ length: count }, (_, index) => `${kind}/${index}`)
  const urls = names('url', 16).map((name, index) => {
    const size = SIZES[index % SIZES.length]!
    return { name, url: `/data/${index}/${size}`, ...(index % 2 === 0 && { size }) }
  })
  await app.evaluate((files) => {
    const count = (length: number): number[] => Array.from({ length }, (_, index) => index)
    const text = (index: number): string => `${index} – grün 写真\n`.repeat(index * 5000)
    const kinds = [
      (index: number) => ({ name: `file/${index}`, data: new File([text(index)], 'x') }),
      (index: number) => ({ name: `blob/${index}`, data: new Blob([text(index)]) }),
      (index: number) => ({ name: `text/${index}`, data: text(index) }),
      (index: number) => ({ name: `stream/${index}`, data: new Blob([text(index)]).stream() }),
    ]
    const local = kinds.flatMap((kind) => count(6).map((index) => kind(index)))
    window.outcome = window.download([...files, ...local], { name: 'album.zip' })
  }, urls)
  const { state, name, path } = await ended()
  expect(await outcomeOf(app)).toMatchObject({
    report: { entries: 40, warnings: [], ...THROUGH },
  })
  expect({ state, name }).toEqual({ state: 'complete', name: 'album.zip' })

  const expected: Record<string, string> = {}
  for (const [index, file] of urls.entries()) {
    expected[file.name] = sha256(wholeContent(index, SIZES[index % SIZES.length]!))
  }
  for (const kind of ['file', 'blob', 'text', 'stream']) {
    for (const [index, entry] of names(kind, 6).entries()) {
      expected[entry] = sha256(`${index} – grün 写真\n`.repeat(index * 5000))
    }
  }
  expect(digests(path)).toEqual(expected)
  unzipTest(path)
})

test('500 MB, compared byte for byte', async ({ app, ended }) => {
  test.setTimeout(120_000)
  const sizes = [300_000_000, 1000, 200_000_000]
  await app.evaluate((all) => {
    window.outcome = window.download(
      all.map((size, seed) => ({ url: `/data/${seed}/${size}`, size })),
    )
  }, sizes)
  const { state, path } = await ended()
  expect(state).toBe('complete')
  expect(await outcomeOf(app)).toMatchObject({ report: { entries: 3, ...THROUGH } })
  const expected = sizes.map((size, seed) => [
    String(size),
    sha256(Buffer.concat([...content(seed, size)])),
  ])
  expect(digests(path)).toEqual(Object.fromEntries(expected))
})

test('an archive with a Unicode name', async ({ app, ended }) => {
  await app.evaluate(() => {
    const name = 'Fotos "Übersee" 写真 🧳.zip'
    window.outcome = window.download([{ name: '写真.txt', data: 'a' }], { name })
  })
  const { state, name, path } = await ended()
  expect(await outcomeOf(app)).toMatchObject({ report: THROUGH })
  expect({ state, name }).toEqual({ state: 'complete', name: 'Fotos _Übersee_ 写真 🧳.zip' })
  expect(digests(path)).toEqual({ '写真.txt': sha256('a') })
})

test('the first visit, without a reload', async ({ app, server, ended }) => {
  expect(await app.evaluate(() => navigator.serviceWorker.getRegistrations())).toEqual([])
  await app.evaluate(() => {
    document.title = 'the document of the click'
    window.outcome = window.download(['/data/1/300000'])
  })
  const { state, path } = await ended()
  expect(await outcomeOf(app)).toMatchObject({ report: THROUGH })
  expect(state).toBe('complete')
  expect(digests(path)).toEqual({ '300000': sha256(wholeContent(1, 300_000)) })
  const page = await app.evaluate(() => [document.title, navigator.serviceWorker.controller])
  expect(page).toEqual(['the document of the click', null])
  const pages = server.requests.filter((request) => /^GET \/(?:$|holdall\/)/.test(request))
  expect(pages, 'the page once, the archive never').toEqual(['GET /'])
})

test('a source that fails: the download fails, the page is told', async ({ app, ended }) => {
  await app.evaluate(() => {
    const broken = { url: '/die/2/50000000', name: 'broken.bin', size: 50_000_000 }
    window.outcome = window.download(['/data/1/500000', broken], { retry: { delay: 1 } })
  })
  expect(await outcomeOf(app)).toMatchObject({
    code: 'source-failed',
    detail: { entry: 'broken.bin' },
  })
  expect((await ended()).state).toBe('failed')
})

/** Starts a download of many slow files, and waits until there is something of it. */
async function start(page: Page, server: TestServer): Promise<void> {
  await page.evaluate(() => {
    const files = Array.from({ length: 20 }, (_, seed) => ({
      url: `/data/${seed}/50000000?slow=20`,
      name: `${seed}.bin`,
      size: 50_000_000,
    }))
    window.job = window.zip(files)
    window.outcome = window.job.download().catch(({ code, detail }) => ({ code, detail }))
  })
  await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
}

test('cancel by the page: the download fails, every request ends', async ({
  app,
  server,
  begun,
  ended,
}) => {
  await start(app, server)
  await begun()
  await app.evaluate(() => window.job.cancel())
  expect(await outcomeOf(app)).toEqual({ code: 'cancelled', detail: { by: 'page' } })
  expect((await ended()).state).toBe('failed')
  await expect.poll(() => server.open).toBe(0)
})

test('cancel in the browser: every request ends, the page is told', async ({
  app,
  server,
  engine,
  begun,
  ended,
}) => {
  await start(app, server)
  const download = await begun()
  await download.cancel()
  const cancelled = { code: 'cancelled', detail: { by: 'browser' } }
  if (engine === 'webkit') {
    // chunks that are on their way when its download is gone are an offence to WebKit's network process, for which
    // it ends the process of the page, or that of the service worker
    note('but now and then WebKit kills the process of the page')
    const lost = { code: 'delivery-lost', detail: { reason: 'service-worker-gone' } }
    const told = await outcomeOf(app).catch((error: unknown) => {
      if (error instanceof PageLost) return undefined
      throw error
    })
    if (told !== undefined) expect([cancelled, lost]).toContainEqual(told)
  } else {
    expect(await outcomeOf(app)).toEqual(cancelled)
  }
  expect((await ended()).state).toBe('cancelled')
  await expect.poll(() => server.open).toBe(0)
})

test('a pause: every request ends within half a second, the download goes on later', async ({
  app,
  server,
  begun,
  ended,
}) => {
  const size = 12_000_000
  await app.evaluate((bytes) => {
    const files = [1, 2].map((seed) => ({
      url: `/data/${seed}/${bytes}?slow=60`,
      name: `${seed}.bin`,
      size: bytes,
    }))
    window.job = window.zip(files)
    window.outcome = window.job.download().then(({ entries }) => entries)
  }, size)
  await begun()
  await expect.poll(() => server.sent).toBeGreaterThan(4_000_000)
  await app.evaluate(() => window.job.pause())
  await expect.poll(() => server.open, { timeout: 500, intervals: [20] }).toBe(0)
  const { sent } = server
  await wait(2000)
  expect(server.sent).toBe(sent)
  expect((await begun()).state).toBe('running')
  await app.evaluate(() => window.job.resume())
  const { state, path } = await ended()
  expect(await outcomeOf(app)).toBe(2)
  expect(state).toBe('complete')
  expect(digests(path)).toEqual({
    '1.bin': sha256(wholeContent(1, size)),
    '2.bin': sha256(wholeContent(2, size)),
  })
})

for (const [page, headers] of Object.entries({
  'a page with a strict Content-Security-Policy': {
    'Content-Security-Policy': "default-src 'self'; object-src 'none'; base-uri 'none'",
  },
  'a page that forbids frames': {
    'Content-Security-Policy': "default-src 'self'; frame-src 'none'",
  },
  'a page that is cross-origin isolated': {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  },
})) {
  test.describe('policies', () => {
    test.use({ serverOptions: { headers } })

    test(page, async ({ app, ended }) => {
      await app.evaluate(() => {
        window.outcome = window.download([{ url: '/data/4/700000', name: 'a.bin' }])
      })
      const { state, path } = await ended()
      expect(await outcomeOf(app)).toMatchObject({ report: { entries: 1, ...THROUGH } })
      expect(state).toBe('complete')
      expect(digests(path)).toEqual({ 'a.bin': sha256(wholeContent(4, 700_000)) })
      expect(await app.evaluate(() => crossOriginIsolated)).toBe(page.endsWith('isolated'))
      // a frame stays for as long as the archive can be asked for; one that was refused is taken away
      const frames = await app.evaluate(() => document.querySelectorAll('iframe').length)
      expect(frames).toBe(page.endsWith('frames') ? 0 : 1)
      if (page.endsWith('frames')) note('by a navigation in place of a frame')
    })
  })
}

test('a private window', async ({ browserOfEngine, server, ended }) => {
  const page = await openApp(browserOfEngine, server, { private: true })
  await page.evaluate(() => {
    window.outcome = window.download([{ url: '/data/4/700000', name: 'a.bin' }])
  })
  const { state, path } = await ended()
  expect(await outcomeOf(page)).toMatchObject({ report: { entries: 1, ...THROUGH } })
  expect(state).toBe('complete')
  expect(digests(path)).toEqual({ 'a.bin': sha256(wholeContent(4, 700_000)) })
  await page.close()
  // it was one: other windows know nothing of what happened there
  const other = await openApp(browserOfEngine, server)
  expect(await other.evaluate(() => navigator.serviceWorker.getRegistrations())).toEqual([])
  await other.close()
})
