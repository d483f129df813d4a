/** An app that works offline, as its author would write it; tests drive it through what it puts on `window`. */

import { exportBundle } from 'holdall/bundle'
import { show } from './ui.ts'

declare global {
  interface Window {
    exportBundle: typeof exportBundle
  }
}

window.exportBundle = exportBundle
show(document.querySelector('#app')!)

await navigator.serviceWorker.register('/sw.js', { type: 'classic' })
await navigator.serviceWorker.ready
document.documentElement.dataset['ready'] = ''
