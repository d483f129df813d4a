/** By which Web Locks others know of answers that are made without a page. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { prepareJob } from '../../src/engine/job.ts'
import { toStored, type StoredJob } from '../../src/engine/stored-job.ts'
import { Gate } from '../../src/sources/gate.ts'
import { answerLock } from '../../src/port/delivery.ts'
import { ArchiveBody } from '../../src/sw/archive-body.ts'
import { RangeBody } from '../../src/sw/range-body.ts'
import { CheckpointLog } from '../../src/zip/checkpoint-log.ts'

const held = vi.hoisted(() => new Set<string>())
vi.mock('../../src/engine/store.ts', () => ({
  storeCheckpoints: async () => undefined,
  storeProgress: async () => undefined,
  dropJob: async () => undefined,
  storedJob: async () => undefined,
}))
vi.mock('../../src/sw/liveness.ts', () => ({
  keepAlive: () => () => undefined,
  mayGoOn: async () => true,
  released: () => new Promise(() => undefined),
  hold: async (name: string, over: AbortSignal) => {
    held.add(name)
    over.addEventListener('abort', () => held.delete(name))
  },
}))

const { signal } = new AbortController()
let stored: StoredJob
let length: number

beforeEach(async () => {
  vi.stubGlobal('navigator', {})
  const files = [{ name: 'a', data: 'text', lastModified: 1e12 }]
  const job = await prepareJob(files, {}, signal)
  length = job.plan.length!
  stored = toStored(job, 'id', 'a.zip')
})
afterEach(() => {
  held.clear()
  vi.unstubAllGlobals()
})

function whole(finish: () => void): ArchiveBody {
  const gone = AbortSignal.abort('gone')
  return new ArchiveBody(
    {
      id: 'id',
      name: 'a.zip',
      length,
      fingerprint: stored.fingerprint,
      log: new CheckpointLog(),
      job: stored,
      runs: 0,
      isDone: false,
      ended: gone,
      abandoned: gone,
      gate: new Gate(),
      refreshUrl: () => undefined,
      tell: () => undefined,
    },
    finish,
  )
}

function part(finish: () => void): RangeBody {
  return new RangeBody(
    stored,
    new CheckpointLog(),
    true,
    { start: 0, end: length },
    () => undefined,
    finish,
  )
}

it.each([
  ['an archive holds the lock by which it is known to go on', whole, answerLock('id', 0)],
  ['a part of one is counted with the jobs that share memory', part, /^holdall:[^:]+:0$/],
])('%s, until it is over', async (_, make, lock) => {
  const locks = (): string[] => [...held].filter((name) => name.match(lock))
  let over: () => void = () => undefined
  const finished = new Promise<void>((resolve) => (over = resolve))
  const stream = new ReadableStream(
    make(() => over()),
    { highWaterMark: 0 },
  )
  expect(locks()).toHaveLength(1)
  expect((await new Response(stream).arrayBuffer()).byteLength).toBe(length)
  await finished
  expect(locks()).toEqual([])
})
