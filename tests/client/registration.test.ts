/** Which service worker a page takes, and how long it waits for one. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const SCRIPT = 'https://app.test/holdall-sw.js'
const SCOPE = 'https://app.test/holdall/'

class Worker extends EventTarget {
  readonly scriptURL: string
  state: ServiceWorkerState

  constructor(state: ServiceWorkerState, scriptURL = SCRIPT) {
    super()
    this.state = state
    this.scriptURL = scriptURL
  }

  become(state: ServiceWorkerState): void {
    this.state = state
    this.dispatchEvent(new Event('statechange'))
  }
}

interface Registration {
  scope: string
  active?: Worker
  waiting?: Worker
  installing?: Worker
}

/** What the browser has already. */
let there: Registration | undefined
/** What it says to who registers. */
let register: () => Promise<Registration | undefined>
let registered: number
let activeServiceWorker: () => Promise<unknown>

vi.mock('workbox-window', () => ({
  Workbox: class {
    register(): Promise<unknown> {
      registered++
      return register()
    }
  },
}))

beforeEach(async () => {
  vi.useFakeTimers()
  vi.resetModules()
  there = undefined
  registered = 0
  register = () => new Promise(() => undefined) // as while a new version is held back
  vi.stubGlobal('isSecureContext', true)
  vi.stubGlobal('location', { href: 'https://app.test/', origin: 'https://app.test' })
  vi.stubGlobal('navigator', {
    locks: {},
    serviceWorker: { getRegistration: async () => there },
  })
  ;({ activeServiceWorker } = await import('../../src/client/registration.ts'))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('is the active one, whether or not the browser has come to register it', async () => {
  const active = new Worker('activated')
  there = { scope: SCOPE, active, installing: new Worker('installing') }
  expect(await activeServiceWorker()).toBe(active)
  expect(await activeServiceWorker()).toBe(active)
  expect(registered).toBe(1)
})

it('is the active one where its script is not there any more', async () => {
  const active = new Worker('activated')
  there = { scope: SCOPE, active }
  register = () => Promise.reject(new TypeError('404'))
  expect(await activeServiceWorker()).toBe(active)
})

it.each([
  ['of another script', { scope: SCOPE, active: new Worker('activated', `${SCRIPT}?1`) }],
  ['of another scope', { scope: 'https://app.test/', active: new Worker('activated') }],
  ['that was replaced', { scope: SCOPE, active: new Worker('redundant') }],
])('is not one %s', async (_, other) => {
  there = other
  const active = new Worker('activated')
  register = async () => ({ scope: SCOPE, active })
  expect(await activeServiceWorker()).toBe(active)
})

it('is waited for as long as it is being installed, and 15 seconds more', async () => {
  const installing = new Worker('installing')
  register = async () => ({ scope: SCOPE, installing })
  let end: unknown
  activeServiceWorker().then(
    (worker) => (end = worker),
    (error: unknown) => (end = error),
  )
  await vi.advanceTimersByTimeAsync(120_000)
  expect(end).toBeUndefined()
  installing.become('installed')
  await vi.advanceTimersByTimeAsync(14_000)
  installing.become('activating')
  expect(end).toBeUndefined()
  await vi.advanceTimersByTimeAsync(1000)
  expect(end).toMatchObject({ code: 'service-worker-failed' })
})

it('is the next one where the one that is waited for is replaced', async () => {
  const [waiting, installing] = [new Worker('installed'), new Worker('installing')]
  register = async () => ({ scope: SCOPE, waiting, installing })
  const outcome = activeServiceWorker()
  await vi.advanceTimersByTimeAsync(10)
  waiting.become('redundant')
  await vi.advanceTimersByTimeAsync(10)
  installing.become('activated')
  expect(await outcome).toBe(installing)
})

it('is none, at once, where the only one cannot be installed', async () => {
  const installing = new Worker('installing')
  register = async () => ({ scope: SCOPE, installing })
  const outcome = activeServiceWorker()
  outcome.catch(() => undefined) // looked at later
  await vi.advanceTimersByTimeAsync(10)
  installing.become('redundant')
  await expect(outcome).rejects.toMatchObject({ code: 'service-worker-failed' })
  expect(vi.getTimerCount()).toBe(0)
})
