/** What is stored of an archive goes when its page says so, and stays gone. */

import { afterEach, expect, it, vi } from 'vitest'
import { producerLock } from '../../src/port/delivery.ts'
import { acceptMessage } from '../../src/sw/registry.ts'
import { Locks } from './scope.ts'

const ID = '00000000-0000-4000-8000-000000000000'
const stored = vi.hoisted(() => new Set<string>())
vi.mock('../../src/engine/store.ts', () => ({
  dropJob: async (id: string) => void stored.delete(id),
  storedJob: async () => undefined,
}))

afterEach(() => vi.unstubAllGlobals())

it('is deleted once more when its worker is gone, which may have been storing it', async () => {
  const locks = new Locks()
  vi.stubGlobal('navigator', { locks })
  const letGo = await locks.hold(producerLock(ID, 0))
  let over: Promise<unknown> | undefined
  const waitUntil = (promise: Promise<unknown>): void => void (over = promise)
  const data = { type: 'holdall:drop', id: ID }
  stored.add(ID)
  acceptMessage({ data, waitUntil } as never)
  await vi.waitFor(() => expect([...stored]).toEqual([]))
  stored.add(ID)
  letGo()
  await over
  expect([...stored]).toEqual([])
})
