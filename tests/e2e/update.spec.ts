/** A new version of the service worker arrives while an archive is on its way. */

import { content } from './content.ts'
import { digests, expect, fileOf, sha256, test } from './fixtures.ts'
import { RELEASED, release } from './versions.ts'

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
  await app.evaluate(async () => {
    const [registration] = await navigator.serviceWorker.getRegistrations()
    await registration?.update()
  })
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
