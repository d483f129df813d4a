/** How long a job waits where nothing answers that did. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Network } from '../../src/engine/network.ts'

const MINUTE = 60_000
const never = new AbortController().signal

/** Whether the only server answers. */
let isThere = false

beforeEach(() => {
  isThere = false
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.stubGlobal('fetch', async () => {
    if (!isThere) throw new TypeError('nobody there')
    return new Response()
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('waits for ten minutes, and no longer', async () => {
  const told: boolean[] = []
  const network = new Network((waits) => told.push(waits))
  network.answered('https://a.example/1')
  const waits = (): Promise<boolean> => network.outage(0, 0, never)
  expect(await waits()).toBe(true)
  vi.advanceTimersByTime(10 * MINUTE)
  expect(await waits()).toBe(true)
  vi.advanceTimersByTime(1)
  expect(await waits()).toBe(false)
  expect(told).toEqual([true])
})

it.each(['a file', 'its server'])('counts them anew when %s has answered', async (who) => {
  const network = new Network(() => undefined)
  network.answered('https://a.example/1')
  const waits = (): Promise<boolean> => network.outage(0, 0, never)
  expect(await waits()).toBe(true)
  vi.advanceTimersByTime(9 * MINUTE)
  if (who === 'a file') network.answered('https://a.example/2')
  else {
    isThere = true
    await waits()
    isThere = false
  }
  expect(await waits()).toBe(true)
  vi.advanceTimersByTime(9 * MINUTE)
  expect(await waits()).toBe(true)
  vi.advanceTimersByTime(2 * MINUTE)
  expect(await waits()).toBe(false)
})
