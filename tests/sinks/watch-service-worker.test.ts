/** A service worker that is gone, or hangs: who waits for it learns so; nobody is alarmed without need. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { serviceWorkerIsGone } from '../../src/sinks/watch-service-worker.ts'
import { Locks } from '../sw/scope.ts'

const locks = new Locks()
let worker: EventTarget
let letGo: () => void

beforeEach(async () => {
  vi.useFakeTimers()
  worker = new EventTarget()
  vi.stubGlobal('navigator', { locks, serviceWorker: worker })
  letGo = await locks.hold('answer')
})
afterEach(() => {
  letGo()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function watch(): { gone: () => boolean; stop: () => void } {
  const ending = new AbortController()
  let isGone = false
  void serviceWorkerIsGone('answer', ending.signal).then(() => {
    isGone = true
  })
  return { gone: () => isGone, stop: () => ending.abort() }
}

const ping = (): boolean =>
  worker.dispatchEvent(new MessageEvent('message', { data: { type: 'holdall:ping' } }))

it('is gone when its lock comes free, after its last words', async () => {
  const { gone } = watch()
  await vi.advanceTimersByTimeAsync(5000)
  letGo()
  await vi.advanceTimersByTimeAsync(900)
  expect(gone()).toBe(false)
  await vi.advanceTimersByTimeAsync(200)
  expect(gone()).toBe(true)
})

it('is gone when it was not heard of for four beats', async () => {
  const { gone } = watch()
  for (let minute = 0; minute < 10; minute++) {
    await vi.advanceTimersByTimeAsync(30_000)
    ping()
  }
  expect(gone()).toBe(false)
  worker.dispatchEvent(new MessageEvent('message', { data: { type: 'of somebody else' } }))
  await vi.advanceTimersByTimeAsync(45_000)
  expect(gone()).toBe(true)
})

it('is not gone for a machine that slept', async () => {
  const { gone, stop } = watch()
  for (let night = 0; night < 10; night++) {
    vi.setSystemTime(Date.now() + 8 * 60 * 60_000)
    await vi.advanceTimersByTimeAsync(10_000)
    ping()
  }
  expect(gone()).toBe(false)
  stop()
})

it('is of no interest to who has stopped watching', async () => {
  const { gone, stop } = watch()
  stop()
  expect(vi.getTimerCount()).toBe(0)
  await vi.advanceTimersByTimeAsync(100_000)
  expect(gone()).toBe(false)
})
