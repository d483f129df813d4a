/** An app that works offline, as its author would write it; tests drive it through what it puts on `window`. */

import { configure } from 'holdall'
import { exportBundle, importBundle } from 'holdall/bundle'
import { show } from './ui.ts'

declare global {
  interface Window {
    exportBundle: typeof exportBundle
    importBundle: typeof importBundle
  }
}

// One service worker, for the app and for its downloads: it is there when the network is not.
configure({ serviceWorker: { url: '/sw.js', scope: '/' } })
window.exportBundle = exportBundle
window.importBundle = importBundle
show(document.querySelector('#app')!)

await navigator.serviceWorker.register('/sw.js', { type: 'classic' })
await navigator.serviceWorker.ready
document.documentElement.dataset['ready'] = ''
