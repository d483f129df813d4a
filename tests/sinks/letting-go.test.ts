/** A download that is over: when its page lets it go, and what becomes of what is stored of it. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  answerLock,
  pageLock,
  producerLock,
  type ControlMessage,
  type DeliveryMessage,
} from '../../src/port/delivery.ts'
import { toWire } from '../../src/port/wire-error.ts'
import { download } from '../../src/sinks/download.ts'
import type { Locks } from '../sw/scope.ts'
import { KnownWorker, settled } from './known-worker.ts'
import { stubPage, type ServiceWorkers } from './stub-page.ts'

const ID = '00000000-0000-4000-8000-000000000000'
const URL_OF_ARCHIVE = `https://app.test/holdall/${ID}.zip`

let serviceWorkers: ServiceWorkers
let locks: Locks
let window: EventTarget
const ports: MessagePort[] = []

beforeEach(() => {
  serviceWorkers = stubPage()
  locks = navigator.locks as unknown as Locks
  window = new EventTarget()
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  // of messages, real time is waited for
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] })
})
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const isAnsweredFor = async (): Promise<boolean> =>
  (await locks.query()).held!.some(({ name }) => name === pageLock(ID))

const drops = ({ told }: KnownWorker): number =>
  told.filter(({ type }) => type === 'holdall:drop').length

/** A download, and its service worker's end of it. */
class Begun {
  readonly worker = new KnownWorker()
  readonly heard: ControlMessage[] = []
  /** How it ended, and whether its page answered for it then. */
  ended: { error: unknown; answersFor: boolean } | 'done' | undefined
  readonly asked = vi.fn<() => Promise<ServiceWorker>>(() => new Promise(() => undefined))

  /** @param id Of one that was begun before. */
  constructor(id?: string) {
    vi.stubGlobal('crypto', { randomUUID: () => ID })
    const ended = download(this.worker as unknown as ServiceWorker, {
      name: 'a.zip',
      id,
      successor: this.asked,
      arm: () => undefined,
      open: () => new Promise(() => undefined),
      changed: () => undefined,
      onPause: () => undefined,
      refreshUrl: () => Promise.resolve(undefined),
      signal: new AbortController().signal,
    })
    ended.then(
      () => (this.ended = 'done'),
      async (error: unknown) => {
        this.ended = { error, answersFor: await isAnsweredFor() }
      },
    )
  }

  async says(message: DeliveryMessage, transfer: MessagePort[] = []): Promise<void> {
    this.worker.control!.postMessage(message, transfer as never)
    await settled()
  }

  async registered(): Promise<void> {
    await settled()
    const control = this.worker.control!
    ports.push(control)
    control.onmessage = ({ data }: MessageEvent<ControlMessage>) => this.heard.push(data)
    await this.says({ type: 'registered', url: URL_OF_ARCHIVE })
  }

  /** Is asked for; returns what has the service worker end. */
  async opened(): Promise<() => void> {
    await this.registered()
    const letGo = await locks.hold(answerLock(ID, 0))
    const { port1, port2 } = new MessageChannel()
    ports.push(port1)
    const lock = producerLock(ID, 0)
    await this.says({ type: 'open', run: 0, port: port2, lock }, [port2])
    return letGo
  }

  async fails(): Promise<void> {
    await this.says({ type: 'failed', run: 0, error: toWire(new Error('the source')) })
  }

  async delivers(): Promise<void> {
    await this.says({ type: 'delivered', run: 0, bytes: 100 })
  }
}

describe('a download that fails', () => {
  it('and was gone on with is told of when its page has let it go: it may be tried again', async () => {
    const begun = new Begun(ID)
    await begun.opened()
    await begun.fails()
    expect(begun.heard).toEqual([{ type: 'release' }])
    expect(begun.ended, 'who sees the lock go before it has heard takes the page for dead').toBe(
      undefined,
    )
    expect(await isAnsweredFor()).toBe(true)
    await begun.says({ type: 'released' })
    expect(begun.ended).toMatchObject({ answersFor: false })
  })

  it('and was gone on with is told of after five seconds at the latest', async () => {
    const begun = new Begun(ID)
    await begun.opened()
    await begun.fails()
    await vi.advanceTimersByTimeAsync(5000)
    await settled()
    expect(begun.ended).toMatchObject({ answersFor: false })
  })

  it('and was not is told of at once', async () => {
    const begun = new Begun()
    await begun.opened()
    await begun.fails()
    expect(begun.ended).toMatchObject({ answersFor: true })
    await begun.says({ type: 'released' })
    expect(await isAnsweredFor()).toBe(false)
  })

  it.each([
    ['was not', undefined],
    ['was', ID],
  ])(
    'because its service worker is gone is let go at once, if it %s gone on with',
    async (_, id) => {
      const begun = new Begun(id)
      const end = await begun.opened()
      end()
      await vi.advanceTimersByTimeAsync(1000)
      await settled()
      expect(begun.ended).toMatchObject({
        error: { code: 'delivery-lost', detail: { reason: 'service-worker-gone' } },
        answersFor: false,
      })
    },
  )

  it('because its service worker does not answer is let go at once: nobody has heard of it', async () => {
    const begun = new Begun(ID)
    await settled()
    await vi.advanceTimersByTimeAsync(10_001)
    await settled()
    expect(begun.ended).toMatchObject({
      error: { code: 'service-worker-failed' },
      answersFor: false,
    })
  })

  it('because its service worker hangs is not: that may come to life, and take the page for dead', async () => {
    const begun = new Begun()
    await begun.opened()
    await vi.advanceTimersByTimeAsync(41_000)
    await settled()
    expect(begun.ended).toMatchObject({ error: { code: 'delivery-lost' }, answersFor: true })
    expect(begun.heard).toEqual([{ type: 'release' }])
  })
})

describe('a download that is done', () => {
  it('is answered for still when its answer is over, and dropped five minutes later', async () => {
    const begun = new Begun()
    const end = await begun.opened()
    await begun.delivers()
    expect(begun.ended).toBe('done')
    end()
    await vi.advanceTimersByTimeAsync(4 * 60_000)
    expect(await isAnsweredFor()).toBe(true)
    expect(drops(begun.worker)).toBe(0)
    await vi.advanceTimersByTimeAsync(60_000)
    await settled()
    expect(drops(begun.worker)).toBe(1)
    expect(begun.heard).toEqual([{ type: 'release' }])
    window.dispatchEvent(new Event('pagehide'))
    expect(drops(begun.worker)).toBe(1)
  })

  it.each<[string, () => Promise<unknown>]>([
    ['its page goes', async () => window.dispatchEvent(new Event('pagehide'))],
    ['nobody asks for it any more', () => vi.advanceTimersByTimeAsync(5 * 60_000)],
  ])('is dropped by who has replaced its service worker, when %s', async (_, end) => {
    const begun = new Begun()
    await begun.opened()
    await begun.delivers()
    const successors = [new KnownWorker(), new KnownWorker()] as const
    for (const [index, next] of successors.entries()) {
      serviceWorkers.active = next
      ;[begun.worker, ...successors][index]!.replace()
      await settled()
    }
    await end()
    expect([begun.worker, ...successors].map(drops)).toEqual([0, 0, 1])
    expect(begun.asked, 'none is registered for it').not.toHaveBeenCalled()
  })

  it('is dropped by nobody where there is no service worker any more', async () => {
    const begun = new Begun()
    await begun.opened()
    await begun.delivers()
    begun.worker.replace()
    await settled()
    serviceWorkers.getRegistration = () => Promise.reject(new DOMException('', 'InvalidStateError'))
    window.dispatchEvent(new Event('pagehide'))
    await vi.advanceTimersByTimeAsync(5 * 60_000)
    await settled()
    expect(drops(begun.worker)).toBe(0)
    expect(begun.asked).not.toHaveBeenCalled()
  })
})

it('a download that fails as its service worker was replaced is dropped by the next one', async () => {
  const begun = new Begun()
  const end = await begun.opened()
  const next = new KnownWorker()
  serviceWorkers.active = next
  begun.worker.replace()
  end()
  await vi.advanceTimersByTimeAsync(1000)
  await settled()
  expect([begun.worker, next].map(drops)).toEqual([0, 1])
})
