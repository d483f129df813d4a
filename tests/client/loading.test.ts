/** A job whose sink is a part of the library that takes long to load. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { zip } from '../../src/index.ts'
import type { DownloadJob } from '../../src/client/choose-sink.ts'
import { inAPage, leavePage } from './worker.ts'

/** Ends the loading. */
const loading = vi.hoisted(() => ({ end: (): void => undefined }))
/** What the sink met. */
const met: unknown[] = []

vi.mock('../../src/client/upload.ts', async () => {
  await new Promise<void>((resolve) => (loading.end = resolve))
  return { deliver: (job: DownloadJob) => job.plan().catch((error: unknown) => met.push(error)) }
})

beforeEach(() => inAPage())
afterEach(leavePage)

it('is cancelled at once, which is told to the target later', async () => {
  const job = zip([{ name: 'a.txt', data: 'text' }])
  const uploaded = job.upload({ part: () => '', complete: () => undefined })
  await vi.waitFor(() => expect(job.state).toBe('planning'))
  job.cancel()
  await expect(uploaded).rejects.toMatchObject({ code: 'cancelled' })
  await expect(job.finished).rejects.toMatchObject({ code: 'cancelled' })
  expect(met).toEqual([])
  loading.end()
  await vi.waitFor(() => expect(met).toMatchObject([{ code: 'cancelled' }]))
})
