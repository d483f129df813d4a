/** How long a step is waited for, also where the waiting itself was held up. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { inTime } from '../../src/sinks/in-time.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const tooLate = (): Error => new Error('too late')

/** The thread, or the machine, does nothing for `ms`. */
function sleep(ms: number): void {
  vi.setSystemTime(Date.now() + ms)
}

it('ends when the step does, and not long after the limit', async () => {
  await expect(inTime(Promise.resolve('in time'), 10, tooLate)).resolves.toBe('in time')
  expect(vi.getTimerCount()).toBe(0)
  const late = inTime(new Promise(() => undefined), 10_000, tooLate).catch((error: Error) => error)
  await vi.advanceTimersByTimeAsync(10_001)
  expect(await late).toEqual(tooLate())
})

it('takes what comes right after a timer that was held up for a moment', async () => {
  const step = new Promise((resolve) => {
    setTimeout(() => setTimeout(() => resolve('there already'), 0), 10_000)
  })
  const waits = inTime(step, 10_000, tooLate)
  await vi.advanceTimersByTimeAsync(10_001)
  expect(await waits).toBe('there already')
})

it('waits all of it once more after a sleep', async () => {
  const step = new Promise((resolve) => void setTimeout(() => resolve('after the sleep'), 15_000))
  const waits = inTime(step, 10_000, tooLate)
  sleep(60_000)
  await vi.advanceTimersByTimeAsync(15_000)
  expect(await waits).toBe('after the sleep')
  const never = inTime(new Promise(() => undefined), 10_000, tooLate).catch((error: Error) => error)
  sleep(60_000)
  await vi.advanceTimersByTimeAsync(20_001)
  expect(await never).toEqual(tooLate())
})

it('asks what to say of it only then', async () => {
  const asked = inTime(new Promise(() => undefined), 10, async () => tooLate())
  const error = asked.catch((told: Error) => told)
  await vi.advanceTimersByTimeAsync(11)
  expect(await error).toEqual(tooLate())
})
