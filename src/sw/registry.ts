/** The archives that pages have registered, by their unguessable ids. */

import type { DeliveryMessage, PageMessage, ReleaseMessage } from '../port/delivery.ts'
import { broadcast, pageIsAlive, released } from './liveness.ts'

declare const self: ServiceWorkerGlobalScope

/** An archive that may be asked for. */
export interface Delivery {
  readonly id: string
  readonly name: string
  readonly length: number | undefined
  /** How often it was asked for. */
  runs: number
  /** Aborts when the page is gone or has released the archive. */
  readonly ended: AbortSignal
  tell(message: DeliveryMessage, transfer?: Transferable[]): void
}

const deliveries = new Map<string, Delivery>()
/** Those that were forgotten, and are asked for: what to call when their page has answered. */
const awaited = new Map<string, ((delivery: Delivery | undefined) => void)[]>()

const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

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
export function acceptMessage({ data }: ExtendableMessageEvent): void {
  const message = data as PageMessage | null | undefined
  if (message?.type === 'holdall:alive') pageIsAlive()
  if (message?.type === 'holdall:register') register(message)
}

function register(message: PageMessage & { type: 'holdall:register' }): void {
  const { id, name, length, lock, control } = message
  if (!ID.test(id) || deliveries.has(id)) return
  const ending = new AbortController()
  const end = (): void => {
    deliveries.delete(id)
    ending.abort()
    control.close()
  }
  control.onmessage = ({ data }: MessageEvent<ReleaseMessage>) => {
    if (data.type === 'release') end()
  }
  void released(lock, ending.signal).then(end)
  const delivery: Delivery = {
    id,
    name,
    length,
    runs: 0,
    ended: ending.signal,
    tell: (reply, transfer = []) => control.postMessage(reply, transfer),
  }
  deliveries.set(id, delivery)
  for (const resolve of awaited.get(id) ?? []) resolve(delivery)
  awaited.delete(id)
  delivery.tell({ type: 'registered', url: `${base()}${id}.zip` })
}

/** The archive called `id`; one that was forgotten while this worker was stopped is asked for. */
export async function find(id: string): Promise<Delivery | undefined> {
  const known = deliveries.get(id)
  if (known !== undefined) return known
  const recalled = new Promise<Delivery | undefined>((resolve) => {
    awaited.set(id, [...(awaited.get(id) ?? []), resolve])
    setTimeout(() => resolve(undefined), RECALL_WITHIN)
  })
  await broadcast({ type: 'holdall:forgotten', id })
  const delivery = (await recalled) ?? deliveries.get(id)
  awaited.delete(id)
  return delivery
}
