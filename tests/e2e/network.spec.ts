/** A network that goes and comes back, in the middle of a file. */

import { content } from './content.ts'
import { digests, expect, fileOf, sha256, test } from './fixtures.ts'

test('waits while it is offline, and goes on by itself', async ({ app, server, context }) => {
  const begun = app.waitForEvent('download')
  const outcome = app.evaluate(async () => {
    const job = window.zip(
      [{ url: '/data/3/100000000?slow=10', name: 'a.bin', size: 100_000_000 }],
      { retry: { delay: 10 } },
    )
    const states: string[] = []
    job.addEventListener('statechange', ({ state }) => {
      states.push(state)
      document.body.dataset['state'] = state
    })
    const { bytes } = await job.download()
    return { states, bytes }
  })
  const download = await begun
  await expect.poll(() => server.sent).toBeGreaterThan(20_000_000)
  await context.setOffline(true)
  await expect(app.locator('body[data-state=waiting]')).toBeVisible()
  const { sent } = server
  await context.setOffline(false)
  const { states } = await outcome
  expect(states).toEqual(['planning', 'running', 'waiting', 'running', 'done'])
  expect(server.sent).toBeGreaterThan(sent)
  expect(digests(await fileOf(download))).toEqual({
    'a.bin': sha256(Buffer.concat([...content(3, 100_000_000)])),
  })
})
