/** A worker that does not let its file go when its job is cancelled: what the page does about the file. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { DownloadJob } from '../../src/client/choose-sink.ts'
import { saveFile } from '../../src/client/save-file.ts'
import { FakeFile } from '../worker/fake-file.ts'

const dropped: string[] = []
vi.mock('../../src/engine/store.ts', () => ({
  storedProgress: async () => ({ bytes: 100 }),
  dropJob: async (id: string) => void dropped.push(id),
}))

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it.each([
  ['a part, of which nothing is left', 0, 0],
  ['all of an archive, which stays', 0x50, 100],
])('has %s', async (_, first, left) => {
  const file = new FakeFile()
  file.put(new Uint8Array(100).fill(first, 0, 4))
  const ending = new AbortController()
  const stuck = {
    save: () => new Promise(() => undefined),
    cancel: () => undefined,
    terminate: () => undefined,
  }
  const job = {
    id: 'of before',
    name: () => 'a.zip',
    plan: async () => ({}),
    options: {},
    events: {},
    signal: ending.signal,
    running: () => stuck,
  }
  const saved = saveFile(job as unknown as DownloadJob, file.handle)
  const failed = expect(saved).rejects.toThrow('no more')
  await vi.advanceTimersByTimeAsync(0)
  ending.abort(new Error('no more'))
  await vi.advanceTimersByTimeAsync(5000)
  vi.useRealTimers()
  await failed
  expect(file.bytes.length).toBe(left)
  expect(dropped.pop()).toBe('of before')
})
