/** The ready-made service worker, `holdall-sw.js`: answers downloads, and nothing else. */

import { answerDownload } from './answer.ts'
import { acceptMessage } from './registry.ts'
import { downloadsEnded } from './replacement.ts'

declare const self: ServiceWorkerGlobalScope

self.addEventListener('install', (event) => event.waitUntil(downloadsEnded()))
self.addEventListener('message', acceptMessage)
self.addEventListener('fetch', (event) => void answerDownload(event))
