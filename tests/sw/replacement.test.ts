/** Whether a new version of the service worker may take the place of the old one. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keepAlive } from '../../src/sw/liveness.ts'
import { downloadsEnded } from '../../src/sw/replacement.ts'
import { CHROME, Locks, SecretiveLocks } from './scope.ts'

let locks: Locks
const registration: { active: object | null } = { active: null }

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('self', { registration, clients: { matchAll: async () => [] } })
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

it.each([
  ['are told', Locks],
  ['are not told', SecretiveLocks],
])(
  'where locks %s, waits for the answers that the old one gives, and for nothing else',
  async (_, Kind) => {
    locks = new Kind()
    vi.stubGlobal('navigator', { locks, userAgent: CHROME })
    registration.active = {}
    const page = await locks.hold('holdall:a')
    const producer = await locks.hold('holdall:a:0')
    const answers = [keepAlive(() => undefined), keepAlive(() => undefined)] as const
    await vi.advanceTimersByTimeAsync(0)
    const wait = downloadsEnded()
    expect(await isOver(wait, 60_000)).toBe(false)
    answers[0]()
    expect(await isOver(wait, 6000)).toBe(false)
    answers[1]()
    expect(await isOver(wait, 6000)).toBe(true)
    page()
    producer()
  },
)

it('waits for nothing where there is no old one', async () => {
  locks = new Locks()
  vi.stubGlobal('navigator', { locks, userAgent: CHROME })
  registration.active = null
  const answer = keepAlive(() => undefined)
  await vi.advanceTimersByTimeAsync(0)
  expect(await isOver(downloadsEnded(), 0)).toBe(true)
  answer()
})
