/** The ready-made service worker, `holdall-sw.js`: answers downloads, and nothing else. */

import { answerDownload } from './answer.ts'
import { acceptMessage } from './registry.ts'

declare const self: ServiceWorkerGlobalScope

self.addEventListener('message', acceptMessage)
self.addEventListener('fetch', (event) => void answerDownload(event))
