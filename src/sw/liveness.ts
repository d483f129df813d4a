/** Who is alive: the producers of archives, their pages, and this service worker itself. */

import { HoldallError } from '../errors.ts'
import { isGecko, isWebKit } from '../engine/browser.ts'
import type { BroadcastMessage } from '../port/delivery.ts'

declare const self: ServiceWorkerGlobalScope

/** Resolves when whoever holds the Web Lock `name` lets it go, as the dead do. */
export async function released(name: string, signal: AbortSignal): Promise<void> {
  try {
    await navigator.locks.request(name, { signal }, () => undefined)
  } catch (error) {
    if (!signal.aborted) throw error
    await new Promise(() => undefined) // nobody wants to know any more
  }
}

/** The Web Lock of all service workers that answer downloads, for their successors to wait. */
export const ANSWERS_LOCK = 'holdall:answers'

/**
 * Holds the Web Lock `name`, for all to see that this thread lives, until `over`.
 *
 * @param held Called when it does.
 */
export async function hold(
  name: string,
  over: AbortSignal,
  held: () => void = () => undefined,
  mode: LockMode = 'exclusive',
): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    over.addEventListener('abort', () => resolve())
    if (over.aborted) resolve()
  })
  await navigator.locks.request(name, { mode }, () => {
    held()
    return ended
  })
}

const PING_EVERY = 10_000

/**
 * Firefox stops a service worker about 60 s after it last heard from a page, waitUntil or not, and
 * calls the downloads that it was answering complete. So they are failed before, by ourselves.
 */
const SILENCE_LIMIT = 40_000

/** How long a page may take to say that it is alive, in ms, and how often it is looked whether one has. */
const ANSWERS_WITHIN = 3000
const LOOK_EVERY = 100

/**
 * Whether this service worker will live to go on with a download: not without a page in WebKit. Closed ones are
 * listed for up to a second still, so one must answer.
 */
export async function mayGoOn(): Promise<boolean> {
  if (!isWebKit()) return true
  const before = signs
  for (let waited = 0; waited < ANSWERS_WITHIN; waited += LOOK_EVERY) {
    if ((await broadcast({ type: 'holdall:ping' })) === 0) return false
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
    if (signs > before) return true
  }
  return false
}

const running = new Set<(reason: HoldallError) => void>()
/** When a page was heard last, and how often any was. */
let heard = 0
let signs = 0
/** When the pages were asked last. */
let asked = 0
let timer: ReturnType<typeof setInterval> | undefined
/** Aborts when nothing is answered any more. */
let answering = new AbortController()

/** To be called when a page says that it is alive. */
export function pageIsAlive(): void {
  heard = Date.now()
  signs++
}

/**
 * Keeps this service worker from being stopped while a download runs, by asking every page of the
 * origin for a sign of life: only messages from pages count.
 *
 * @param fail Called if none answers for so long that the browser is about to stop us.
 * @returns Ends it.
 */
export function keepAlive(fail: (reason: HoldallError) => void): () => void {
  running.add(fail)
  heard = Date.now()
  asked = heard
  if (timer === undefined) void hold(ANSWERS_LOCK, answering.signal, undefined, 'shared')
  timer ??= setInterval(() => void beat(), PING_EVERY)
  void beat()
  return () => {
    running.delete(fail)
    if (running.size > 0) return
    clearInterval(timer)
    timer = undefined
    answering.abort()
    answering = new AbortController()
  }
}

async function beat(): Promise<void> {
  const now = Date.now()
  // A machine that slept let nobody answer, nor ask.
  if (now - asked > 2 * PING_EVERY) heard = now
  asked = now
  if (isGecko() && now - heard > SILENCE_LIMIT) {
    const reason = new HoldallError(
      'delivery-lost',
      'The download was stopped: no page of this site that uses holdall was open to keep it alive; keep one open until it is done',
      { reason: 'no-keep-alive' },
    )
    for (const fail of running) fail(reason)
    return
  }
  await broadcast({ type: 'holdall:ping' })
}

/**
 * Tells every page of the origin, whether it is controlled or not.
 *
 * @returns How many there are.
 */
export async function broadcast(message: BroadcastMessage): Promise<number> {
  const clients = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  for (const client of clients) client.postMessage(message)
  return clients.length
}
