/** The server of the tests: an app, files of any size, and faults on demand; counts what it sends. */

import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { built } from './build-app.ts'
import { content } from './content.ts'

/** Holds the folder `samples`. */
const samples = fileURLToPath(new URL('../../public/', import.meta.url))

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

export interface ServerOptions {
  /** Sent with every page and file of the app. */
  readonly headers?: Record<string, string>
  /** Where the app is. Default: the app of the tests. */
  readonly root?: string
  /** Paths of the app that answer otherwise. */
  readonly routes?: Record<string, (response: ServerResponse, request: IncomingMessage) => void>
  /**
   * Who the server is to its visitors, each a site of its own: an address of this machine, or `localhost` and names
   * below it, which browsers look for here. macOS has no address of this kind but one. Default: `127.0.0.1`.
   */
  readonly host?: string
}

export interface TestServer {
  readonly origin: string
  /** Requests so far, as `GET /path`. */
  readonly requests: string[]
  /** Bytes of generated files that were written so far. */
  readonly sent: number
  /** Generated files that are being sent. */
  readonly open: number
  /** Pages that are written by a test, by their paths. */
  readonly pages: Map<string, string>
  /** Refuses what is asked for with `?signed` from now on, as with a signature that has expired. */
  expire(): void
  /** Ends all connections, as a network does that goes. */
  cut(): void
  close(): Promise<void>
}

/**
 * Starts a server of its own origin. Beside the app it answers
 *
 * - `/data/SEED/SIZE`: a generated file, or the rest of it; `?slow=MS` waits between its chunks of 1 MiB,
 *   and `?signed` is refused after `expire()`,
 * - `/die/SEED/SIZE`: one that breaks off half-way each time, and knows no ranges,
 * - `/untold/SEED/SIZE`: one whose size is told by nothing but its end,
 * - `/samples/…`: the sample album of the demo.
 */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const { headers = {}, root = built, routes = {}, host = '127.0.0.1' } = options
  const requests: string[] = []
  const pages = new Map<string, string>()
  const counts = { sent: 0, open: 0 }
  let expired = false

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const path = decodeURIComponent(url.pathname)
    requests.push(`${request.method} ${path}`)
    const { range } = request.headers
    if (routes[path] !== undefined) return routes[path](response, request)
    if (pages.has(path)) {
      response.writeHead(200, { 'Content-Type': TYPES['.html'], ...headers })
      return void response.end(pages.get(path))
    }
    const generated = /^\/(data|die|untold)\/(\d+)\/(\d+)$/.exec(path)
    if (generated !== null) {
      const [, kind, seed, size] = generated
      if (expired && url.searchParams.has('signed')) {
        return void response.writeHead(403).end('expired')
      }
      const length = Number(size)
      const [, from, to] = (kind === 'data' && /^bytes=(\d+)-(\d*)$/.exec(range ?? '')) || []
      const start = Number(from ?? 0)
      const end = to ? Math.min(Number(to) + 1, length) : length
      response.writeHead(from === undefined ? 200 : 206, {
        ...(kind !== 'untold' && { 'Content-Length': end - start }),
        ...(from !== undefined && { 'Content-Range': `bytes ${start}-${end - 1}/${length}` }),
        ...(kind === 'data' && { ETag: `"${seed}-${size}"`, 'Accept-Ranges': 'bytes' }),
        'Content-Type': 'application/octet-stream',
      })
      if (request.method === 'HEAD') return void response.end()
      const wait = Number(url.searchParams.get('slow') ?? 0)
      const chunks = content(Number(seed), end, start)
      await send(response, chunks, kind === 'die' ? length / 2 : Infinity, wait)
      return
    }
    const folder = path.startsWith('/samples/') ? samples : root
    const file = join(folder, normalize(path === '/' ? '/index.html' : path))
    const found = await stat(file).catch(() => undefined)
    if (!found?.isFile()) return void response.writeHead(404).end('not found')
    response.writeHead(200, {
      'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream',
      'Content-Length': found.size,
      ...headers,
    })
    if (request.method === 'HEAD') return void response.end()
    createReadStream(file).pipe(response)
  }

  async function send(
    response: ServerResponse,
    chunks: Iterable<Buffer>,
    breakAt: number,
    wait: number,
  ): Promise<void> {
    let sent = 0
    counts.open++
    response.on('close', () => counts.open--)
    const closed = once(response, 'close')
    for (const chunk of chunks) {
      if (response.destroyed) return
      if (sent >= breakAt) break
      sent += chunk.length
      counts.sent += chunk.length
      await Promise.race([new Promise((taken) => response.write(chunk, taken)), closed])
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    }
    if (breakAt === Infinity) response.end()
    else response.destroy()
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  server.listen(0, host.endsWith('localhost') ? '127.0.0.1' : host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://${host}:${port}`,
    requests,
    pages,
    get sent() {
      return counts.sent
    },
    get open() {
      return counts.open
    },
    expire: () => void (expired = true),
    cut: () => server.closeAllConnections(),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
