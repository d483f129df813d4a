/** Whether a new version of the service worker may take the place of the old one. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { downloadsEnded } from '../../src/sw/replacement.ts'
import { Locks } from './scope.ts'

const locks = new Locks()
const registration: { active: object | null } = { active: null }

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('self', { registration })
  vi.stubGlobal('navigator', { locks })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function isOver(wait: Promise<void>, ms: number): Promise<boolean> {
  let over = false
  void wait.then(() => (over = true))
  await vi.advanceTimersByTimeAsync(ms)
  return over
}

it('waits for the answers that the old one gives, and for nothing else', async () => {
  registration.active = {}
  const page = await locks.hold('holdall:a')
  const producer = await locks.hold('holdall:a:0')
  const answer = await locks.hold('holdall:a:0:answer')
  const wait = downloadsEnded()
  expect(await isOver(wait, 60_000)).toBe(false)
  answer()
  expect(await isOver(wait, 6000)).toBe(true)
  page()
  producer()
})

it('waits for nothing where there is no old one', async () => {
  registration.active = null
  const answer = await locks.hold('holdall:a:0:answer')
  expect(await isOver(downloadsEnded(), 0)).toBe(true)
  answer()
})
