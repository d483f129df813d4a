/** What this browser has of what holdall can use: the first thing to look at when it does not work. */

import { create, page } from './page.ts'

/** What there is, and what becomes of it without. */
const ABILITIES: readonly (readonly [name: string, has: () => boolean, without: string])[] = [
  ['Secure context', () => isSecureContext, 'serve the page over HTTPS'],
  [
    'Service workers',
    () => 'serviceWorker' in navigator,
    'archives take another way to the disk; private windows of some browsers have none',
  ],
  ['Web Locks', () => 'locks' in navigator, 'no downloads through the service worker'],
  ['Reads into its own buffers (BYOB)', readsByob, 'more copies are made'],
  ['Choosing where to save', () => 'showSaveFilePicker' in window, 'downloads only'],
  [
    'Private storage of the site',
    () => 'storage' in navigator && 'getDirectory' in navigator.storage,
    'without a service worker, archives are packed in memory',
  ],
  ['Choosing folders', () => 'webkitdirectory' in HTMLInputElement.prototype, 'files only'],
  [
    'Dropping folders as handles',
    () => 'getAsFileSystemHandle' in DataTransferItem.prototype,
    'they are read the older way',
  ],
]

function readsByob(): boolean {
  try {
    new Response(new Uint8Array(1)).body?.getReader({ mode: 'byob' }).releaseLock()
    return true
  } catch {
    return false
  }
}

export function showAbilities(): void {
  page.abilities.replaceChildren(
    ...ABILITIES.map(([name, has, without]) => {
      const there = has()
      const line = create('li', there ? 'ability' : 'ability is-missing')
      line.append(create('b', '', there ? 'Yes' : 'No'), ` ${name}`)
      if (!there) line.append(create('span', 'ability-note', `: ${without}`))
      return line
    }),
  )
}
