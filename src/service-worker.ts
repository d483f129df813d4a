/**
 * "holdall/service-worker": for an app's own service worker.
 *
 *     import { answerDownload, downloadsEnded } from 'holdall/service-worker'
 *
 *     addEventListener('fetch', (event) => {
 *       if (answerDownload(event)) return
 *       // … your own routes
 *     })
 *
 *     // a new version of yours waits for the downloads that the old one answers
 *     addEventListener('install', (event) => event.waitUntil(downloadsEnded().then(() => skipWaiting())))
 *
 * Importing it also listens for the messages of holdall's pages, and leaves all others alone.
 *
 * @module
 */

import { acceptMessage } from './sw/registry.ts'

export { answerDownload } from './sw/answer.ts'
export { downloadsEnded } from './sw/replacement.ts'

declare const self: ServiceWorkerGlobalScope

// Browsers want listeners added while the script is first run, so this cannot wait for a download.
self.addEventListener('message', acceptMessage)
