/** The URL of an archive: whoever of its page asks for it gets the archive, and nobody else anything. */

import { readFile } from 'node:fs/promises'
import { expect, fileOf, openApp, sha256, sha256OfFile, test, type Page } from './fixtures.ts'

/** What a request for `url` gets from within the service worker's scope, where it sees them. */
async function ask(
  page: Page,
  url: string,
  method = 'GET',
): Promise<{ status: number; length: string | null; bytes: number; sha256: string }> {
  return page.evaluate(
    async ([address, verb]) => {
      const frame = document.createElement('iframe')
      frame.src = '/holdall/'
      document.body.append(frame)
      await new Promise((resolve) => frame.addEventListener('load', resolve))
      const scoped = frame.contentWindow as Window & typeof globalThis
      const response = await scoped.fetch(address, { method: verb })
      const body = await response.arrayBuffer()
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
      return {
        status: response.status,
        length: response.headers.get('Content-Length'),
        bytes: body.byteLength,
        sha256: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
      }
    },
    [url, method] as const,
  )
}

test('answers again when the download is over, with the same bytes', async ({ app }) => {
  const [download] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() =>
      window.download([{ url: '/data/5/400000', size: 400_000, lastModified: 1e12 }]),
    ),
  ])
  const file = await readFile(await fileOf(download))
  const url = download.url()
  expect(url).toMatch(/\/holdall\/[0-9a-f-]{36}\.zip$/)
  const length = String(file.length)
  expect(await ask(app, url)).toMatchObject({ status: 200, length, sha256: sha256(file) })
  expect(await ask(app, url, 'HEAD')).toMatchObject({ status: 200, length, bytes: 0 })
})

test('answers again while the download runs, with the same bytes', async ({ app, server }) => {
  const begun = app.waitForEvent('download')
  const outcome = app.evaluate(() =>
    window.download([{ url: '/data/6/100000000?slow=20', size: 100_000_000, lastModified: 1e12 }]),
  )
  const download = await begun
  await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
  const second = await ask(app, download.url())
  expect(await outcome).toMatchObject({ report: { entries: 1 } })
  expect(second).toMatchObject({
    status: 200,
    sha256: await sha256OfFile(await fileOf(download)),
  })
})

test('fails at once for who asks again for what cannot be made again', async ({ app }) => {
  const [download] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => {
      const data = new Blob(['once']).stream()
      return window.download([{ name: 'once.txt', data }] as never)
    }),
  ])
  await fileOf(download)
  await expect(ask(app, download.url())).rejects.toThrow('Failed to fetch')
})

test('is not for others', async ({ app, server, context, browser }) => {
  const [download] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download([{ url: '/data/5/1000' }])),
  ])
  await fileOf(download)
  const url = download.url()
  const unknown = url.replace(/[^/]*\.zip$/, '3b241101-e2bb-4255-8caf-4136c566a962.zip')
  expect(await ask(app, unknown)).toMatchObject({ status: 404 })
  expect(await ask(app, url.replace('.zip', '.zip/x'))).toMatchObject({ status: 404 })
  expect(await ask(app, url, 'POST')).toMatchObject({ status: 404 })
  // Outside the scope the service worker is not asked, and the server knows nothing of it.
  expect(await app.evaluate(async (address) => (await fetch(address)).status, url)).toBe(404)
  const stranger = await browser.newPage()
  await openApp(stranger, server)
  expect(await ask(stranger, url)).toMatchObject({ status: 404 })
  await stranger.close()
  // With its page the archive is gone.
  const other = await context.newPage()
  await openApp(other, server)
  await app.close()
  // The browser takes a moment to end a page: until then it may be asked, and the answer fails.
  const heldLocks = async (): Promise<number> => {
    const { held = [], pending = [] } = await other.evaluate(() => navigator.locks.query())
    return held.length + pending.length
  }
  await expect.poll(heldLocks).toBe(0)
  expect(await ask(other, url)).toMatchObject({ status: 404 })
})
