/** The demo as a copy of it is to show it: with the album in the bag, and nothing that would need a site. */

import { create, page } from './page.ts'
import { showPhase } from './readout.ts'
import { loadSampleAlbum, type NamedItems } from './sample-album.ts'

/** What says that this page may be taken down. */
export const COPY_READY = 'html[data-copy]'

/** Whether this page is shown in a frame, for a copy to be made of it. */
export function isForCopy(): boolean {
  return window.parent !== window
}

/** @param add Puts the album into the bag. */
export async function showCopy(add: (album: NamedItems) => void): Promise<void> {
  const album = await loadSampleAlbum()
  add(album)
  const date = new Date().toLocaleDateString('en', { dateStyle: 'long' })
  const site = create('a', '', location.origin)
  site.href = `${location.origin}/`
  const note = create('p', 'copy-note', `A copy of ${date}, for reading. To pack something, visit `)
  note.append(site, '.')
  page.copyNote.replaceChildren(note, pictures(album))
  page.copyNote.hidden = false
  page.takeSection.hidden = true
  showPhase('ready', 'The sample album', 'Its files are in the folder samples, beside this page.')
}

export function copyIsReady(): void {
  document.documentElement.dataset['copy'] = ''
}

/** The album's pictures, each of which leads to its file. */
function pictures({ items }: NamedItems): HTMLElement {
  const list = create('div', 'copy-pictures')
  for (const { input, path } of items) {
    const { href } = (input as { readonly url: URL }).url
    if (!/\.(?:jpg|png|svg)$/.test(href)) continue
    const image = create('img', '')
    Object.assign(image, { src: href, alt: path, width: 64, height: 64 })
    const link = create('a', '')
    link.href = href
    link.append(image)
    list.append(link)
  }
  return list
}
