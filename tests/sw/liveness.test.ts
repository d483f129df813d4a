/** Whether a service worker may go on with a download when its page is gone. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type * as Liveness from '../../src/sw/liveness.ts'
import { CHROME, FIREFOX, SAFARI } from './scope.ts'

/** Pages that are listed: how each answers a ping. */
let pages: (() => void)[] = []

beforeEach(() => {
  pages = []
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function startedIn(userAgent: string): Promise<typeof Liveness> {
  vi.resetModules()
  vi.stubGlobal('navigator', { userAgent })
  const matchAll = () => Promise.resolve(pages.map((postMessage) => ({ postMessage })))
  vi.stubGlobal('self', { clients: { matchAll } })
  return import('../../src/sw/liveness.ts')
}

it.each([
  ['Chromium', CHROME],
  ['Firefox', FIREFOX],
])('goes on at once in %s', async (_, userAgent) => {
  const { mayGoOn } = await startedIn(userAgent)
  expect(await mayGoOn()).toBe(true)
})

it('does not in WebKit when no page is left, which shows within a second', async () => {
  const { mayGoOn } = await startedIn(SAFARI)
  pages = [() => undefined]
  const answer = mayGoOn()
  await vi.advanceTimersByTimeAsync(900)
  pages = []
  await vi.advanceTimersByTimeAsync(100)
  expect(await answer).toBe(false)
})

it('does not in WebKit when a page is listed that never answers', async () => {
  const { mayGoOn } = await startedIn(SAFARI)
  pages = [() => undefined]
  const answer = mayGoOn()
  await vi.advanceTimersByTimeAsync(3000)
  expect(await answer).toBe(false)
})

it('waits in WebKit for a page that is busy, and goes on when it answers', async () => {
  const { mayGoOn, pageIsAlive } = await startedIn(SAFARI)
  pages = [() => undefined, () => setTimeout(pageIsAlive, 2000)]
  const answer = mayGoOn()
  await vi.advanceTimersByTimeAsync(2100)
  expect(await answer).toBe(true)
})
