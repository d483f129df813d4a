/** Answers the browser when it asks for the URL of an archive. */

import { archiveHeaders } from '../engine/response-headers.ts'
import { ArchiveBody } from './archive-body.ts'
import { find, idOf } from './registry.ts'

/**
 * Answers `event` if it asks for an archive of holdall's, and leaves every other request alone.
 *
 * For an app's own service worker; to be called first in its listener for `fetch`.
 *
 * @returns Whether it was answered.
 */
export function answerDownload(event: FetchEvent): boolean {
  const { method, url } = event.request
  if (method !== 'GET' && method !== 'HEAD') return false
  const id = idOf(url)
  if (id === undefined) return false
  // The event lasts until the archive has been delivered: no update of this worker cuts it off.
  let finish: () => void = () => undefined
  event.waitUntil(
    new Promise<void>((resolve) => {
      finish = resolve
    }),
  )
  event.respondWith(answer(event.request, id, finish))
  return true
}

async function answer(request: Request, id: string, finish: () => void): Promise<Response> {
  const delivery = await find(id).catch((error: unknown) => {
    finish()
    throw error
  })
  if (delivery === undefined) {
    finish()
    return fetch(request) // never registered, or long done: the server knows nothing of it either
  }
  const headers = archiveHeaders(delivery.name, delivery.length)
  if (request.method === 'HEAD') {
    finish()
    return new Response(null, { headers })
  }
  const body = new ReadableStream(new ArchiveBody(delivery, finish), { highWaterMark: 0 })
  return new Response(body, { headers })
}
