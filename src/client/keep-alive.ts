/** Keeps the service worker alive from this page, for downloads of whatever page of the app. */

import type { BroadcastMessage, PageMessage } from '../port/delivery.ts'

/**
 * Answers the pings of service workers of this origin, for downloads of whatever page: Firefox stops
 * one that hears nothing from any.
 *
 * When messages begin to come is left to the page, which may have listeners of its own to add before.
 */
export function answerPings(): void {
  try {
    navigator.serviceWorker.addEventListener('message', answer) // once, however often it is called
  } catch {
    // there are none, or it is a sandbox without an origin
  }
}

function answer({ data, source }: MessageEvent): void {
  const message = data as BroadcastMessage | null | undefined
  if (message?.type !== 'holdall:ping') return
  const alive: PageMessage = { type: 'holdall:alive' }
  ;(source as ServiceWorker | null)?.postMessage(alive)
}
