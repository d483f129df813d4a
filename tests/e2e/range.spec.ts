/** Parts of an archive, asked for by its URL: the same bytes as in the whole. */

import { open, readFile } from 'node:fs/promises'
import type { BrowserContext } from '@playwright/test'
import { Random } from '../chaos/server/random.ts'
import { expect, fileOf, openApp, sha256, test, type Page } from './fixtures.ts'
import { killBrowser } from './processes.ts'
import { launchWithProfile } from './profile.ts'
import { notedBytes } from './storage.ts'
import type { TestServer } from './server.ts'

/** Four files of more than 64 MiB, and many small ones. */
const filesOf = (size: number) => [
  ...Array.from({ length: 200 }, (_, index) => ({ name: `note ${index}.txt`, data: `${index}` })),
  ...[1, 2, 3, 4].map((seed) => ({ url: `/data/${seed}/${size}`, name: `${seed}.bin`, size })),
  { name: 'last.txt', data: 'the end' },
]

interface Part {
  readonly status: number
  readonly range: string | null
  readonly sha256: string
  readonly length: number
  readonly etag: string | null
}

/** Opens a frame from where requests go through the service worker. */
async function enterScope(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = document.createElement('iframe')
    frame.src = '/holdall/'
    document.body.append(frame)
    await new Promise((resolve) => frame.addEventListener('load', resolve))
    Object.assign(window, { scoped: frame.contentWindow })
  })
}

async function ask(page: Page, url: string, headers: Record<string, string>): Promise<Part> {
  return page.evaluate(
    async ([address, fields]) => {
      const { scoped } = window as unknown as { scoped: Window & typeof globalThis }
      const response = await scoped.fetch(address, { headers: fields })
      const body = await response.arrayBuffer()
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
      return {
        status: response.status,
        range: response.headers.get('Content-Range'),
        length: body.byteLength,
        sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
        etag: response.headers.get('ETag'),
      }
    },
    [url, headers] as const,
  )
}

for (const [whole, size, parts, details] of [
  ['300 MB', 75_000_000, 25, {}],
  ['a GiB', 2 ** 28, 200, { tag: '@large' }],
] as const) {
  test(
    `ranges of ${whole} are those of the whole, also when the service worker was stopped`,
    details,
    ({ app, context, server }) => expectRanges(app, context, server, filesOf(size), parts),
  )
}

async function expectRanges(
  app: Page,
  context: BrowserContext,
  server: TestServer,
  files: ReturnType<typeof filesOf>,
  parts: number,
): Promise<void> {
  test.setTimeout(180_000)
  const [download] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(
      (list) =>
        window.download(
          list.map((file) => ({ ...file, lastModified: 1e12 })),
          { name: 'large.zip' },
        ),
      files,
    ),
  ])
  const file = await open(await fileOf(download))
  const { size } = await file.stat()
  const random = new Random(3)
  const url = download.url()
  await enterScope(app)

  const expectPart = async (start: number, end: number): Promise<void> => {
    const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
    const part = await ask(app, url, { Range: `bytes=${start}-${end - 1}` })
    expect(part).toMatchObject({
      status: 206,
      range: `bytes ${start}-${end - 1}/${size}`,
      sha256: sha256(buffer),
    })
  }
  const aPart = (): [number, number] => {
    const start = random.int(0, size - 1)
    return [start, Math.min(size, start + random.int(1, random.is(0.1) ? 3_000_000 : 3000))]
  }
  await expectPart(0, 1)
  await expectPart(size - 1, size)
  await expectPart(size - 100_000, size)
  const before = server.sent
  for (let count = 0; count < parts; count++) await expectPart(...aPart())
  // from the checkpoint before, at most 4 MiB, to the end of its chunk, and all in chunks of the server's
  expect((server.sent - before) / parts, 'bytes for each part').toBeLessThan(7_000_000)

  const last = await ask(app, url, { Range: 'bytes=-22' })
  expect(last).toMatchObject({ status: 206, length: 22 })
  expect(await ask(app, url, { Range: `bytes=${size}-` })).toMatchObject({
    status: 416,
    range: `bytes */${size}`,
    length: 0,
  })
  const tag = last.etag!
  expect(await ask(app, url, { Range: 'bytes=0-1', 'If-Range': tag })).toMatchObject({
    status: 206,
  })

  const session = await context.newCDPSession(app)
  await session.send('ServiceWorker.enable')
  await session.send('ServiceWorker.stopAllWorkers')
  const { sent } = server
  await expectPart(size - 50_000_000, size - 49_000_000)
  expect(server.sent - sent, 'from a checkpoint that was stored').toBeLessThan(32_000_000)
  for (let count = 0; count < 3; count++) await expectPart(...aPart())
  await file.close()
}

test(
  'a browser that is started anew gives ranges of what was interrupted, from where it was',
  { tag: '@large' },
  async ({ server }) => {
    const profile = test.info().outputPath('profile')
    const { launchOptions } = test.info().project.use
    const first = await launchWithProfile(profile, launchOptions)
    const page = await first.newPage()
    await openApp(page, server)
    void page
      .evaluate(() => {
        const files = [1, 2].map((seed) => ({ url: `/data/${seed}/50000000`, size: 50_000_000 }))
        const last = { url: '/data/3/30000000?slow=150', size: 30_000_000 }
        return window.download([...files, last], { name: 'large.zip' })
      })
      .catch(() => undefined)
    await expect.poll(() => server.sent, { timeout: 30_000 }).toBeGreaterThan(110_000_000)
    // else what was noted last may not have come to the disk
    await expect.poll(() => notedBytes(page), { timeout: 20_000 }).toBeGreaterThan(60_000_000)
    await killBrowser(first, profile)

    const second = await launchWithProfile(profile, launchOptions)
    const again = await second.newPage()
    await openApp(again, server)
    const [job] = await again.evaluate(() => window.unfinished())
    await enterScope(again)
    const { sent } = server
    const range = { Range: 'bytes=90000000-90999999' }
    const part = await ask(again, `/holdall/${job!.id}.zip`, range)
    expect(part.status).toBe(206)
    expect(server.sent - sent, 'from a checkpoint that was stored').toBeLessThan(60_000_000)
    const [download] = await Promise.all([
      again.waitForEvent('download'),
      again.evaluate(async () => void (await window.unfinished())[0]!.resume()),
    ])
    const whole = await readFile(await download.path())
    expect(part.sha256).toBe(sha256(whole.subarray(90_000_000, 91_000_000)))
    await second.close()
  },
)

test('a range of another archive is all of this one', async ({ app }) => {
  const files = [{ url: '/data/5/400000', size: 400_000, lastModified: 1e12 }]
  const [download] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate((list) => window.download(list), files),
  ])
  const whole = await readFile(await fileOf(download))
  await enterScope(app)
  const part = await ask(app, download.url(), { Range: 'bytes=5-9', 'If-Range': '"old"' })
  expect(part).toMatchObject({ status: 200, range: null, sha256: sha256(whole) })
})

test('an archive that is not kept has no ranges', async ({ app }) => {
  const [download] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download([{ url: '/data/5/400000' }], { resumable: false })),
  ])
  await fileOf(download)
  await enterScope(app)
  const part = await ask(app, download.url(), { Range: 'bytes=5-9' })
  expect(part).toMatchObject({ status: 200, range: null, etag: null })
})
