/** The page's answers to a frame that asks for its files: those that the page has named, and no others. */

import { sendStream } from '../client/send-stream.ts'
import type { FileRequest, FileResponse } from './protocol.ts'

/**
 * What the page lets its frame read. The page asks with its own cookies, so it asks for nothing that it was
 * not told to pack: a frame that is not what it should be learns nothing else.
 */
export class NamedFiles {
  readonly origin: string
  readonly #urls = new Set<string>()
  readonly #manifests = new Set<string>()

  /** @param origin Of the page. */
  constructor(origin: string) {
    this.origin = origin
  }

  /** Takes note of `url`, if it is of the page's origin. */
  add(url: string | URL, baseURL: string, isManifest = false): void {
    try {
      const { href, origin } = new URL(url, baseURL)
      if (origin !== this.origin) return
      this.#urls.add(href)
      if (isManifest) this.#manifests.add(href)
    } catch {
      // The frame will say that it is no URL.
    }
  }

  has(url: string): boolean {
    return this.#urls.has(url)
  }

  isManifest(url: string): boolean {
    return this.#manifests.has(url)
  }

  /**
   * Takes note of what the page gives for `url`, which the frame says it needs another for. Where a relative one
   * begins is not for the frame to say.
   */
  addInPlace(fresh: string | URL, url: string): void {
    this.add(fresh, this.has(url) ? url : 'about:blank')
  }

  /** Takes note of all that the manifest lists. The frame will say what is wrong with it. */
  learn(manifest: string, found: string): void {
    try {
      const { files } = JSON.parse(manifest) as { files: { url?: string }[] }
      for (const { url } of files) if (typeof url === 'string') this.add(url, found)
    } catch {
      // Those before it are known; the frame stops there, too.
    }
  }
}

/** As a server refuses: who asks need not ask again, and may be given another URL by the page. */
const REFUSED = { status: 403, statusText: 'as the page has not named it', headers: [] } as const

/**
 * Answers requests over `port` with what `named` has.
 *
 * @returns Ends all that are under way, and answers no more: nobody tells of a reader that is gone.
 */
export function answerRequests(port: MessagePort, named: NamedFiles): () => void {
  /** Those whose answers may not have been read to their end. */
  const running = new Map<number, AbortController>()
  const end = (id: number): void => {
    running.get(id)?.abort()
    running.delete(id)
  }
  const send = (message: FileResponse, list: Transferable[] = []): void =>
    port.postMessage(message, list)

  const answer = async (request: FileRequest & { type: 'request' }): Promise<void> => {
    const { id, url } = request
    if (!named.has(url)) return send({ type: 'response', id, url, ...REFUSED })
    const ending = new AbortController()
    running.set(id, ending)
    try {
      const response = await ask(request, ending.signal)
      const { status, statusText, url: found } = response
      const headers = [...response.headers]
      const fields = {
        type: 'response',
        id,
        url: found || url,
        status,
        statusText,
        headers,
      } as const
      if (response.body === null) {
        running.delete(id)
        return send(fields)
      }
      const body = named.isManifest(url) ? await learned(response, named) : response.body
      const sent = sendStream(body, ending.signal) // which ends the request if its reader goes
      send({ ...fields, body: sent }, [sent])
    } catch (error) {
      running.delete(id)
      send({ type: 'failed', id, message: (error as Error).message })
    }
  }

  port.onmessage = ({ data }: MessageEvent<FileRequest | null | undefined>) => {
    if (data?.type === 'request') void answer(data)
    else if (data?.type === 'abort') end(data.id)
  }
  return () => {
    port.close()
    for (const id of running.keys()) end(id)
  }
}

function ask(request: FileRequest & { type: 'request' }, signal: AbortSignal): Promise<Response> {
  const { url, method, headers, cache, credentials, integrity, redirect, referrerPolicy } = request
  return fetch(url, {
    method: method === 'HEAD' ? 'HEAD' : 'GET',
    headers: headers as [string, string][],
    signal,
    ...(cache && { cache }),
    ...(credentials && { credentials }),
    ...(integrity && { integrity }),
    ...(redirect && { redirect }),
    ...(referrerPolicy && { referrerPolicy }),
  })
}

/** The body of a manifest, which is read before the frame has it: it asks for what is in there at once. */
async function learned(response: Response, named: NamedFiles): Promise<ReadableStream<Uint8Array>> {
  const text = await response.text()
  named.learn(text, response.url)
  return new Blob([text]).stream()
}
