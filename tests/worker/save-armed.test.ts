/** A worker that was got ready for a download, and has to save to a file instead. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { producerLock } from '../../src/port/delivery.ts'
import type { PackWorker, PageServices } from '../../src/worker/protocol.ts'
import { Locks } from '../sw/scope.ts'
import { FakeFile } from './fake-file.ts'

const exposed = vi.hoisted(() => [] as unknown[])
vi.mock('comlink', () => ({ expose: (worker: unknown) => exposed.push(worker) }))

const ID = '00000000-0000-4000-8000-000000000000'
const OTHER = '11111111-0000-4000-8000-000000000000'

const PAGE: PageServices = {
  open: () => Promise.reject(new Error('nothing stays with the page')),
  progress: () => undefined,
  waiting: () => undefined,
  refreshUrl: () => Promise.resolve(undefined),
}

let locks: Locks

beforeEach(() => {
  locks = new Locks()
  vi.resetModules()
  vi.stubGlobal('navigator', { locks })
})
afterEach(() => vi.unstubAllGlobals())

/** One that has planned an archive, and was armed with that lock. */
async function armed(lock: string): Promise<PackWorker> {
  await import('../../src/worker/main.ts')
  const worker = exposed.pop() as PackWorker
  worker.add([{ name: 'a.txt', data: 'text' }])
  expect(await worker.prepare(PAGE, {})).toMatchObject({ ok: true })
  worker.arm(lock)
  return worker
}

it.each([
  ['its own lock, as who goes on with a download is', ID],
  ['another, as who begins one is', OTHER],
])('which was armed with %s, saves, and holds the lock of what it saves', async (_, id) => {
  const worker = await armed(producerLock(id, 0))
  const file = new FakeFile()
  let held: (string | null | undefined)[] = []
  file.onWrite = async () => {
    held = ((await locks.query()).held ?? []).map(({ name }) => name)
  }
  const guard = { id: ID, name: 'a.zip', store: false, again: true }
  const saved = await worker.save(file.handle, guard)
  expect(saved).toMatchObject({ ok: true, value: { entries: 1, bytes: file.bytes.length } })
  expect(held, 'other jobs count one').toEqual([producerLock(ID, 0)])
  const looked = vi.spyOn(locks, 'query')
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(looked, 'nobody counts other jobs any more').not.toHaveBeenCalled()
})
