/** What a page has to say of a download while it runs, and when the service worker goes on with it. */

import type { ServerResponse } from 'node:http'
import { wholeContent } from './content.ts'
import {
  digests,
  expect,
  fileOf,
  keepWorker,
  killWorker,
  sha256,
  test,
  type Download,
  type Page,
} from './fixtures.ts'
import type { TestServer } from './server.ts'
import type { ZipJob } from '../../src/index.ts'

const SIZE = 40_000_000
const whole = sha256(wholeContent(2, SIZE))

interface Watched {
  job: ZipJob
  states: string[]
  refreshed: string[]
  outcome: Promise<unknown>
}

/** Starts a download that takes a second or two, and waits until there is something of it. */
async function start(
  page: Page,
  server: TestServer,
  url = `/data/2/${SIZE}?slow=40`,
): Promise<Download> {
  const begun = page.waitForEvent('download')
  const before = server.sent
  await page.evaluate(
    ({ file, fresh }) => {
      const states: string[] = []
      const refreshed: string[] = []
      const job = window.zip([file], {
        retry: { delay: 10 },
        refreshUrl: ({ url: refused }) => {
          refreshed.push(refused)
          return fresh
        },
      })
      job.addEventListener('statechange', ({ state }) => states.push(state))
      const outcome = job.download().then(
        ({ entries }) => entries,
        ({ code, detail }) => ({ code, detail }),
      )
      Object.assign(window, { job, states, refreshed, outcome } satisfies Watched)
    },
    { file: { url, name: 'a.bin', size: SIZE }, fresh: `/data/2/${SIZE}?slow=20` },
  )
  await expect.poll(() => server.sent - before, { intervals: [20] }).toBeGreaterThan(8_000_000)
  return begun
}

const tell = (page: Page, what: 'pause' | 'resume'): Promise<void> =>
  page.evaluate((method) => (window as unknown as Watched).job[method](), what)
const stateOf = (page: Page): Promise<string> =>
  page.evaluate(() => (window as unknown as Watched).job.state)
const statesOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => (window as unknown as Watched).states)
const outcomeOf = (page: Page): Promise<unknown> =>
  page.evaluate(() => (window as unknown as Watched).outcome)

async function expectWhole(page: Page, download: Download): Promise<void> {
  expect(digests(await fileOf(download))).toEqual({ 'a.bin': whole })
  expect(await outcomeOf(page)).toBe(1)
}

test('a pause ends requests within half a second, and the rest is asked for @alone', async ({
  app,
  server,
}) => {
  const download = await start(app, server)
  const asked = (): number => server.requests.filter((line) => line.includes('/data/')).length
  const before = asked()
  await tell(app, 'pause')
  await expect.poll(() => server.open, { timeout: 500, intervals: [20] }).toBe(0)
  const { sent } = server
  await app.waitForTimeout(1000)
  expect(server.sent).toBe(sent)
  expect(asked()).toBe(before)
  await tell(app, 'resume')
  await expectWhole(app, download)
  expect(asked()).toBe(before + 1)
  expect(server.sent, 'little was sent twice').toBeLessThan(SIZE + 10_000_000)
  expect(await statesOf(app)).toEqual(['planning', 'running', 'paused', 'running', 'done'])
})

test('a download that was taken over is paused by its page, and goes on @alone', async ({
  app,
  server,
}) => {
  await keepWorker(app)
  const download = await start(app, server)
  await killWorker(app)
  await expect.poll(() => stateOf(app)).toBe('taken-over')
  await tell(app, 'pause')
  await expect.poll(() => server.open, { timeout: 1000, intervals: [20] }).toBe(0)
  await app.waitForTimeout(700)
  expect(await stateOf(app)).toBe('paused')
  expect(server.open).toBe(0)
  await tell(app, 'resume')
  await expectWhole(app, download)
  const states = ['planning', 'running', 'taken-over', 'paused', 'taken-over', 'done']
  expect(await statesOf(app)).toEqual(states)
})

test('a download that is paused when its worker dies stays so', async ({ app, server }) => {
  await keepWorker(app)
  const download = await start(app, server)
  await tell(app, 'pause')
  await expect.poll(() => server.open).toBe(0)
  await killWorker(app)
  await app.waitForTimeout(1000)
  expect(await stateOf(app)).toBe('paused')
  expect(server.open).toBe(0)
  await tell(app, 'resume')
  await expectWhole(app, download)
  const states = ['planning', 'running', 'paused', 'taken-over', 'done']
  expect(await statesOf(app)).toEqual(states)
})

test('a download that is paused when its tab is closed goes on: nobody else would resume it', async ({
  app,
  server,
  context,
}) => {
  await context.newPage() // the browser stays
  const download = await start(app, server)
  await tell(app, 'pause')
  await expect.poll(() => server.open).toBe(0)
  await app.close()
  expect(digests(await fileOf(download))).toEqual({ 'a.bin': whole })
})

test('a download that was taken over asks its page for fresh URLs', async ({ app, server }) => {
  await keepWorker(app)
  const url = `/data/2/${SIZE}?slow=100&signed`
  const download = await start(app, server, url)
  await killWorker(app)
  await expect.poll(() => stateOf(app)).toBe('taken-over')
  server.expire()
  server.cut()
  await expectWhole(app, download)
  const refreshed = await app.evaluate(() => (window as unknown as Watched).refreshed)
  expect(refreshed).toEqual([server.origin + url])
})

test.describe('a worker that hangs', () => {
  let hangs: ServerResponse | undefined
  test.use({ serverOptions: { routes: { '/hang': (response) => void (hangs = response) } } })
  test.afterEach(() => hangs?.destroy())

  test('is given up after some seconds, and the service worker goes on', async ({
    app,
    server,
  }) => {
    await app.evaluate(() => {
      const Native = Worker
      window.Worker = class extends Native {
        constructor(url: string | URL, options?: WorkerOptions) {
          const script = `import ${JSON.stringify(new URL(url, location.href).href)}
            new BroadcastChannel('hang').onmessage = () => {
              const request = new XMLHttpRequest()
              request.open('GET', ${JSON.stringify(`${location.origin}/hang`)}, false)
              request.send()
            }`
          super(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })), options)
        }
      }
    })
    const download = await start(app, server)
    await app.evaluate(() => new BroadcastChannel('hang').postMessage('now'))
    await expect.poll(() => hangs !== undefined).toBe(true)
    await expectWhole(app, download)
    const states = ['planning', 'running', 'stalled', 'taken-over', 'done']
    expect(await statesOf(app)).toEqual(states)
    expect(app.workers()).toEqual([])
  })
})
