/** As much of a service worker's world, and of the pages around it, as holdall needs. */

import { randomUUID } from 'node:crypto'
import { vi } from 'vitest'
import type * as ServiceWorkerEntry from '../../src/service-worker.ts'
import {
  pageLock,
  type BroadcastMessage,
  type DeliveryMessage,
  type PageMessage,
} from '../../src/port/delivery.ts'

type LockCallback = (lock: { name: string } | null) => unknown

/** Web Locks, exclusive ones: whoever asks for one gets it when all before have let it go. */
export class Locks {
  readonly #last = new Map<string, Promise<unknown>>()
  readonly #held = new Set<string>()

  request(
    name: string,
    ...rest: [LockCallback] | [{ signal?: AbortSignal; ifAvailable?: boolean }, LockCallback]
  ): Promise<unknown> {
    const callback = rest.length === 1 ? rest[0] : rest[1]
    const { signal, ifAvailable = false } = rest.length === 1 ? {} : rest[0]
    if (ifAvailable && this.#held.has(name)) return Promise.resolve(callback(null))
    const before = this.#last.get(name)
    const held = new Promise((resolve, reject) => {
      const abort = (): void => reject(signal!.reason as Error)
      if (signal?.aborted) return abort()
      signal?.addEventListener('abort', abort)
      const grant = (): void => {
        signal?.removeEventListener('abort', abort)
        if (signal?.aborted) return
        this.#held.add(name)
        Promise.resolve(callback({ name }))
          .finally(() => this.#held.delete(name))
          .then(resolve, reject)
      }
      void Promise.resolve(before).then(grant, grant)
    })
    this.#last.set(name, held)
    return held
  }

  /** Those that are held. */
  query(): Promise<LockManagerSnapshot> {
    const held = [...this.#held].map((name) => ({ name }))
    return Promise.resolve({ held, pending: [] })
  }

  /** Holds `name` until what is returned is called. */
  async hold(name: string): Promise<() => void> {
    let letGo: () => void = () => undefined
    await new Promise<void>((granted) => {
      void this.request(name, () => {
        granted()
        return new Promise<void>((resolve) => {
          letGo = resolve
        })
      })
    })
    return letGo
  }
}

/** Those of Firefox in frames of other sites, which do not say what is held. */
export class SecretiveLocks extends Locks {
  override query(): Promise<never> {
    return Promise.reject(
      new DOMException('query() is not allowed in this context', 'SecurityError'),
    )
  }
}

/** A page's end of an archive that it has registered. */
export class Page {
  readonly id: string
  readonly heard: DeliveryMessage[] = []
  readonly control: MessagePort
  die: () => void = () => undefined
  readonly #theirs: MessagePort
  #wake: () => void = () => undefined

  constructor(id: string = randomUUID()) {
    const { port1, port2 } = new MessageChannel()
    this.id = id
    this.control = port1
    this.#theirs = port2
    port1.onmessage = ({ data }: MessageEvent<DeliveryMessage>) => {
      this.heard.push(data)
      this.#wake()
    }
  }

  get lock(): string {
    return pageLock(this.id)
  }

  message(fields: { name?: string; length?: number; runs?: number } = {}): PageMessage {
    const { id } = this
    return { type: 'holdall:register', id, name: 'a.zip', control: this.#theirs, ...fields }
  }

  /** The next message of that type, or the one that has come. */
  async hears<Type extends DeliveryMessage['type']>(
    type: Type,
    run?: number,
  ): Promise<Extract<DeliveryMessage, { type: Type }>> {
    for (;;) {
      const found = this.heard.find(
        (message) =>
          message.type === type && (run === undefined || ('run' in message && message.run === run)),
      )
      if (found !== undefined) return found as Extract<DeliveryMessage, { type: Type }>
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}

/** What became of a request. */
export interface Answer {
  readonly answered: boolean
  readonly response: Promise<Response>
  /** Whether the event is over, so that the service worker may be stopped. */
  readonly over: Promise<void>
}

export interface Scope {
  readonly locks: Locks
  /** What pages were told. */
  readonly broadcasts: BroadcastMessage[]
  /** What requests that are left alone get. */
  readonly network: Request[]
  /** Called with each broadcast. */
  onBroadcast: (message: BroadcastMessage) => void
  hear(data: unknown): void
  ask(url: string, method?: string): Answer
  /** Has `page` hold its lock, as long as it lives. */
  live(page: Page): Promise<void>
  /** Registers an archive of a page that is alive, and gives its URL. */
  register(page: Page, fields?: { name?: string; length?: number }): Promise<string>
}

export const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
export const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15'
export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0'

const opened: Page[] = []

/** A service worker that has just been started. */
export async function startedIn(scope: string, userAgent = CHROME): Promise<Scope> {
  const listeners: ((event: unknown) => void)[] = []
  const locks = new Locks()
  const client = {
    postMessage(message: BroadcastMessage) {
      made.broadcasts.push(message)
      made.onBroadcast(message)
    },
  }
  const { answerDownload } = await started(scope, userAgent, locks, client, listeners)
  const made: Scope = {
    locks,
    broadcasts: [],
    network: [],
    onBroadcast: () => undefined,
    hear: (data) => {
      for (const listener of listeners) listener({ data, waitUntil: () => undefined })
    },
    ask(url, method = 'GET') {
      let response: Promise<Response> = Promise.reject(new Error('It was not answered'))
      response.catch(() => undefined)
      const lasts: Promise<unknown>[] = []
      const event = {
        request: new Request(url, { method }),
        respondWith: (given: Promise<Response>) => {
          response = given
        },
        waitUntil: (work: Promise<unknown>) => lasts.push(work),
      }
      const answered = answerDownload(event as unknown as Parameters<typeof answerDownload>[0])
      return { answered, response, over: Promise.all(lasts).then(() => undefined) }
    },
    async live(page) {
      opened.push(page)
      page.die = await locks.hold(page.lock)
    },
    async register(page, fields) {
      await made.live(page)
      made.hear(page.message(fields))
      return (await page.hears('registered')).url
    },
  }
  vi.stubGlobal('fetch', (request: Request) => {
    made.network.push(request)
    return Promise.resolve(new Response('no such file', { status: 404 }))
  })
  return made
}

async function started(
  scope: string,
  userAgent: string,
  locks: Locks,
  client: object,
  listeners: ((event: unknown) => void)[],
): Promise<typeof ServiceWorkerEntry> {
  vi.resetModules()
  vi.stubGlobal('navigator', { userAgent, locks })
  vi.stubGlobal('self', {
    registration: { scope },
    clients: { matchAll: () => Promise.resolve([client]) },
    addEventListener: (_: string, listener: (event: unknown) => void) => listeners.push(listener),
  })
  return import('../../src/service-worker.ts')
}

/** Undoes what is left of it. */
export function stop(): void {
  for (const page of opened.splice(0)) page.control.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
}
