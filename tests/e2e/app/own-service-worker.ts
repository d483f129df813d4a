/** An app's own service worker, which answers downloads beside a route of its own. */

import { answerDownload, downloadsEnded } from 'holdall/service-worker'

declare const self: ServiceWorkerGlobalScope

self.addEventListener('install', (event) =>
  event.waitUntil(downloadsEnded().then(() => self.skipWaiting())),
)
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('fetch', (event) => {
  if (answerDownload(event)) return
  if (new URL(event.request.url).pathname !== '/from-own-worker') return
  event.respondWith(new Response('from the app’s own service worker'))
})
