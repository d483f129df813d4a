/**
 * `fetch` in a Web Worker of the frame: without cookies, and by way of the page for what is of its origin.
 *
 * The engine calls the `fetch` of its thread, in several places and for URLs that only a manifest names. So
 * that one is replaced: no request can be forgotten.
 *
 * @module
 */

import { readableFromPort } from '../port/readable.ts'
import type { FileRequest, FileResponse, RelayMessage } from './protocol.ts'

/** A request that the page has not answered. */
interface Waiting {
  resolve(response: Response): void
  reject(error: unknown): void
}

/** What `fetch` is given by the engine. */
type EngineFetch = (url: string, init?: RequestInit) => Promise<Response>

/**
 * A `fetch` for a frame that works for a page of `origin`, which answers over `port`.
 *
 * @param direct For all other origins.
 */
export function relayedFetch(
  direct: EngineFetch,
  { origin, port }: Pick<RelayMessage, 'origin' | 'port'>,
): EngineFetch {
  const waiting = new Map<number, Waiting>()
  let requests = 0
  const send = (message: FileRequest): void => port.postMessage(message)
  port.onmessage = ({ data }: MessageEvent<FileResponse | null | undefined>) => {
    const asked = waiting.get(data?.id as number)
    if (!data || asked === undefined) return // it was aborted, and the page knows
    waiting.delete(data.id)
    if (data.type !== 'response') return asked.reject(new TypeError(String(data.message))) // as fetch does
    try {
      asked.resolve(toResponse(data))
    } catch (error) {
      asked.reject(error) // as the page answered with what is no response
    }
  }

  const askPage: EngineFetch = (url, init = {}) =>
    new Promise((resolve, reject) => {
      const { signal } = init
      const id = requests++
      let answer: Response | undefined
      const abort = (): void => {
        waiting.delete(id)
        send({ type: 'abort', id })
        reject(signal!.reason as Error)
        answer?.body?.cancel(signal!.reason).catch(() => undefined) // who reads it cancels it
      }
      if (signal?.aborted) return reject(signal.reason as Error)
      signal?.addEventListener('abort', abort, { once: true })
      const answered = (response: Response): void => resolve((answer = response))
      waiting.set(id, { resolve: answered, reject })
      const { cache, credentials, integrity, redirect, referrerPolicy } = init
      send({
        type: 'request',
        id,
        url,
        method: init.method === 'HEAD' ? 'HEAD' : 'GET',
        headers: [...new Headers(init.headers)],
        ...(cache && { cache }),
        ...(credentials && { credentials }),
        ...(integrity && { integrity }),
        ...(redirect && { redirect }),
        ...(referrerPolicy && { referrerPolicy }),
      })
    })

  return (url, init) => {
    // Whoever asks only whether a server answers reads nothing, and needs no page for it.
    const isOfPage = new URL(url).origin === origin && init?.mode !== 'no-cors'
    return isOfPage ? askPage(url, init) : direct(url, { ...init, credentials: 'omit' })
  }
}

function toResponse(data: FileResponse & { type: 'response' }): Response {
  const { url, status, statusText, headers, body } = data
  const fields = { status, statusText, headers: headers as [string, string][] }
  void new Response(null, fields) // before anything of the body is asked for
  const response = new Response(body === undefined ? null : readableFromPort(body), fields)
  Object.defineProperty(response, 'url', { value: url }) // what is made by hand has none
  return response
}
