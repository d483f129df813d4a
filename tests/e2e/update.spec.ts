/** A new version of the service worker arrives while an archive is on its way. */

import { readFileSync } from 'node:fs'
import { built } from './build-app.ts'
import { content } from './content.ts'
import { digests, expect, fileOf, sha256, test } from './fixtures.ts'

let version = 1

test.use({
  serverOptions: {
    routes: {
      '/holdall-sw.js': (response) => {
        response.writeHead(200, { 'Content-Type': 'text/javascript' })
        response.end(`${readFileSync(`${built}holdall-sw.js`, 'utf8')}\n// ${version}`)
      },
    },
  },
})

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
  version = 2
  await app.evaluate(async () => {
    const [registration] = await navigator.serviceWorker.getRegistrations()
    await registration?.update()
  })
  expect(digests(await fileOf(download))).toEqual({
    a: sha256(Buffer.concat([...content(1, 80_000_000)])),
  })
  const report = await app.evaluate(() => (window as unknown as { done: Promise<unknown> }).done)
  expect(report).toMatchObject({ report: { entries: 1 } })

  const [next] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download([{ name: 'b', data: 'after the update' }])),
  ])
  expect(digests(await fileOf(next))).toEqual({ b: sha256('after the update') })
})

test('a service worker that was stopped asks for what it forgot', async ({ app }) => {
  await Promise.all([
    app.waitForEvent('download').then(fileOf),
    app.evaluate(() => window.download([{ name: 'a', data: 'first' }])),
  ])
  const [download] = await Promise.all([
    app.waitForEvent('download'),
    app.evaluate(() => window.download([{ name: 'a', data: 'second', lastModified: 1e12 }])),
  ])
  await fileOf(download)
  const url = download.url()
  const frame = await app.evaluateHandle(async (archive) => {
    const element = document.createElement('iframe')
    element.src = new URL('.', archive).href
    document.body.append(element)
    await new Promise((resolve) => element.addEventListener('load', resolve))
    return element
  }, url)
  const session = await app.context().newCDPSession(app)
  await session.send('ServiceWorker.enable')
  await session.send('ServiceWorker.stopAllWorkers')
  const bytes = await frame.evaluate(async (element, archive) => {
    const scoped = element.contentWindow as Window & typeof globalThis
    return [...new Uint8Array(await (await scoped.fetch(archive)).arrayBuffer())]
  }, url)
  expect(Buffer.from(bytes).subarray(0, 4).toString('latin1')).toBe('PK\x03\x04')
  expect(Buffer.from(bytes).includes('second')).toBe(true)
})
