/** What can go wrong between a server and a browser, all the way to the file on disk. */

import { readFile } from 'node:fs/promises'
import { join, normalize } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Chaos, changed, filesOf } from '../chaos/run.ts'
import { answer, type Request, type Response } from '../chaos/server/answer.ts'
import type { Fault } from '../chaos/server/faults.ts'
import { planOf, type Plan } from '../chaos/server/plan.ts'
import { Random } from '../chaos/server/random.ts'
import { chaosServer, type ChaosServer } from '../chaos/server/server.ts'
import { built } from './build-app.ts'
import { digests, expect, fileOf, openApp, sha256, test, type Page } from './fixtures.ts'

const BYTES = new Random(1).bytes(3_000_000)
const DRIP: Fault = { kind: 'drip', from: 500_000, piece: 50_000, ms: 100 }

/** The app, from the server of the files. */
async function app({ url }: Request, response: Response): Promise<void> {
  const path = join(built, normalize(url === '/' ? '/index.html' : url!))
  const bytes = await readFile(path).catch(() => undefined)
  if (bytes === undefined) return void response.writeHead(404).end()
  const type = path.endsWith('.html') ? 'text/html' : 'text/javascript'
  response.writeHead(200, { 'Content-Type': type }).end(bytes)
}

async function open(page: Page, { origin }: ChaosServer): Promise<void> {
  await openApp(page, { origin } as Parameters<typeof openApp>[1])
}

interface Came {
  readonly path: string | undefined
  readonly code: string | undefined
}

/** What a download of `plan` comes to: a file, or the code of an error. */
async function download(page: Page, plan: Plan, base: string): Promise<Came> {
  const begun = page.waitForEvent('download').catch(() => undefined)
  const fresh = plan.files.map(({ refreshed }) => refreshed)
  const code = await page.evaluate(
    async ({ files, options, fresh: has }) => {
      const refreshUrl = ({ url }: { url: string }): string | undefined =>
        has[Number(/\/(\d+)[^/]*$/.exec(url)![1])] ? url.replace(/\?.*|$/, '?fresh') : undefined
      return window
        .zip(files, { ...options, refreshUrl })
        .download()
        .then(
          () => undefined,
          (error: { code?: string; message: string }) => error.code ?? error.message,
        )
    },
    { files: filesOf(plan, base), options: plan.options, fresh },
  )
  if (code !== undefined) return { path: undefined, code }
  return { path: await fileOf((await begun)!), code }
}

test.describe('seeds of chaos', () => {
  const chaos = new Chaos()
  let server: ChaosServer

  test.beforeAll(async () => {
    server = await chaosServer((request, response) =>
      request.url!.startsWith('/run') ? chaos.listener(request, response) : app(request, response),
    )
  })
  test.afterAll(() => server[Symbol.asyncDispose]())

  for (let seed = 1001; seed <= 1020; seed++) {
    test(`${seed}: a whole archive on disk, or the right error`, async ({ page }) => {
      await open(page, server)
      const plan = planOf(seed)
      const id = chaos.open(plan, false)
      const { path, code } = await download(page, plan, `${server.origin}/${id}`)
      const { failures, orElse } = plan
      if (path === undefined) {
        expect(failures.map((failure) => failure.code)).toContain(code)
        return
      }
      if (failures.length > 0) expect(orElse, 'it failed to fail').toBeDefined()
      const calm = orElse === undefined ? plan : changed(plan, orElse)
      const expected = await chaos.run(calm, server.origin, true)
      expect(Buffer.compare(await readFile(path), expected as Buffer)).toBe(0)
      expect(Object.values(digests(path)).toSorted()).toEqual(
        calm.files.map(({ served }) => sha256(served.bytes)).toSorted(),
      )
    })
  }
})

test.describe('a file of which a part has come', () => {
  let server: ChaosServer
  let sent: number

  test.beforeEach(async ({ page }) => {
    sent = 0
    server = await chaosServer((request, response) => {
      if (!request.url!.startsWith('/file')) return app(request, response)
      return answer(
        request,
        response,
        { bytes: BYTES, etag: '"1"' },
        sent++ === 0 ? DRIP : undefined,
      )
    })
    await open(page, server)
  })
  test.afterEach(() => server[Symbol.asyncDispose]())

  /** Begins the download; gives a promise of the digest of what came of the file. */
  async function begin(page: Page): Promise<{ digest: Promise<string> }> {
    const download = page.waitForEvent('download')
    await page.evaluate((size) => {
      const retry = { attempts: 4, delay: 100 }
      const job = window.zip([{ url: '/file', name: 'a.bin', size }], { retry })
      Object.assign(window, { states: [job.state] })
      const { states } = window as unknown as { states: string[] }
      job.addEventListener('statechange', () => states.push(job.state))
      void job.download().catch((error: Error) => states.push(error.message))
    }, BYTES.length)
    await expect.poll(() => sent).toBe(1)
    await wait(700)
    const digest = download.then(fileOf).then((path) => digests(path)['a.bin']!)
    digest.catch(() => undefined)
    return { digest }
  }

  const states = (page: Page): Promise<string[]> =>
    page.evaluate(() => (window as unknown as { states: string[] }).states)

  test('waits when the network goes, and is whole when it is back', async ({ page, context }) => {
    const { digest } = await begin(page)
    await context.setOffline(true)
    await server.stop() // what is under way ends with the network, of which Chromium only tells
    await expect.poll(() => states(page)).toContain('waiting')
    await server.start()
    await wait(1500) // longer than all attempts would take
    expect(sent).toBe(1)
    await context.setOffline(false)
    expect(await digest).toBe(sha256(BYTES))
    await expect.poll(async () => (await states(page)).at(-1)).toBe('done')
    const asked = server.asked.filter(({ url }) => url === '/file')
    expect(asked.at(-1)!.headers.range).toMatch(/^bytes=[1-9]\d*-$/)
  })

  test('is whole when the server is killed, and started again', async ({ page }) => {
    const { digest } = await begin(page)
    await server.stop()
    await wait(100)
    await server.start()
    expect(await digest).toBe(sha256(BYTES))
    const asked = server.asked.filter(({ url }) => url === '/file')
    expect(asked).toHaveLength(2)
    expect(asked[1]!.headers['if-range']).toBe('"1"')
  })
})
