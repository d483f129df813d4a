// Why: everything that a bench fetches comes from one server, which knows what it has sent.

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import { served } from './build.mjs'
import { selfSigned } from './certificate.mjs'

const block = Buffer.alloc(2 ** 20, 7)
/** What a server that is far away takes to answer, in ms. */
export const LATENCY = 50

const TYPES = new Map([
  ['html', 'text/html'],
  ['js', 'text/javascript'],
  ['css', 'text/css'],
  ['svg', 'image/svg+xml'],
])

/**
 * What was sent of `/data` and `/far`: bytes, and the parts that were asked for, from what byte on.
 *
 * @typedef {{ sent: number, parts: { url: string, from: number }[] }} Sent
 */

/**
 * Serves the pages, `/data/SIZE`: as many bytes as fast as they are taken, and `/far/SIZE`: the same
 * 50 ms later.
 *
 * @param {boolean} http2 Whether to speak HTTP/2, over TLS as browsers want it.
 */
export async function serve(http2) {
  /** @type {Sent} */
  const counts = { sent: 0, parts: [] }
  /** @type {Map<string, Buffer>} */
  const scripts = new Map()
  /** @type {(request: any, response: any) => Promise<void>} */
  const answer = async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const [, place, size] = /^\/(data|far)\/(\d+)/.exec(pathname) ?? []
    if (place === 'far') await new Promise((resolve) => setTimeout(resolve, LATENCY))
    if (size !== undefined) return sendData(request, response, Number(size), counts)
    const file = served + pathname.slice(1) + (pathname.endsWith('/') ? 'index.html' : '')
    if (!existsSync(file)) return void response.writeHead(404).end()
    const type = TYPES.get(file.split('.').at(-1) ?? '') ?? 'application/octet-stream'
    const body = await readFile(file)
    scripts.set(pathname, body)
    response.writeHead(200, { 'Content-Type': type })
    response.end(body)
  }
  const server = http2
    ? createSecureServer({ ...selfSigned(), allowHTTP1: true }, answer)
    : createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    origin: `${http2 ? 'https' : 'http'}://127.0.0.1:${address.port}`,
    /** Bytes of `/data` and `/far` that were sent so far. */
    sent: () => counts.sent,
    parts: counts.parts,
    /** What was sent besides, by its path: pages and scripts. */
    scripts,
    close() {
      if ('closeAllConnections' in server) server.closeAllConnections()
      server.close()
    },
  }
}

/**
 * @param {any} request
 * @param {any} response
 * @param {number} size
 * @param {Sent} counts
 */
async function sendData(request, response, size, counts) {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  response.writeHead(from > 0 ? 206 : 200, {
    'Content-Length': size - from,
    ETag: `"${size}"`,
    ...(from > 0 && { 'Content-Range': `bytes ${from}-${size - 1}/${size}` }),
  })
  if (request.method === 'HEAD') return void response.end()
  if (from > 0) counts.parts.push({ url: request.url ?? '', from })
  for (let left = size - from; left > 0 && !response.destroyed; left -= block.length) {
    const chunk = left < block.length ? block.subarray(0, left) : block
    counts.sent += chunk.length
    if (!response.write(chunk)) {
      await new Promise((resolve) => {
        response.once('drain', resolve)
        response.once('close', resolve)
      })
      response.removeAllListeners('close')
    }
  }
  response.end()
}
