/** Which Web Locks are held: also where a browser does not say so, as Firefox in frames of other sites. */

import { afterEach, describe, expect, it, vi } from 'vitest'
import { heldLocks, isGoingOn, isHeld } from '../../src/engine/held-locks.ts'
import { answerLock, claimLock, pageLock, producerLock } from '../../src/port/delivery.ts'
import { Share } from '../../src/engine/share.ts'
import { Locks, SecretiveLocks } from '../sw/scope.ts'

afterEach(() => vi.unstubAllGlobals())

describe.each([
  ['are told', new Locks(), ['one']],
  ['are not told', new SecretiveLocks(), undefined],
])('where they %s', (_, locks, told) => {
  it('knows whether one is held', async () => {
    vi.stubGlobal('navigator', { locks })
    const end = await locks.hold('one')
    expect(await heldLocks()).toEqual(told)
    expect(await isHeld('one')).toBe(true)
    expect(await isHeld('two')).toBe(false)
    end()
    await vi.waitFor(async () => expect(await isHeld('one')).toBe(false))
  })

  it.each([
    ['by its page', pageLock('one')],
    ['by who makes it', producerLock('one', 0)],
    ['by the service worker', answerLock('one', 0)],
    ['by who has claimed it, and asks its user first', claimLock('one')],
  ])('knows an archive that goes on %s', async (__, lock) => {
    vi.stubGlobal('navigator', { locks })
    const end = await locks.hold(lock)
    expect([await isGoingOn('one'), await isGoingOn('two')]).toEqual([true, false])
    end()
    await vi.waitFor(async () => expect(await isGoingOn('one')).toBe(false))
  })
})

it('a job is alone where they are not told', async () => {
  vi.stubGlobal('navigator', { locks: new SecretiveLocks() })
  const share = new Share()
  await share.look()
  expect(share.jobs).toBe(1)
  share.stop()
})
