// Why: the least that a service worker can do for a download: pass on what it fetches.

addEventListener('fetch', (event) => {
  const { pathname, searchParams } = new URL(event.request.url)
  if (!pathname.endsWith('/archive.zip')) return
  const size = searchParams.get('size')
  event.respondWith(
    fetch(`/data/${size}`).then(
      ({ body }) =>
        new Response(body, {
          headers: {
            'Content-Length': size,
            'Content-Disposition': 'attachment; filename="archive.zip"',
          },
        }),
    ),
  )
})
