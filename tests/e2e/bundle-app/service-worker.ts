/** The app's service worker: Workbox keeps the app, and what was read; downloads need no other one offline. */

import { answerDownload } from 'holdall/service-worker'
import { precacheAndRoute } from 'workbox-precaching'

declare const self: ServiceWorkerGlobalScope & {
  readonly __WB_MANIFEST: { url: string; revision: string | null }[]
}

self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  if (answerDownload(event)) return
  const { pathname } = new URL(event.request.url)
  if (pathname.startsWith('/notes/')) event.respondWith(kept(event.request))
})

// oxlint-disable-next-line no-underscore-dangle -- the name that Workbox gives it
precacheAndRoute(self.__WB_MANIFEST)

async function kept(request: Request): Promise<Response> {
  const cache = await caches.open('notes')
  const known = await cache.match(request)
  if (known) return known
  const response = await fetch(request)
  await cache.put(request, response.clone())
  return response
}
