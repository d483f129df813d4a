/** Many downloads at once, and one after the other: they share what one may hold, and leave nothing behind. */

import type { Browser } from '@playwright/test'
import { wholeContent } from './content.ts'
import { digests, expect, fileOf, sha256, test } from './fixtures.ts'

const SIZE = 250_000

test('ten jobs that nobody reads hold no more than one may, together @alone', async ({
  app,
  server,
}) => {
  await app.evaluate((size) => {
    const streams = Array.from({ length: 10 }, (_, job) => {
      const files = Array.from({ length: 200 }, (__, index) => ({
        url: `/data/${job * 200 + index}/${size}`,
        name: `${index}.bin`,
        size,
      }))
      return window.zip(files).stream()
    })
    Object.assign(window, { streams })
  }, SIZE)
  let before = -1
  await expect
    .poll(
      () => {
        const settled = server.sent > 0 && server.sent === before
        before = server.sent
        return settled
      },
      { intervals: [1500], timeout: 15_000 },
    )
    .toBe(true)
  expect(server.sent).toBeLessThan(64 * 1024 * 1024)
})

test('ten downloads at once are all whole', async ({ app }) => {
  const downloads: Promise<{ name: string; digests: Record<string, string> }>[] = []
  app.on('download', (download) => {
    const read = fileOf(download).then((path) => ({
      name: download.suggestedFilename(),
      digests: digests(path),
    }))
    downloads.push(read)
  })
  await app.evaluate(async (size) => {
    const jobs = Array.from({ length: 10 }, (_, job) => {
      const files = Array.from({ length: 40 }, (__, index) => ({
        url: `/data/${job}/${size + index}`,
        name: `${index}.bin`,
        size: size + index,
      }))
      return window.zip(files, { name: `${job}.zip` }).download()
    })
    await Promise.all(jobs)
  }, SIZE)
  await expect.poll(() => downloads.length).toBe(10)
  for (const { name, digests: found } of await Promise.all(downloads)) {
    expect(Object.keys(found)).toHaveLength(40)
    const content = wholeContent(Number.parseInt(name, 10), SIZE + 7)
    expect(found['7.bin'], name).toBe(sha256(content))
  }
})

/** Asks for the bytes in use on the heap of the service worker at `origin`, its garbage collected. */
async function heapMeter(browser: Browser, origin: string): Promise<() => Promise<number>> {
  const session = await browser.newBrowserCDPSession()
  const { targetInfos } = await session.send('Target.getTargets', {
    filter: [{ type: 'service_worker' }],
  })
  const { targetId } = targetInfos.find(({ url }) => url.startsWith(origin))!
  const { sessionId } = await session.send('Target.attachToTarget', { targetId })
  let last = 0
  const ask = (method: string): Promise<Record<string, number>> =>
    new Promise((resolve) => {
      const id = ++last
      const hear = ({ message }: { message: string }): void => {
        const answer = JSON.parse(message) as { id?: number; result: Record<string, number> }
        if (answer.id !== id) return
        session.off('Target.receivedMessageFromTarget', hear)
        resolve(answer.result)
      }
      session.on('Target.receivedMessageFromTarget', hear)
      const message = JSON.stringify({ id, method })
      void session.send('Target.sendMessageToTarget', { sessionId, message })
    })
  return async () => {
    await ask('HeapProfiler.collectGarbage')
    return (await ask('Runtime.getHeapUsage'))['usedSize']!
  }
}

test('the heap of the service worker is as it was, after fifty jobs that were cancelled @alone', async ({
  app,
  server,
  browser,
}) => {
  // Each URL is asked for once: Chromium goes on with what it has cached of a file in a request of its own, which it
  // sometimes leaves open for good when the page's is cancelled at that moment, with or without holdall.
  let seed = 0
  const cancelSome = (count: number): Promise<string[]> =>
    app.evaluate(
      ({ jobs, first }) => {
        const over = Array.from({ length: jobs }, (_, index) => {
          const url = `/data/${first + index}/20000000?slow=20`
          const job = window.zip([{ url, size: 20_000_000 }])
          setTimeout(() => job.cancel(), 40 * index)
          return job.download().then(
            () => 'done',
            ({ code }: { code: string }) => code,
          )
        })
        return Promise.all(over)
      },
      { jobs: count, first: (seed += count) },
    )
  await cancelSome(5) // what is made once is made by then
  const heap = await heapMeter(browser, server.origin)
  const before = await heap()
  for (let round = 0; round < 5; round++) {
    expect(new Set(await cancelSome(10))).toEqual(new Set(['cancelled']))
  }
  await expect.poll(() => server.open).toBe(0)
  await expect.poll(async () => (await heap()) - before).toBeLessThan(5 * 1024 * 1024)
})
