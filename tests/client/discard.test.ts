/** A job that was interrupted, and is discarded when it has failed again, while its worker or page is ending still. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { JobState } from '../../src/client/events.ts'
import type { ZipJob } from '../../src/client/job.ts'
import { listUnfinished, type Unfinished } from '../../src/client/unfinished.ts'
import type { StoredJob } from '../../src/engine/stored-job.ts'
import { claimLock, pageLock, producerLock } from '../../src/port/delivery.ts'
import { Locks } from '../sw/scope.ts'
import { forgetAll, store, storedJobs } from './stored.ts'

vi.mock('../../src/engine/store.ts', async () => (await import('./stored.ts')).store)

const ID = '00000000-0000-4000-8000-000000000000'

const locks = new Locks()

beforeEach(async () => {
  vi.stubGlobal('navigator', { locks })
  await store.storeJob({ id: ID, name: 'a.zip', created: 0, files: [] } as unknown as StoredJob)
})
afterEach(() => {
  forgetAll()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** One that is gone on with, under a lock that is held until what is returned is called; and is in that state now. */
async function resumed(state: JobState, lock: string): Promise<[Unfinished, () => void]> {
  const letGo = await locks.hold(lock)
  const job = { state, download: () => Promise.reject(new Error('the source has failed')) }
  const [entry] = await listUnfinished(() => job as unknown as ZipJob)
  entry!.resume()
  return [entry!, letGo]
}

it.each([
  ['failed', 'its worker', claimLock(ID)],
  ['failed', 'its worker', producerLock(ID, 0)],
  ['failed', 'its page', pageLock(ID)],
  ['cancelled', 'its worker', claimLock(ID)],
] as const)('that has %s is discarded though %s holds %s still', async (state, _, lock) => {
  const [entry, letGo] = await resumed(state, lock)
  setTimeout(letGo, 200)
  await entry.discard()
  expect(storedJobs()).toBe(0)
})

it('that is gone on with is kept, which is told at once', async () => {
  const [entry, letGo] = await resumed('running', claimLock(ID))
  const began = performance.now()
  await entry.discard()
  expect(performance.now() - began).toBeLessThan(1000)
  expect(storedJobs()).toBe(1)
  letGo()
})

it('that has failed, and is gone on with by another, is kept', async () => {
  vi.useFakeTimers()
  const [entry, letGo] = await resumed('failed', claimLock(ID))
  const discarded = entry.discard()
  await vi.advanceTimersByTimeAsync(10_000)
  await discarded
  expect(storedJobs()).toBe(1)
  letGo()
})
