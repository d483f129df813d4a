/** A store that takes an object in parts, as S3 does, on another origin than the page; it fails on demand. */

import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a request for a part meets: an answer that is no 200, or so many ms late; a connection that is cut half-way; or nothing at all. */
export type Fault =
  | 'cut'
  | 'hang'
  | { late: number }
  | { status: number; body?: string; headers?: Record<string, string> }

/** A part as its page knows it. */
export interface ListedPart {
  readonly number: number
  readonly etag?: string
}

export interface ObjectStore extends AsyncDisposable {
  /** Where parts are put: `?part=N`, and whatever else is signed. */
  readonly url: string
  /** Requests for parts, by their numbers and queries, in order. */
  readonly asked: { readonly number: number; readonly search: string }[]
  /** Parts that were taken, in order; each time. */
  readonly taken: number[]
  readonly parts: ReadonlyMap<number, Buffer>
  /** The object, once it is complete. */
  readonly object: Buffer | undefined
  /** How often it was told to forget the parts. */
  readonly aborts: number
  /** Requests that are not answered. */
  readonly open: number
  /** What becomes of the request for a part. Default: it is taken. */
  fault: (number: number, attempt: number) => Fault | undefined
  /** Whether parts get entity tags. */
  tags: boolean
  /** Makes one object of the parts; `POST` does, too. */
  complete(parts: readonly ListedPart[]): void
  /** Forgets the parts; `DELETE` does, too. */
  abort(): void
}

const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`

export async function objectStore(): Promise<ObjectStore> {
  const parts = new Map<number, Buffer>()
  const asked: { number: number; search: string }[] = []
  const taken: number[] = []
  const state = {
    object: undefined as Buffer | undefined,
    aborts: 0,
    open: 0,
    tags: true,
    fault: (() => undefined) as ObjectStore['fault'],
    complete(list: readonly ListedPart[]): void {
      const bytes = list.map(({ number, etag }, index) => {
        const part = parts.get(number)
        if (part === undefined || number !== index + 1) throw new Error('InvalidPart')
        if (etag !== undefined && etag !== etagOf(part)) throw new Error('InvalidPart')
        return part
      })
      state.object = Buffer.concat(bytes)
    },
    abort(): void {
      state.aborts++
      parts.clear()
    },
  }

  async function put(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { search, searchParams } = new URL(request.url!, 'http://store')
    const number = Number(searchParams.get('part'))
    asked.push({ number, search })
    const attempt = asked.filter((other) => other.number === number).length
    const fault = state.fault(number, attempt)
    if (fault === 'cut') {
      await once(request, 'data')
      return void request.socket.destroy()
    }
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (fault === 'hang') return
    if (fault !== undefined && 'late' in fault) {
      await new Promise((resolve) => setTimeout(resolve, fault.late))
    } else if (fault !== undefined) {
      return void response.writeHead(fault.status, fault.headers).end(fault.body)
    }
    if (response.destroyed) return
    const bytes = Buffer.concat(chunks)
    parts.set(number, bytes)
    taken.push(number)
    response.writeHead(200, state.tags ? { ETag: etagOf(bytes) } : {}).end()
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('Access-Control-Allow-Origin', '*')
    response.setHeader('Access-Control-Allow-Methods', 'PUT, POST, DELETE')
    response.setHeader('Access-Control-Expose-Headers', 'ETag')
    if (request.method === 'PUT') return put(request, response)
    if (request.method === 'DELETE') state.abort()
    if (request.method === 'POST') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      state.complete(JSON.parse(String(Buffer.concat(chunks))) as ListedPart[])
    }
    response.end()
  }

  const server = createServer((request, response) => {
    state.open++
    response.on('close', () => state.open--)
    answer(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}/archives/a.zip`
  return Object.assign(state, {
    url,
    asked,
    taken,
    parts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}
