// Why: client-zip in a service worker, as its README says: an async generator, one fetch after the other,
// and the length that it predicts.

import { downloadZip } from 'client-zip'

addEventListener('fetch', (event) => {
  const { pathname, searchParams } = new URL(event.request.url)
  if (!pathname.endsWith('/archive.zip')) return
  const [count, size] = [Number(searchParams.get('count')), Number(searchParams.get('size'))]
  const url = searchParams.get('url')
  const metadata = Array.from({ length: count }, (_, index) => ({ name: `${index}.bin`, size }))
  async function* files() {
    for (let index = 0; index < count; index++) {
      yield { name: `${index}.bin`, input: await fetch(`${url}?${index}`) }
    }
  }
  const { body, headers } = downloadZip(files(), { metadata })
  headers.set('Content-Disposition', 'attachment; filename="archive.zip"')
  event.respondWith(new Response(body, { headers }))
})
