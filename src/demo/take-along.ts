/** Takes the demo along: its pages as they look, and the sample album, in a ZIP that opens from a disk. */

import { exportBundle } from 'holdall/bundle'
import { announce } from './announcer.ts'
import { COPY_READY } from './copy.ts'
import { formatBytes } from './format.ts'
import { page } from './page.ts'
import { loadSampleAlbum } from './sample-album.ts'

export function connectTakeAlong(): void {
  page.take.addEventListener('click', () => void take())
}

let taking = false

async function take(): Promise<void> {
  if (taking) return
  taking = true
  page.take.ariaDisabled = 'true' // one that is disabled loses the focus
  say('Looking at the pages and the album.')
  try {
    const { items } = await loadSampleAlbum()
    const job = exportBundle({
      name: 'holdall-demo.zip',
      caches: [],
      // There is no server for its scripts on a disk: what the pages show is what opens.
      routes: [{ url: './', render: true, ready: COPY_READY }, './widget.html'],
      files: items.map(({ input }) => (input as { readonly url: URL }).url),
    })
    job.addEventListener('progress', ({ progress: { bytes, total } }) => {
      say(`${formatBytes(bytes)}${total === undefined ? '' : ` of ${formatBytes(total)}`}`)
    })
    const { bytes } = await job.download()
    say(`It is in your downloads, ${formatBytes(bytes)}. Unpack it, and open index.html.`)
    announce('The demo is packed')
  } catch (error) {
    say((error as Error).message)
  } finally {
    taking = false
    page.take.ariaDisabled = 'false'
  }
}

function say(text: string): void {
  page.takeState.textContent = text
}
