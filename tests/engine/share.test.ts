/** How many jobs are at work: those that hold the lock of a producer, wherever they are. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Share } from '../../src/engine/share.ts'
import { answerLock, pageLock, producerLock } from '../../src/port/delivery.ts'
import { Locks } from '../sw/scope.ts'

const locks = new Locks()
beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('navigator', { locks })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const id = (digit: number): string => `00000000-0000-4000-8000-00000000000${digit}`

it('counts producers, and no other locks', async () => {
  const share = new Share()
  expect(share.jobs).toBe(1)
  await locks.hold(pageLock(id(1)))
  await locks.hold(answerLock(id(1), 0))
  await locks.hold('of the app')
  const ends = [await locks.hold(producerLock(id(1), 0)), await locks.hold(producerLock(id(2), 3))]
  await share.look()
  expect(share.jobs).toBe(2)
  ends[0]!()
  await vi.advanceTimersByTimeAsync(300)
  expect(share.jobs).toBe(1)
  ends[1]!()
  await share.look()
  expect(share.jobs, 'whoever asks is there').toBe(1)
  share.stop()
  expect(vi.getTimerCount()).toBe(0)
})

it('counts the producer of an upload, whose id is no UUID', async () => {
  const share = new Share()
  const names = [producerLock(id(1), 0), producerLock('0123456789abcdef0123456789abcdef', 0)]
  const ends = await Promise.all(names.map((name) => locks.hold(name)))
  await share.look()
  expect(share.jobs).toBe(2)
  for (const end of ends) end()
  share.stop()
})

it('is alone where there are no locks', async () => {
  vi.stubGlobal('navigator', {})
  const share = new Share()
  await share.look()
  expect(share.jobs).toBe(1)
  share.stop()
})
