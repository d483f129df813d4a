/** The main job: one click in a real browser puts a right archive on disk. */

import { content, wholeContent } from './content.ts'
import { digests, expect, fileOf, openApp, sha256, test, unzipTest } from './fixtures.ts'

test('packs files from URLs, on the first visit, without a reload', async ({ app, server }) => {
  const [download, outcome] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() =>
      window.download(
        ['/data/1/1000', { url: '/data/2/300000', name: 'two/zwei.bin' }, '/data/3/5000000'],
        { name: 'first.zip' },
      ),
    ),
  ])
  const path = await fileOf(download)
  expect(download.suggestedFilename()).toBe('first.zip')
  expect(outcome).toMatchObject({
    report: {
      ...{ sink: 'service-worker', fallbacks: [] },
      ...{ name: 'first.zip', entries: 3, warnings: [] },
    },
  })
  unzipTest(path)
  expect(digests(path)).toEqual({
    '1000': sha256(wholeContent(1, 1000)),
    'two/zwei.bin': sha256(wholeContent(2, 300_000)),
    '5000000': sha256(wholeContent(3, 5_000_000)),
  })
  expect(await app.evaluate(() => navigator.serviceWorker.controller)).toBeNull()
  expect(server.requests.filter((request) => request.includes('/holdall/'))).toEqual([])
})

test('takes nothing but the service worker where that works', async ({ app }) => {
  await app.evaluate(() => {
    const never = (): Promise<never> => Promise.reject(new Error('it was asked for'))
    Object.assign(window, { showSaveFilePicker: never })
    StorageManager.prototype.getDirectory = never
    URL.createObjectURL = () => {
      throw new Error('it was asked for')
    }
  })
  const [download, outcome] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download([{ name: 'a', data: 'a' }])),
  ])
  expect(outcome).toMatchObject({ report: { sink: 'service-worker', fallbacks: [] } })
  expect(digests(await fileOf(download))).toEqual({ a: sha256('a') })
})

test('has the worker of the next download ready when one is over', async ({ app }) => {
  const pack = async (name: string): Promise<void> => {
    const [download] = await Promise.all([
      app.waitForEvent('download'),
      app.evaluate((file) => window.download([{ name: file, data: file }]), name),
    ])
    expect(digests(await fileOf(download))).toEqual({ [name]: sha256(name) })
  }
  let ends = 0
  app.on('worker', (worker) => worker.on('close', () => (ends += 1)))
  await pack('first')
  await expect.poll(() => [ends, app.workers().length]).toEqual([1, 1])
  let taken = false
  app.workers()[0]!.on('close', () => (taken = true))
  await pack('second')
  await expect.poll(() => [taken, ends, app.workers().length]).toEqual([true, 2, 1])
})

test('packs local files, text, bytes, streams, functions, folders and links', async ({ app }) => {
  await app.setInputFiles('#files', [
    { name: 'Straße.txt', mimeType: 'text/plain', buffer: Buffer.from('grün') },
    { name: '写真.bin', mimeType: 'application/octet-stream', buffer: wholeContent(7, 2_000_000) },
  ])
  const [download, outcome] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => {
      const bytes = new TextEncoder().encode('a view of more')
      return window.download(
        [
          ...window.picked(),
          { name: 'text.txt', data: 'text' },
          { name: 'view.txt', data: bytes.subarray(2, 6) },
          { name: 'stream.txt', data: new Blob(['streamed']).stream() },
          { name: 'made/function.txt', data: () => 'made in its turn' },
          { name: 'made/later.txt', data: async () => new Blob(['later']).stream() },
          { name: 'made/fetched.txt', data: () => Promise.resolve(new Response('fetched')) },
          { name: 'empty/', directory: true },
          { name: 'link.txt', symlink: 'made/later.txt' },
        ],
        { name: 'local.zip', comment: 'packed in a browser' },
      )
    }),
  ])
  const path = await fileOf(download)
  unzipTest(path)
  expect(outcome).toMatchObject({ report: { entries: 10 } })
  expect(digests(path)).toEqual({
    'Straße.txt': sha256('grün'),
    '写真.bin': sha256(wholeContent(7, 2_000_000)),
    'text.txt': sha256('text'),
    'view.txt': sha256('view'),
    'stream.txt': sha256('streamed'),
    'made/function.txt': sha256('made in its turn'),
    'made/later.txt': sha256('later'),
    'made/fetched.txt': sha256('fetched'),
    'link.txt': sha256('made/later.txt'),
  })
})

for (const [name, expected] of [
  ['Fotos "Übersee" 写真 🧳.zip', 'Fotos _Übersee_ 写真 🧳.zip'],
  ['a/b\\c\r\nSet-Cookie: x=y.zip', 'a_b_c__Set-Cookie_ x=y.zip'],
  ["100% it's (1).zip", "100% it's (1).zip"],
  ['../../.bashrc', '_.._.bashrc'],
] as const) {
  test(`names the file ${JSON.stringify(expected)}`, async ({ app }) => {
    const [download] = await Promise.all([
      app.waitForEvent('download'),
      app.evaluate((as) => window.download([{ name: 'a', data: 'a' }], { name: as }), name),
    ])
    await fileOf(download)
    expect(download.suggestedFilename()).toBe(expected)
  })
}

test('names a file whose name is too long for any disk', async ({ app }) => {
  const [download] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() =>
      window.download([{ name: 'a', data: 'a' }], { name: `${'写'.repeat(300)}.zip` }),
    ),
  ])
  await fileOf(download)
  expect(download.suggestedFilename()).toMatch(/^写+\.zip$/)
})

test('downloads two archives at once', async ({ app }) => {
  const downloads: Promise<string>[] = []
  app.on('download', (download) => downloads.push(fileOf(download)))
  const outcomes = await app.evaluate(() =>
    Promise.all(
      [1, 2].map((seed) =>
        window.download([{ url: `/data/${seed}/50000000`, name: `${seed}.bin` }], {
          name: `${seed}.zip`,
        }),
      ),
    ),
  )
  expect(outcomes).toMatchObject([{ report: { entries: 1 } }, { report: { entries: 1 } }])
  const found = Object.assign({}, ...(await Promise.all(downloads)).map(digests)) as object
  expect(found).toEqual({
    '1.bin': sha256(Buffer.concat([...content(1, 50_000_000)])),
    '2.bin': sha256(Buffer.concat([...content(2, 50_000_000)])),
  })
})

test('pauses, and goes on', async ({ app, server }) => {
  const [download, paused] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(async () => {
      const job = window.zip([{ url: '/data/9/200000000', name: 'a.bin', size: 200_000_000 }])
      const progress = (): Promise<number> =>
        new Promise((resolve) => {
          const listen = ({ progress: { bytes } }: { progress: { bytes: number } }): void => {
            if (bytes === 0) return
            job.removeEventListener('progress', listen)
            resolve(bytes)
          }
          job.addEventListener('progress', listen)
        })
      const done = job.download()
      await progress()
      job.pause()
      await progress()
      const before = await progress()
      const after = await progress()
      const { state } = job
      job.resume()
      return { state, before, after, report: await done }
    }),
  ])
  expect(paused.state).toBe('paused')
  expect(paused.after).toBe(paused.before)
  expect(paused.after).toBeLessThan(200_000_000)
  expect(digests(await fileOf(download))).toEqual({
    'a.bin': sha256(Buffer.concat([...content(9, 200_000_000)])),
  })
  expect(server.open).toBe(0)
})

test('gives the archive as a Blob, a stream and a response, too', async ({ app }) => {
  const sizes = await app.evaluate(async () => {
    const files = [{ url: '/data/1/300000', lastModified: 1e12 }]
    const blob = await window.zip(files).blob()
    const streamed = await new Response(window.zip(files).stream()).blob()
    const response = await window.zip(files, { name: 'r.zip' }).response()
    const chunks: Uint8Array[] = []
    await window
      .zip(files)
      .saveTo(new WritableStream({ write: (chunk) => void chunks.push(chunk) }))
    return {
      blob: blob.size,
      type: blob.type,
      streamed: streamed.size,
      written: chunks.reduce((sum, { length }) => sum + length, 0),
      length: response.headers.get('Content-Length'),
      response: (await response.blob()).size,
    }
  })
  expect(sizes.blob).toBeGreaterThan(300_000)
  expect(sizes).toEqual({
    blob: sizes.blob,
    type: 'application/zip',
    streamed: sizes.blob,
    written: sizes.blob,
    length: String(sizes.blob),
    response: sizes.blob,
  })
})

test('leaves other pages of the app alone', async ({ app, server, context }) => {
  await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download([{ name: 'a', data: 'a' }])),
  ])
  const other = await context.newPage()
  await openApp(other, server)
  expect(await other.evaluate(() => navigator.serviceWorker.controller)).toBeNull()
  const scopes = await other.evaluate(async () =>
    (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => new URL(scope).pathname),
  )
  expect(scopes).toEqual(['/holdall/'])
})

test('reaches the disk however small the archive is', async ({ app }) => {
  const names = Array.from({ length: 40 }, (_, index) => `tiny ${index}.zip`)
  const begun = new Set<string>()
  app.on('download', (download) => begun.add(download.suggestedFilename()))
  const outcomes = await app.evaluate(
    (all) =>
      Promise.all(all.map((name) => window.download([{ name: 'a.txt', data: 'a' }], { name }))),
    names,
  )
  expect(outcomes.map((it) => ('report' in it ? it.report.name : it.message))).toEqual(names)
  await expect.poll(() => names.filter((name) => !begun.has(name))).toEqual([])
  // A frame removed before the browser made a download of its answer takes the download with it.
  await expect(app.locator('iframe[title="Download"]')).toHaveCount(names.length)
})
