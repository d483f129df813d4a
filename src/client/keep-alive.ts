/** Keeps the service worker alive from this page, for downloads of whatever page of the app. */

import type { BroadcastMessage, PageMessage } from '../port/delivery.ts'

let answering = false

/**
 * Answers the pings of service workers of this origin, for downloads of whatever page: Firefox stops
 * one that hears nothing from any.
 */
export function answerPings(): void {
  if (answering) return
  answering = true
  let workers: ServiceWorkerContainer | undefined
  try {
    workers = navigator.serviceWorker // which throws in a sandbox without an origin
  } catch {
    return
  }
  workers?.addEventListener('message', ({ data, source }) => {
    const message = data as BroadcastMessage | null | undefined
    if (message?.type !== 'holdall:ping') return
    const alive: PageMessage = { type: 'holdall:alive' }
    ;(source as ServiceWorker | null)?.postMessage(alive)
  })
  workers?.startMessages()
}
