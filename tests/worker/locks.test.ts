/** Who of several goes on with an archive. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { claimLock } from '../../src/port/delivery.ts'
import { claim } from '../../src/worker/locks.ts'
import { Locks } from '../sw/scope.ts'

const locks = new Locks()
beforeEach(() => vi.stubGlobal('navigator', { locks }))
afterEach(() => vi.unstubAllGlobals())

it('one claims an archive, and no other until it is gone', async () => {
  expect([await claim('one'), await claim('one'), await claim('two')]).toEqual([true, false, true])
})

it('an archive is claimed though somebody asks at that moment whether it is', async () => {
  const letGo = await locks.hold(claimLock('asked'))
  const claimed = claim('asked')
  setTimeout(letGo, 10)
  expect(await claimed).toBe(true)
})
