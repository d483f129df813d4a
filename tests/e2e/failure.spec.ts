/** What goes wrong is seen: by the browser's download, by the page, and by the server. */

import { wholeContent } from './content.ts'
import {
  digests,
  expect,
  fileOf,
  keepWorker,
  killWorker,
  sha256,
  test,
  unzipTest,
  type Download,
  type Page,
} from './fixtures.ts'
import { startServer } from './server.ts'

/** Starts a download that fails; gives what the browser and the page say of it. */
async function failing(
  app: Page,
  files: object[],
): Promise<{ failure: string | null; outcome: Record<string, unknown> }> {
  const [download, outcome] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate((inputs) => window.download(inputs as never, { retry: { delay: 1 } }), files),
  ])
  return { failure: await download.failure(), outcome: outcome as Record<string, unknown> }
}

test('a source that breaks off each time fails the download, naming the file', async ({ app }) => {
  const { failure, outcome } = await failing(app, [
    { url: '/data/1/500000' },
    { url: '/die/2/50000000', name: 'broken.bin', size: 50_000_000 },
  ])
  expect(failure).not.toBeNull()
  expect(outcome).toMatchObject({ code: 'source-failed', detail: { entry: 'broken.bin' } })
  expect(outcome['message']).toContain('/die/2/50000000')
})

test('a file that is missing fails the download, with the status', async ({ app }) => {
  const { failure, outcome } = await failing(app, [
    { url: '/data/1/5000000', size: 5_000_000 },
    { url: '/data/none', name: 'gone.bin' },
  ])
  expect(failure).not.toBeNull()
  expect(outcome).toMatchObject({
    code: 'source-failed',
    detail: { entry: 'gone.bin', status: 404 },
  })
})

for (const kind of ['data', 'untold']) {
  for (const [how, size] of [
    ['longer', 4_999_999],
    ['shorter', 5_000_001],
  ] as const) {
    test(`a file (/${kind}) that is ${how} than planned fails the download`, async ({ app }) => {
      const { failure, outcome } = await failing(app, [
        { url: `/${kind}/1/5000000`, name: 'a', size },
      ])
      expect(failure).not.toBeNull()
      expect(outcome).toMatchObject({
        code: 'size-mismatch',
        detail: { entry: 'a', planned: size, actual: 5_000_000 },
      })
    })
  }
}

test('a wrong CRC-32 fails the download', async ({ app }) => {
  const { failure, outcome } = await failing(app, [
    { url: '/data/1/5000000', name: 'a', size: 5_000_000, crc32: 1 },
  ])
  expect(failure).not.toBeNull()
  expect(outcome).toMatchObject({ code: 'crc-mismatch', detail: { entry: 'a', planned: 1 } })
})

test('a Blob that cannot be made says why, too', async ({ app }) => {
  const error = await app.evaluate(() =>
    window
      .zip([{ url: '/die/2/50000000', name: 'broken.bin', size: 50_000_000 }], {
        retry: { delay: 1 },
      })
      .blob()
      .catch(({ name, code }) => ({ name, code })),
  )
  expect(error).toEqual({ name: 'HoldallError', code: 'source-failed' })
})

/** A download of many slow files, once bytes of it have come. */
async function running(
  app: Page,
  options: { resumable?: boolean } = {},
): Promise<{ download: Download; outcome: Promise<unknown> }> {
  const begun = app.waitForEvent('download')
  const outcome = app.evaluate((asked) => {
    const job = window.zip(
      Array.from({ length: 20 }, (_, seed) => ({
        url: `/data/${seed}/50000000?slow=20`,
        name: `${seed}.bin`,
        size: 50_000_000,
      })),
      asked,
    )
    Object.assign(window, { job })
    return job.download().catch(({ code, detail }) => ({ code, detail }))
  }, options)
  outcome.catch(() => undefined)
  return { download: await begun, outcome }
}

test('cancel in the browser ends every request within two seconds @alone', async ({
  app,
  server,
}) => {
  const { download, outcome } = await running(app)
  await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
  expect(server.open).toBeGreaterThan(0)
  await download.cancel()
  await expect.poll(() => server.open, { timeout: 2000 }).toBe(0)
  expect(await outcome).toEqual({ code: 'cancelled', detail: { by: 'browser' } })
})

test('cancel by the page fails the download, and ends every request @alone', async ({
  app,
  server,
}) => {
  const { download, outcome } = await running(app)
  await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
  await app.evaluate(() => (window as unknown as { job: { cancel(): void } }).job.cancel())
  expect(await outcome).toEqual({ code: 'cancelled', detail: { by: 'page' } })
  expect(await download.failure()).not.toBeNull()
  await expect.poll(() => server.open, { timeout: 2000 }).toBe(0)
})

test('cancel by the page ends the requests of which it gave the bodies @alone', async ({
  app,
  server,
}) => {
  const begun = app.waitForEvent('download')
  const outcome = app.evaluate(async () => {
    const urls = [1, 2, 3].map((seed) => `/data/${seed}/50000000?slow=20`)
    const responses = await Promise.all(urls.map((url) => fetch(url)))
    const files = responses.map(({ body }, index) => ({ name: `${index}.bin`, data: body! }))
    const job = window.zip(files)
    Object.assign(window, { job, responses }) // nobody collects them as garbage meanwhile
    const told = await job.download().catch(({ code }) => ({ code }))
    return { ...told, locked: files.map(({ data }) => data.locked) }
  })
  outcome.catch(() => undefined)
  const download = await begun
  await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
  await app.evaluate(() => (window as unknown as { job: { cancel(): void } }).job.cancel())
  expect(await outcome).toEqual({ code: 'cancelled', locked: [false, false, false] })
  expect(await download.failure()).not.toBeNull()
  await expect.poll(() => server.open, { timeout: 2000 }).toBe(0)
})

test('a tab that is closed fails a download that nobody else can make @alone', async ({
  app,
  server,
  context,
}) => {
  await context.newPage() // the browser stays
  const { download } = await running(app, { resumable: false })
  await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
  const failure = download.failure()
  await app.close()
  expect(await failure).not.toBeNull()
  await expect.poll(() => server.open, { timeout: 2000 }).toBe(0)
})

test('a worker that is killed fails such a download, and the page is told', async ({
  app,
  server,
}) => {
  await keepWorker(app)
  const { download, outcome } = await running(app, { resumable: false })
  await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
  await killWorker(app)
  expect(await download.failure()).not.toBeNull()
  expect(await outcome).toEqual({ code: 'delivery-lost', detail: { reason: 'worker-gone' } })
})

test('a reader that stops stops the flow from the server @alone', async ({ app, server }) => {
  const read = await app.evaluate(async () => {
    const files = Array.from({ length: 10 }, (_, seed) => ({
      url: `/data/${seed}/200000000`,
      name: `${seed}.bin`,
      size: 200_000_000,
    }))
    const job = window.zip(files)
    job.addEventListener('progress', ({ progress }) => {
      document.body.dataset['received'] = String(progress.received)
    })
    const reader = job.stream().getReader()
    Object.assign(window, { reader })
    let bytes = 0
    while (bytes < 4 * 1024 * 1024) bytes += (await reader.read()).value?.byteLength ?? 0
    return bytes
  })
  let sent = -1
  const standsStill = (): boolean => {
    const before = sent
    sent = server.sent
    return sent === before
  }
  await expect.poll(standsStill, { intervals: [500] }).toBe(true)
  // What the kernel and the browser's network stack hold is not ours: a plain fetch has it, too.
  const received = Number(await app.evaluate(() => document.body.dataset['received']))
  expect(received).toBeGreaterThan(read - 1024 * 1024)
  expect(received - read).toBeLessThan(64 * 1024 * 1024)
  expect(sent).toBeLessThan(500_000_000)
  expect(server.open).toBeGreaterThan(0)
  await app.evaluate(() =>
    (window as unknown as { reader: ReadableStreamDefaultReader }).reader.cancel(),
  )
  await expect.poll(() => server.open).toBe(0)
})

test('bad input is told before anything is fetched', async ({ app, server }) => {
  const before = server.requests.length
  const codes = await app.evaluate(async () => {
    const used = new Blob(['x']).stream()
    await new Response(used).text()
    const inputs: unknown[][] = [
      [],
      [{ data: 'no name' }],
      [{ url: 'http://[', name: 'a' }],
      [{ url: '/a', size: -1 }],
      [{ url: '/a', size: 0.5 }],
      [{ url: '/a', crc32: 2 ** 32 }],
      [{ data: used, name: 'a' }],
      [{ data: 'x', name: 'x'.repeat(65_536) }],
      [7],
      [null],
    ]
    const outcomes = await Promise.all(inputs.map((files) => window.download(files as never)))
    return outcomes.map((outcome) => ('code' in outcome ? outcome.code : 'none'))
  })
  expect(codes).toEqual([
    'no-files',
    'missing-name',
    'invalid-url',
    'invalid-size',
    'invalid-size',
    'invalid-crc32',
    'stream-used',
    'name-too-long',
    'invalid-file',
    'invalid-file',
  ])
  const since = server.requests.slice(before).filter((request) => !request.includes('/assets/'))
  expect(since.filter((request) => !request.endsWith('/holdall-sw.js'))).toEqual([])
})

test('a file that cannot be had need not be: the archive says so', async ({ app }) => {
  const files = [{ url: '/data/1/500000', name: 'a' }, '/data/gone.bin', '/data/2/3000000']
  for (const onError of ['skip', 'placeholder'] as const) {
    const [download, outcome] = await Promise.all([
      app.waitForEvent('download'),
      app.evaluate(([list, way]) => window.download(list, { onError: way, retry: { delay: 1 } }), [
        files,
        onError,
      ] as const),
    ])
    const path = await fileOf(download)
    unzipTest(path)
    const instead = onError === 'skip' ? 'holdall-report.txt' : 'gone.bin.error.txt'
    expect(digests(path)).toEqual({
      a: sha256(wholeContent(1, 500_000)),
      '3000000': sha256(wholeContent(2, 3_000_000)),
      [instead]: expect.any(String),
    })
    expect(outcome).toMatchObject({
      report: { entries: 2, skipped: [{ index: 1, name: 'gone.bin', code: 'source-failed' }] },
    })
  }
})

test('a file of another SHA-256 fails the download', async ({ app }) => {
  const { failure, outcome } = await failing(app, [
    { url: '/data/1/3000000', name: 'x', sha256: sha256(wholeContent(2, 3_000_000)) },
  ])
  expect(failure).not.toBeNull()
  expect(outcome).toMatchObject({
    code: 'sha256-mismatch',
    detail: { actual: sha256(wholeContent(1, 3_000_000)) },
  })
})

test('a server that lets no other origin read its files is told what to send', async ({ app }) => {
  const other = await startServer()
  try {
    const { origin } = new URL(app.url())
    const files = [
      { url: `${other.origin}/data/1/1000`, headers: { 'X-Token': 'a' }, credentials: 'include' },
      { url: `${other.origin}/data/1/1000` },
    ]
    const messages = await app.evaluate(
      (list) =>
        Promise.all(
          list.map((file) =>
            window
              .zip([file as never], { retry: { attempts: 2, delay: 1 } })
              .blob()
              .then(
                () => 'it was read',
                (error: Error) => error.message,
              ),
          ),
        ),
      files,
    )
    expect(messages[0]).toContain(
      `it must send "Access-Control-Allow-Origin: ${origin}" and "Access-Control-Allow-Credentials: true" and to a preflight request "Access-Control-Allow-Headers: x-token"`,
    )
    expect(messages[1]).toContain(`it must send "Access-Control-Allow-Origin: ${origin}"`)
    await other.close()
    const gone = await app.evaluate(
      (url) =>
        window
          .zip([url], { retry: { attempts: 2, delay: 1 } })
          .blob()
          .catch((error: Error) => error.message),
      `${other.origin}/data/1/1000`,
    )
    expect(gone).toContain('check the connection, the URL and')
    expect(gone).not.toContain('it must send')
  } finally {
    await other.close().catch(() => undefined)
  }
})
