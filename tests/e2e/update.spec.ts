/** A new version of the service worker arrives while an archive is on its way. */

import { content } from './content.ts'
import { digests, expect, fileOf, openApp, sha256, test } from './fixtures.ts'
import { keptJobs, whenKept } from './storage.ts'
import { RELEASED, release } from './versions.ts'

/** Has the browser look for a new version now. */
async function update(): Promise<void> {
  const [registration] = await navigator.serviceWorker.getRegistrations()
  await registration?.update()
}

test.use({ serverOptions: RELEASED })

test('an update waits for the download that is running', async ({ app, server }) => {
  const [download, outcome] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => {
      const done = window.download([
        { url: '/data/1/80000000?slow=20', name: 'a', size: 80_000_000 },
      ])
      Object.assign(window, { done })
      return true
    }),
  ])
  expect(outcome).toBe(true)
  await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
  release.version++
  await app.evaluate(update)
  expect(digests(await fileOf(download))).toEqual({
    a: sha256(Buffer.concat([...content(1, 80_000_000)])),
  })
  const report = await app.evaluate(() => (window as unknown as { done: Promise<unknown> }).done)
  expect(report).toMatchObject({ report: { entries: 1 } })

  const [next, last] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download([{ name: 'b', data: 'after the update' }])),
  ])
  expect(last).toMatchObject({ report: { entries: 1, fallbacks: [] } })
  expect(digests(await fileOf(next))).toEqual({ b: sha256('after the update') })
})

test('an update that waits for a download keeps no other page from its own', async ({
  app,
  server,
  context,
}) => {
  const running = app.waitForEvent('download')
  await app.evaluate(() => {
    void window.download([{ url: '/data/1/200000000?slow=100', name: 'a', size: 200_000_000 }])
  })
  await running
  await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
  release.version++
  await app.evaluate(update)
  await app.evaluate(async () => {
    const [registration] = await navigator.serviceWorker.getRegistrations()
    if (!registration?.installing) throw new Error('the update is not held back')
  })
  const other = await context.newPage()
  await openApp(other, server)
  const [download, outcome] = await Promise.all([
    other.waitForEvent('download', { timeout: 10_000 }),
    other.evaluate(() => window.download([{ name: 'b', data: 'meanwhile' }])),
  ])
  expect(outcome).toMatchObject({ report: { entries: 1, fallbacks: [] } })
  expect(digests(await fileOf(download))).toEqual({ b: sha256('meanwhile') })
})

test('a job that is done is dropped by who has replaced its service worker, when its page goes', async ({
  app,
  server,
}) => {
  const [download] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download([{ name: 'a', data: 'before the update' }])),
  ])
  await fileOf(download)
  await app.evaluate(async () => {
    const [registration] = await navigator.serviceWorker.getRegistrations()
    Object.assign(window, { first: registration!.active })
  })
  release.version++
  await app.evaluate(update)
  await app.waitForFunction(() => {
    const { first } = window as unknown as { first: ServiceWorker }
    return first.state === 'redundant'
  })
  // by then the page knows it, too
  await app.evaluate(async () => void (await navigator.serviceWorker.getRegistrations()))
  await whenKept(app) // still, for who asks for its URL again
  await openApp(app, server)
  await expect.poll(() => keptJobs(app)).toBe(0)
})

test('a service worker that is replaced before it hears of an archive has its successor told', async ({
  app,
}) => {
  await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download([{ name: 'a', data: 'before the update' }])),
  ])
  // What is sent to a service worker that is being replaced is lost now and then: here, always.
  await app.evaluate(() => {
    const first = navigator.serviceWorker.getRegistrations().then(([one]) => one?.active)
    const { postMessage } = ServiceWorker.prototype
    ServiceWorker.prototype.postMessage = function (this: ServiceWorker, ...sent: [unknown]) {
      const isLost = (sent[0] as { type: string }).type === 'holdall:register'
      void first.then((one) => {
        if (!isLost || this !== one) return postMessage.apply(this, sent)
        Object.assign(window, { lost: true })
      })
    }
  })
  const outcome = app.evaluate(() => window.download([{ name: 'b', data: 'after the update' }]))
  const download = app.waitForEvent('download')
  await app.waitForFunction(() => 'lost' in window)
  release.version++
  await app.evaluate(update)
  expect(digests(await fileOf(await download))).toEqual({ b: sha256('after the update') })
  expect(await outcome).toMatchObject({ report: { entries: 1, fallbacks: [] } })
})

test('a job is kept where a newer version of the library has made the storage', async ({ app }) => {
  await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download([{ name: 'a', data: 'before' }])),
  ])
  await whenKept(app)
  const version = await app.evaluate(async () => {
    const opening = indexedDB.open('holdall', 9)
    await new Promise((resolve) => opening.addEventListener('success', resolve))
    opening.result.close()
    return opening.result.version
  })
  expect(version).toBe(9)
  await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download([{ name: 'b', data: 'after' }])),
  ])
  await expect.poll(() => keptJobs(app)).toBe(2)
})
