/** A request with a body, of which is told how much has been sent. */

import { LONGEST_TIMER, ResponseFault } from '../sources/request.ts'
import type { UploadRequest } from './upload-target.ts'

export interface Sending {
  /** Ends it. */
  readonly signal: AbortSignal
  /** How long nothing may be sent, or come, before it counts as broken, in ms. */
  readonly silence: number
  /** Told how many bytes of the body are on their way. */
  readonly sent: (bytes: number) => void
}

/**
 * Sends `body`. By XMLHttpRequest, as `fetch` tells nothing of a body that it sends: a slow line could not be told
 * from a dead one.
 *
 * @returns The answer, whatever its status.
 * @throws {ResponseFault} If there is none.
 * @throws What the browser says of a request that cannot be sent at all; the signal's reason.
 */
export async function sendBody(
  { url, method = 'PUT', headers = {}, credentials }: UploadRequest,
  body: Blob,
  { signal, silence, sent }: Sending,
): Promise<Response> {
  signal.throwIfAborted()
  const request = new XMLHttpRequest()
  let timer: ReturnType<typeof setTimeout> | undefined
  let abort = (): void => undefined
  try {
    request.open(method, String(url))
    request.withCredentials = credentials === 'include'
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    return await new Promise((resolve, reject) => {
      abort = () => reject(signal.reason as Error)
      signal.addEventListener('abort', abort)
      const heard = (): void => {
        clearTimeout(timer)
        timer = setTimeout(
          () => {
            reject(new ResponseFault(`nothing was taken for ${silence / 1000} s`))
          },
          Math.min(silence, LONGEST_TIMER),
        )
      }
      request.upload.onprogress = ({ loaded }) => {
        heard()
        sent(loaded)
      }
      request.onerror = () => reject(new ResponseFault('it did not answer'))
      request.onload = () => resolve(answerOf(request))
      heard()
      request.send(body)
    })
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    request.abort()
  }
}

function answerOf(request: XMLHttpRequest): Response {
  const { status, statusText, responseText } = request
  const headers = new Headers()
  // One that is not exposed is not asked for by its name: browsers would complain in their consoles.
  for (const line of request.getAllResponseHeaders().split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim())
  }
  return new Response(responseText || null, { status, statusText, headers })
}
