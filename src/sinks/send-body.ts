/** A request with a body, of which is told how much has been sent. */

import { LONGEST_TIMER, ResponseFault } from '../sources/request.ts'
import type { UploadRequest } from './upload-target.ts'

/** How many times as long as for bytes to be taken, an answer is waited for. */
const PATIENT = 4

export interface Sending {
  /** Ends it. */
  readonly signal: AbortSignal
  /**
   * How long nothing may be sent before it counts as broken, in ms; once all is sent, four times as long: what is on
   * its way still, in a slow line's buffers, is told of by nobody, and a store may have work to do.
   */
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
      const within = (limit: number, fault: string): void => {
        clearTimeout(timer)
        const late = (): void => reject(new ResponseFault(`${fault} for ${limit / 1000} s`))
        timer = setTimeout(late, Math.min(limit, LONGEST_TIMER))
      }
      const heard = (): void => within(silence, 'nothing was taken')
      request.upload.onprogress = ({ loaded }) => {
        heard()
        sent(loaded)
      }
      request.upload.onload = () => within(PATIENT * silence, 'it did not answer')
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
