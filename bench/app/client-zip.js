// Why: client-zip in a service worker, as its README shows it: one fetch after the other.

import { downloadZip } from 'client-zip'

addEventListener('fetch', (event) => {
  const { pathname, searchParams } = new URL(event.request.url)
  if (pathname !== '/client-zip/archive.zip') return
  const count = Number(searchParams.get('count'))
  const url = searchParams.get('url')
  async function* files() {
    for (let index = 0; index < count; index++) {
      yield { name: `${index}.bin`, input: await fetch(`${url}?${index}`) }
    }
  }
  const { body } = downloadZip(files())
  event.respondWith(
    new Response(body, { headers: { 'Content-Disposition': 'attachment; filename="a.zip"' } }),
  )
})
