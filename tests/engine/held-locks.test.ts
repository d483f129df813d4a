/** Which Web Locks are held: also where a browser does not say so, as Firefox in frames of other sites. */

import { afterEach, describe, expect, it, vi } from 'vitest'
import { heldLocks, isHeld } from '../../src/engine/held-locks.ts'
import { Share } from '../../src/engine/share.ts'
import { Locks } from '../sw/scope.ts'

class SecretiveLocks extends Locks {
  override query(): Promise<never> {
    return Promise.reject(
      new DOMException('query() is not allowed in this context', 'SecurityError'),
    )
  }
}

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
})

it('a job is alone where they are not told', async () => {
  vi.stubGlobal('navigator', { locks: new SecretiveLocks() })
  const share = new Share()
  await share.look()
  expect(share.jobs).toBe(1)
  share.stop()
})
