/** The archives that pages have registered, by their unguessable ids. */

import {
  pageLock,
  producerLock,
  type ControlMessage,
  type DeliveryMessage,
  type PageMessage,
} from '../port/delivery.ts'
import { isHeld } from '../engine/held-locks.ts'
import { dropJob, storedJob } from '../engine/store.ts'
import { CheckpointLog } from '../zip/checkpoint-log.ts'
import { Gate } from '../sources/gate.ts'
import { FreshUrls } from './fresh-urls.ts'
import type { Guidance, Logged } from './production.ts'
import { broadcast, pageIsAlive, released } from './liveness.ts'

declare const self: ServiceWorkerGlobalScope

/** An archive that may be asked for. */
export interface Delivery extends Logged, Guidance {
  readonly id: string
  readonly name: string
  readonly length: number | undefined
  readonly fingerprint: string | undefined
  /** How often it was asked for. */
  runs: number
  /** Whether the browser has all of it. */
  isDone: boolean
  /** Aborts when the page is `gone`, or has `released` the archive: its reason says which. */
  readonly ended: AbortSignal
  /** Aborts when the page's worker has broken down. */
  readonly abandoned: AbortSignal
  tell(message: DeliveryMessage, transfer?: Transferable[]): void
}

const deliveries = new Map<string, Delivery>()
/** Those that were forgotten, and are asked for: what to call when their page has answered. */
const awaited = new Map<string, ((delivery: Delivery | undefined) => void)[]>()

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What may stand between the quotes of an `ETag` (RFC 9110 §8.8.3), in ASCII. */
const ENTITY_TAG = /^[\x21\x23-\x7e]+$/

/** How long a page may take to register again what this worker forgot, in ms. */
const RECALL_WITHIN = 3000

/** Where the URLs of archives are: the scope itself, or the folder `holdall/` in the app's own. */
function base(): string {
  const { scope } = self.registration
  return scope.endsWith('/holdall/') ? scope : new URL('holdall/', scope).href
}

/** The id in `url`, if it is the URL of an archive. */
export function idOf(url: string): string | undefined {
  const start = base()
  if (!url.startsWith(start)) return undefined
  const id = url.slice(start.length, start.length + 36)
  return ID.test(id) && url.slice(start.length + 36) === '.zip' ? id : undefined
}

/** To be called with every message: takes those of holdall's pages, and leaves others alone. */
export function acceptMessage(event: ExtendableMessageEvent): void {
  const { data } = event
  const message = data as PageMessage | null | undefined
  if (message?.type === 'holdall:alive') pageIsAlive()
  if (message?.type === 'holdall:register') register(message)
  if (message?.type === 'holdall:drop') event.waitUntil(drop(message.id).catch(() => undefined))
}

/** Deletes what is stored of an archive: once more when its worker is gone, which may be storing it at this moment. */
async function drop(id: string): Promise<void> {
  await dropJob(id)
  await released(producerLock(id, 0), new AbortController().signal)
  await dropJob(id)
}

type Registration = PageMessage & { type: 'holdall:register' }

function register(message: Registration): void {
  const { id, name, length, fingerprint, runs = 0, control } = message
  if (!isWellFormed(message) || deliveries.has(id)) return
  const ending = new AbortController()
  const abandoning = new AbortController()
  const gate = new Gate()
  const tell = (reply: DeliveryMessage, transfer: Transferable[] = []): void =>
    control.postMessage(reply, transfer)
  const urls = new FreshUrls(tell, ending.signal)
  const end = (how: 'gone' | 'released'): void => {
    deliveries.delete(id)
    ending.abort(how)
    gate.open() // nobody else would
    control.close()
    // A page that releases it says itself what is to be kept.
    if (how === 'gone' && delivery.isDone) dropJob(id).catch(() => undefined)
  }
  control.onmessage = ({ data }: MessageEvent<ControlMessage | null | undefined>) => {
    switch (data?.type) {
      case 'paused':
        return data.paused ? gate.close() : gate.open()
      case 'refreshed':
        return urls.answered(data.number, data.url)
      case 'abandoned':
        return abandoning.abort()
      case 'release':
        tell({ type: 'released' })
        end('released')
    }
  }
  void released(pageLock(id), ending.signal).then(() => end('gone'))
  const delivery: Delivery = {
    id,
    name,
    length,
    fingerprint,
    log: new CheckpointLog(),
    job: undefined,
    runs,
    isDone: false,
    ended: ending.signal,
    abandoned: abandoning.signal,
    tell,
    gate,
    refreshUrl: (file) => urls.of(file),
  }
  deliveries.set(id, delivery)
  for (const resolve of awaited.get(id) ?? []) resolve(delivery)
  awaited.delete(id)
  delivery.tell({ type: 'registered', url: `${base()}${id}.zip` })
}

/** Any script of the origin may send anything. */
function isWellFormed({ id, name, length, fingerprint, runs, control }: Registration): boolean {
  const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
  return (
    typeof id === 'string' &&
    ID.test(id) &&
    typeof name === 'string' &&
    (length === undefined || isCount(length)) &&
    (runs === undefined || isCount(runs)) &&
    (fingerprint === undefined ||
      (typeof fingerprint === 'string' && ENTITY_TAG.test(fingerprint))) &&
    (control as unknown) instanceof MessagePort
  )
}

/**
 * The archive called `id`: one that was forgotten while this worker was stopped is asked for, and one
 * whose page is gone is looked for among those that are stored.
 */
export async function find(id: string): Promise<Delivery | undefined> {
  return deliveries.get(id) ?? ((await isHeld(pageLock(id))) ? await recall(id) : await stored(id))
}

/** An archive that no page has any more. */
async function stored(id: string): Promise<Delivery | undefined> {
  const job = await storedJob(id).catch(() => undefined)
  if (job === undefined) return undefined
  const { name, length, fingerprint } = job
  const gone = AbortSignal.abort('gone')
  const log = new CheckpointLog()
  return {
    id,
    name,
    length,
    fingerprint,
    log,
    job,
    runs: 1, // none of them is the page's own
    isDone: false,
    ended: gone,
    abandoned: gone,
    gate: new Gate(),
    refreshUrl: () => undefined,
    tell: () => undefined,
  }
}

async function recall(id: string): Promise<Delivery | undefined> {
  const known = deliveries.get(id) // it may have been registered while its page was looked for
  if (known !== undefined) return known
  const before = awaited.get(id)
  const recalled = new Promise<Delivery | undefined>((resolve) => {
    awaited.set(id, [...(before ?? []), resolve])
    setTimeout(() => resolve(undefined), RECALL_WITHIN)
  })
  // Once: a page that registers it again and again is heard over the first port alone.
  if (before === undefined) await broadcast({ type: 'holdall:forgotten', id })
  const delivery = (await recalled) ?? deliveries.get(id)
  awaited.delete(id)
  return delivery
}
