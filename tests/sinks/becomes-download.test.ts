/** When a download is done: in Firefox, not before the browser has made one of it. */

import { afterEach, expect, it, vi } from 'vitest'
import { answerLock, type DeliveryMessage } from '../../src/port/delivery.ts'
import { download } from '../../src/sinks/download.ts'
import type { Locks } from '../sw/scope.ts'
import { KnownWorker, settled } from './known-worker.ts'
import { stubPage } from './stub-page.ts'

const ID = '00000000-0000-4000-8000-000000000000'
const ports: MessagePort[] = []

afterEach(() => {
  for (const port of ports.splice(0)) port.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'
const CHROMIUM = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156'

it.each([
  ['a second after the browser has asked for it', FIREFOX, 0, 1000],
  ['at once if the archive took as long', FIREFOX, 1000, 0],
  ['at once in other browsers, which make one before', CHROMIUM, 0, 0],
])('is done %s', async (_, userAgent, making, waits) => {
  stubPage()
  Object.assign(navigator, { userAgent })
  vi.stubGlobal('crypto', { randomUUID: () => ID })
  await (navigator.locks as unknown as Locks).hold(answerLock(ID, 0)) // by a service worker that lives
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
  const worker = new KnownWorker()
  let isDone = false
  void download(worker as unknown as ServiceWorker, {
    name: 'a.zip',
    successor: () => new Promise(() => undefined),
    arm: () => undefined,
    open: () => new Promise(() => undefined),
    changed: () => undefined,
    onPause: () => undefined,
    refreshUrl: () => Promise.resolve(undefined),
    signal: new AbortController().signal,
  }).then(() => (isDone = true))
  const says = async (message: DeliveryMessage, ...transfer: MessagePort[]): Promise<void> => {
    worker.control!.postMessage(message, transfer)
    await settled()
  }
  await settled()
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, worker.control!)
  await says({ type: 'registered', url: `https://app.test/holdall/${ID}.zip` })
  await says({ type: 'open', run: 0, port: port2, lock: 'a lock' }, port2)
  await vi.advanceTimersByTimeAsync(making)
  await says({ type: 'delivered', run: 0, bytes: 100 })
  if (waits > 0) {
    await vi.advanceTimersByTimeAsync(waits - 1)
    expect(isDone).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
  }
  await settled()
  expect(isDone).toBe(true)
})
