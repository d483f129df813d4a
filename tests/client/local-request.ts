/** `XMLHttpRequest` as far as uploads need it: real requests, and word of what was sent. */

import { request, type ClientRequest } from 'node:http'

/** Requests that were sent, and are not over. */
const open = new Set<LocalRequest>()

export const openRequests = (): number => open.size

/** Ends them all, as a page does that is closed: nobody is told. */
export function dropRequests(): void {
  for (const request of open) request.abort()
}

export class LocalRequest {
  readonly upload: { onprogress?: (event: { loaded: number }) => void; onload?: () => void } = {}
  onload: () => void = () => undefined
  onerror: () => void = () => undefined
  withCredentials = false
  status = 0
  statusText = ''
  responseText = ''
  #request: ClientRequest | undefined
  #headers = ''
  #ended = false

  open(method: string, url: string): void {
    this.#request = request(url, { method, agent: false })
    this.#request.on('error', () => this.#end(this.onerror))
  }

  setRequestHeader(name: string, value: string): void {
    this.#request!.setHeader(name, value)
  }

  send(body: Blob): void {
    const sending = this.#request!
    open.add(this)
    sending.on('response', async (response) => {
      this.status = response.statusCode!
      this.statusText = response.statusMessage!
      const lines = Object.entries(response.headers).map(
        ([name, value]) => `${name}: ${String(value)}`,
      )
      this.#headers = lines.join('\r\n')
      for await (const chunk of response) this.responseText += String(chunk)
      this.#end(this.onload)
    })
    void body.arrayBuffer().then((bytes) => {
      if (this.#ended) return
      sending.setHeader('Content-Length', bytes.byteLength)
      sending.end(new Uint8Array(bytes), () => {
        this.upload.onprogress?.({ loaded: bytes.byteLength })
        this.upload.onload?.()
      })
    })
  }

  abort(): void {
    this.#end(() => this.#request?.destroy())
  }

  #end(tell: () => void): void {
    if (this.#ended) return
    this.#ended = true
    open.delete(this)
    tell()
  }

  getAllResponseHeaders(): string {
    return this.#headers
  }
}
