// Why: client-zip fed by its companion, as the README of that one shows it.

import { downloadZip } from 'client-zip'
import { DownloadStream } from 'dl-stream'

addEventListener('fetch', (event) => {
  const { pathname, searchParams } = new URL(event.request.url)
  if (!pathname.endsWith('/archive.zip')) return
  const count = Number(searchParams.get('count'))
  const url = searchParams.get('url')
  const input = Array.from({ length: count }, (_, index) => `${url}?${index}`)
  const { body } = downloadZip(new DownloadStream(input))
  event.respondWith(
    new Response(body, {
      headers: { 'Content-Disposition': 'attachment; filename="archive.zip"' },
    }),
  )
})
