/** Archives that are uploaded to a store of another origin: one goes on when its page was reloaded, one is cancelled. */

import { writeFile } from 'node:fs/promises'
import type { UploadTarget } from 'holdall'
import { objectStore } from '../sinks/object-store.ts'
import { expect, openApp, sha256, test, unzipTest, type Page } from './fixtures.ts'
import { notedBytes } from './storage.ts'

const MIB = 1024 * 1024
const PART = 1.5 * MIB

/** Some seven parts. */
const FILES = [
  { url: '/data/1/6000000', name: 'one.bin', size: 6_000_000, lastModified: 1e12 },
  { name: 'text.txt', data: 'held by the page', lastModified: 1e12 },
  { url: '/data/2/4000000', name: 'two.bin', size: 4_000_000, lastModified: 1e12 },
]

interface Uploading {
  targetAt: (url: string) => UploadTarget
  job: ReturnType<typeof window.zip>
  outcome: Promise<unknown>
}

declare const window: Window & Uploading

/** Gives the page what its author would write: how to sign a part, complete an upload, abort it. */
async function open(page: Page): Promise<void> {
  await page.evaluate((partSize) => {
    const ask = async (url: string, method: string, body?: string): Promise<void> => {
      const { ok } = await fetch(url, { method, ...(body !== undefined && { body }) })
      if (!ok) throw new Error(`${method} failed`)
    }
    window.targetAt = (url) => ({
      id: { url },
      partSize,
      part: ({ number }) => `${url}?part=${number}`,
      complete: (parts) => ask(url, 'POST', JSON.stringify(parts)),
      abort: () => ask(url, 'DELETE'),
    })
  }, PART)
}

async function begin(page: Page, url: string, options: object = {}): Promise<void> {
  await open(page)
  await page.evaluate(
    ([files, to, given]) => {
      window.job = window.zip(files, { name: 'a.zip', ...given })
      window.outcome = window.job.upload(window.targetAt(to)).then(
        ({ sink, entries }) => ({ sink, entries }),
        ({ code, message }: { code: string; message: string }) => ({ code, message }),
      )
    },
    [FILES, url, options] as const,
  )
}

test('a page that is reloaded: the upload goes on after the parts that the store has', async ({
  app,
  server,
}) => {
  await using store = await objectStore()
  store.fault = (number) => (number > 3 ? 'hang' : undefined)
  await begin(app, store.url)
  const listed = (): Promise<object[]> => app.evaluate(() => window.unfinished())
  await expect.poll(() => notedBytes(app)).toBe(3 * PART)
  expect(await app.evaluate(() => window.job.needsPage)).toBe(true)
  expect(await listed(), 'its page goes on with it').toEqual([])

  store.taken.length = 0
  await app.reload()
  await openApp(app, server)
  await open(app)
  const interrupted = { name: 'a.zip', sink: 'upload', upload: { url: store.url }, bytes: 3 * PART }
  await expect.poll(listed).toMatchObject([interrupted])
  store.fault = () => undefined
  const { sent } = server
  const report = await app.evaluate(async () => {
    const [job] = await window.unfinished()
    const { url } = job!.upload as { url: string }
    return job!.resume({ upload: window.targetAt(url) }).finished
  })
  expect(report).toMatchObject({ sink: 'upload', entries: 3, bytes: store.object!.length })
  expect(store.taken.toSorted()).toEqual([4, 5, 6, 7])
  expect(server.sent - sent).toBeLessThan(10_000_000 - 3 * PART + 1.5 * MIB)
  expect(await listed()).toEqual([])

  const file = test.info().outputPath('a.zip')
  await writeFile(file, store.object!)
  unzipTest(file)
  const calm = await app.evaluate(async (files) => {
    const archive = await (await window.zip(files).blob()).arrayBuffer()
    return [...new Uint8Array(await crypto.subtle.digest('SHA-256', archive))]
  }, FILES)
  expect(sha256(store.object!)).toBe(Buffer.from(calm).toString('hex'))
})

test('an upload that is cancelled leaves nothing, here and there', async ({ app, server }) => {
  await using store = await objectStore()
  store.fault = (number) => (number === 2 ? 'hang' : undefined)
  await begin(app, store.url)
  await expect.poll(() => store.taken.length).toBeGreaterThan(0)
  await app.evaluate(() => window.job.cancel())
  expect(await app.evaluate(() => window.outcome)).toMatchObject({ code: 'cancelled' })
  expect(store).toMatchObject({ aborts: 1, object: undefined })
  expect(store.parts.size).toBe(0)
  await expect.poll(() => store.open + server.open).toBe(0)
  const held = (): Promise<unknown> =>
    app.evaluate(async () => {
      const { held = [], pending = [] } = await navigator.locks.query()
      return [...held, ...pending, ...(await window.unfinished())].length
    })
  await expect.poll(held).toBe(0)
  expect(app.workers()).toEqual([])
})

test('a store that no page may use is told from a network that is gone', async ({
  app,
  server,
}) => {
  const url = `${server.origin.replace('127.0.0.1', 'localhost')}/a.zip`
  await begin(app, url, { retry: { attempts: 2, delay: 1 } })
  const told = (await app.evaluate(() => window.outcome)) as { code: string; message: string }
  expect(told.code).toBe('upload-failed')
  expect(told.message).toContain(`pages of ${server.origin} to use it: its CORS rules must allow`)
})
