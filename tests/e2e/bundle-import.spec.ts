/** Bundles that are imported without a network: into Chromium's own Cache Storage, which can be full. */

import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { zipStream, type FileInput } from '../../src/core.ts'
import { describeApp, zipOf, type Given } from '../bundle/made-bundle.ts'
import { wholeContent } from './content.ts'
import { expect, test, type Page } from './fixtures.ts'

// as strict as an app may be: no code from strings, no worker from a blob
test.use({ serverOptions: { headers: { 'Content-Security-Policy': "default-src 'self'" } } })

let folder = ''
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdall-import-'))
})
test.afterAll(() => rm(folder, { recursive: true, force: true }))

/** Loads the part of the library that imports, as an app's service worker keeps it, and then the network goes. */
async function goOffline(page: Page): Promise<void> {
  await pick(page, join(folder, 'empty.zip'), new Uint8Array())
  expect(await page.evaluate(() => window.importPicked())).toMatchObject({ code: 'invalid-bundle' })
  await page.context().setOffline(true)
}

async function pick(page: Page, path: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path, bytes)
  await page.setInputFiles('#files', path)
}

/** What the caches of the page's origin hold: URL, status, headers and the SHA-256 of each body. */
function stored(page: Page): Promise<Record<string, unknown[]>> {
  return page.evaluate(async () => {
    const seen: Record<string, unknown[]> = {}
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      const responses = (await cache.keys()).map(async (request) => {
        const response = (await cache.match(request))!
        const { status, statusText, headers } = response
        const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer())
        const sha256 = [...new Uint8Array(digest)]
        return { url: request.url, status, statusText, headers: [...headers], sha256 }
      })
      seen[name] = await Promise.all(responses)
    }
    return seen
  })
}

const bytesOfSha256 = (bytes: Uint8Array | string): number[] => [
  ...createHash('sha256').update(bytes).digest(),
]

test('restores what was exported, byte for byte, and nothing of what is damaged', async ({
  app,
  server: { origin },
}) => {
  await goOffline(app)
  const responses: Given[] = [
    {
      url: `${origin}/index.html?__WB_REVISION__=1`,
      cache: `workbox-precache-v2-${origin}/`,
      headers: [
        ['content-encoding', 'gzip'],
        ['content-length', '99'],
        ['content-type', 'text/html'],
      ],
      body: '<title>x</title>',
    },
    {
      url: `${origin}/list`,
      cache: 'api',
      vary: { 'accept-language': 'de' },
      headers: [['vary', 'Accept-Language']],
      body: 'eins',
    },
    { url: `${origin}/gone`, cache: 'api', status: 410, statusText: 'Gone', body: 'gone' },
    { url: `${origin}/nothing`, cache: 'api', status: 204, statusText: 'No Content' },
    { url: `${origin}/film`, cache: 'films', body: new Uint8Array(wholeContent(1, 20_000_000)) },
  ]
  const zip = await zipOf(describeApp(responses, origin))
  const damaged = zip.slice()
  damaged[damaged.length >> 1]! ^= 1
  await pick(app, join(folder, 'damaged.zip'), damaged)
  expect(await app.evaluate(() => window.importPicked())).toMatchObject({
    code: 'bundle-mismatch',
    detail: { url: `${origin}/film`, field: 'crc32' },
  })
  expect(await stored(app)).toEqual({})

  await pick(app, join(folder, 'app.zip'), zip)
  expect(await app.evaluate(() => window.importPicked())).toMatchObject({
    report: { responses: responses.length, warnings: [] },
  })
  const seen = await stored(app)
  expect(Object.keys(seen).toSorted()).toEqual(
    [`workbox-precache-v2-${origin}/`, 'api', 'films'].toSorted(),
  )
  for (const {
    url,
    cache,
    status = 200,
    statusText = 'OK',
    headers = [],
    body = '',
  } of responses) {
    const sha256 = bytesOfSha256(body)
    expect(seen[cache!]).toContainEqual({ url, status, statusText, headers, sha256 })
  }
  const varied = await app.evaluate(async () => {
    const inLanguage = (language: string): Promise<Response | undefined> =>
      caches.match(new Request('/list', { headers: { 'Accept-Language': language } }))
    const both = [await inLanguage('de'), await inLanguage('en')]
    return Promise.all(both.map((response) => response?.text()))
  })
  expect(varied).toEqual(['eins', undefined])
})

test('leaves all as it was when the storage is full', async ({ app, server: { origin } }) => {
  await goOffline(app)
  await app.evaluate(async () => {
    const cache = await caches.open('api')
    await cache.put('/a', new Response('before'))
  })
  const before = await stored(app)
  const responses = Array.from({ length: 8 }, (_, index) => ({
    url: `${origin}/${'abcdefgh'[index]}`,
    cache: 'api',
    body: new Uint8Array(wholeContent(index, 2_000_000)),
  }))
  await pick(app, join(folder, 'app.zip'), await zipOf(describeApp(responses, origin)))
  const devTools = await app.context().newCDPSession(app)
  await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 9_000_000 })
  expect(await app.evaluate(() => window.importPicked())).toMatchObject({
    code: 'storage-failed',
    detail: { quota: true, undone: true },
  })
  expect(await stored(app)).toEqual(before)
  // enough for all of them once, and for some on their way
  await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 30_000_000 })
  expect(await app.evaluate(() => window.importPicked())).toMatchObject({
    report: { responses: 8 },
  })
})

test('restores a thousand responses', { tag: '@large' }, async ({ app, server: { origin } }) => {
  await goOffline(app)
  const path = join(folder, 'many.zip')
  const body = wholeContent(1, 10_000)
  const responses = Array.from({ length: 1000 }, (_, index) => ({
    url: `${origin}/${index}`,
    cache: 'many',
    body: new Uint8Array(body.subarray(index)),
  }))
  const { description, bodies } = describeApp(responses, origin)
  const files: FileInput[] = [
    { name: 'index.html', data: '' },
    { name: 'holdall-bundle.json', data: JSON.stringify(description) },
    ...[...bodies].map(([name, data]) => ({ name, data })),
  ]
  const zip = Readable.fromWeb(zipStream(files) as ReadableStream)
  await pipeline(zip, createWriteStream(path))
  await app.setInputFiles('#files', path)
  expect(await app.evaluate(() => window.importPicked())).toMatchObject({
    report: { responses: 1000, bytes: responses.reduce((sum, one) => sum + one.body.length, 0) },
  })
  const last = await app.evaluate(async () => {
    const cache = await caches.open('many')
    const bytes = await (await cache.match('/999'))!.arrayBuffer()
    return { count: (await cache.keys()).length, bytes: [...new Uint8Array(bytes)] }
  })
  expect(last).toEqual({ count: 1000, bytes: [...body.subarray(999)] })
})
