/**
 * Downloads that take long, and sources that say nothing for long: Firefox stops service workers that hear nothing
 * from a page, Chromium those that are to be replaced.
 */

import { wholeContent } from '../e2e/content.ts'
import { RELEASED, release } from '../e2e/versions.ts'
import { digests, expect, outcomeOf, sha256, test } from './fixtures.ts'

for (const { title, tag, seconds } of [
  // Firefox would stop it after 60 s, holdall fails the download after 40; a beat comes at 50
  { title: 'a source that stalls for a minute', tag: '@firefox', seconds: 65 },
  { title: 'a source that stalls for three minutes', tag: '@slow', seconds: 180 },
]) {
  test(title, { tag }, async ({ app, ended }) => {
    test.setTimeout((seconds + 60) * 1000)
    await app.evaluate((pause) => {
      const file = { url: `/data/1/2000000?slow=${pause}`, name: 'a.bin', size: 2_000_000 }
      window.outcome = window.download([file], { retry: { silence: 2 * pause } })
    }, seconds * 1000)
    const { state, path } = await ended()
    expect(await outcomeOf(app)).toMatchObject({ report: { entries: 1 } })
    expect(state).toBe('complete')
    expect(digests(path)).toEqual({ 'a.bin': sha256(wholeContent(1, 2_000_000)) })
  })
}

test.describe('for long', () => {
  test.use({ serverOptions: RELEASED })

  test(
    'a download of six minutes, with a new version of the service worker meanwhile',
    { tag: '@slow' },
    async ({ app, server, ended }) => {
      test.setTimeout(480_000)
      await app.evaluate(() => {
        const file = { url: '/data/1/72000000?slow=5200', name: 'a.bin', size: 72_000_000 }
        window.outcome = window.download([file])
      })
      await expect.poll(() => server.sent).toBeGreaterThan(0)
      release.version++
      await app.evaluate(async () => {
        const [registration] = await navigator.serviceWorker.getRegistrations()
        await registration?.update()
      })
      const { state, path } = await ended()
      expect(await outcomeOf(app)).toMatchObject({ report: { entries: 1 } })
      expect(state).toBe('complete')
      expect(digests(path)).toEqual({ 'a.bin': sha256(wholeContent(1, 72_000_000)) })
    },
  )
})
