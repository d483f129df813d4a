/** Answers the browser when it asks for the URL of an archive. */

import { archiveHeaders } from '../engine/response-headers.ts'
import { loadCheckpoints, storedJob } from '../engine/store.ts'
import { CheckpointLog } from '../zip/checkpoint-log.ts'
import { ArchiveBody } from './archive-body.ts'
import { RangeBody } from './range-body.ts'
import { rangeOf } from './range.ts'
import { find, idOf, type Delivery } from './registry.ts'

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
  // The event lasts until the archive has been delivered; an update waits for that, too: see `replacement`.
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
  const part = await partOf(request, delivery, headers, finish).catch((error: unknown) => {
    finish()
    throw error
  })
  if (part !== undefined) return part
  if (request.method === 'HEAD') {
    finish()
    return new Response(null, { headers })
  }
  return new Response(streamOf(new ArchiveBody(delivery, finish)), { headers })
}

/**
 * The answer to a request for a part of the archive; `undefined` if it asks for all, or only all of it
 * can be had. Says in `headers` whether parts can be.
 *
 * Not to navigations: a browser that has an entity tag resumes a download later, past this worker.
 */
async function partOf(
  request: Request,
  { id, fingerprint, length, log, job: known, ended, refreshUrl }: Delivery,
  headers: Headers,
  finish: () => void,
): Promise<Response | undefined> {
  if (request.mode === 'navigate' || fingerprint === undefined || length === undefined) return
  const job = known ?? (await storedJob(id).catch(() => undefined))
  if (job === undefined) return
  const etag = `"${fingerprint}"`
  headers.set('ETag', etag)
  headers.set('Accept-Ranges', 'bytes')
  const range = request.method === 'HEAD' ? undefined : rangeOf(request, etag, length)
  if (range === undefined) return
  if (range === 'unsatisfiable') {
    finish()
    headers.set('Content-Range', `bytes */${length}`)
    headers.set('Content-Length', '0')
    return new Response(null, { status: 416, headers })
  }
  const { start, end } = range
  // A service worker that was stopped since has forgotten them.
  const checkpoints = log.offset > 0 ? log : await storedCheckpoints(id)
  const body = streamOf(new RangeBody(job, checkpoints, ended.aborted, range, refreshUrl, finish))
  headers.set('Content-Range', `bytes ${start}-${end - 1}/${length}`)
  headers.set('Content-Length', String(end - start))
  return new Response(body, { status: 206, headers })
}

/** Not those of the delivery: who makes that anew may make it otherwise, of files that have changed. */
async function storedCheckpoints(id: string): Promise<CheckpointLog> {
  const log = new CheckpointLog()
  await loadCheckpoints(id, log).catch(() => undefined)
  return log
}

function streamOf(source: UnderlyingDefaultSource<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream(source, { highWaterMark: 0 })
}
