/** Which service worker a page takes: one that becomes active, in time, whatever was replaced before. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { activeServiceWorker } from '../../src/client/registration.ts'

/** A service worker, of which no more is of use here than its state. */
class FakeWorker extends EventTarget {
  state: ServiceWorkerState

  constructor(state: ServiceWorkerState) {
    super()
    this.state = state
  }

  become(state: ServiceWorkerState): void {
    this.state = state
    this.dispatchEvent(new Event('statechange'))
  }
}

interface FakeRegistration {
  active?: FakeWorker
  waiting?: FakeWorker
  installing?: FakeWorker
}

const site = vi.hoisted(() => ({ registration: {} as object }))

vi.mock('workbox-window', () => ({
  Workbox: class {
    register = async (): Promise<object> => site.registration
  },
}))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal('location', new URL('https://a.example/'))
  vi.stubGlobal('navigator', {
    locks: {},
    serviceWorker: { getRegistration: async () => undefined },
  })
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function register(registration: FakeRegistration): Promise<unknown> {
  site.registration = registration
  const outcome = activeServiceWorker()
  outcome.catch(() => undefined) // looked at later
  return outcome
}

it('waits for one to become active, and no longer than 15 s', async () => {
  const installing = new FakeWorker('installing')
  const outcome = register({ installing })
  let code: unknown
  outcome.catch((error: { code: unknown }) => (code = error.code))
  await vi.advanceTimersByTimeAsync(14_999)
  expect(code).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1)
  expect(code).toBe('service-worker-failed')

  const next = register({ installing })
  await vi.advanceTimersByTimeAsync(14_999)
  installing.become('installed')
  installing.become('activated')
  expect(await next).toBe(installing)
  expect(vi.getTimerCount()).toBe(0)
})

it('takes the next one where the one that it waits for is replaced', async () => {
  const [first, second] = [new FakeWorker('installed'), new FakeWorker('installing')]
  const registration: FakeRegistration = { waiting: first, installing: second }
  const outcome = register(registration)
  await vi.advanceTimersByTimeAsync(10)
  first.become('redundant')
  await vi.advanceTimersByTimeAsync(10)
  second.become('activated')
  expect(await outcome).toBe(second)
})

it('fails at once where the only one cannot be installed', async () => {
  const installing = new FakeWorker('installing')
  const outcome = register({ installing })
  await vi.advanceTimersByTimeAsync(10)
  installing.become('redundant')
  await expect(outcome).rejects.toMatchObject({ code: 'service-worker-failed' })
  expect(vi.getTimerCount()).toBe(0)
})
