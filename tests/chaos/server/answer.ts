/** Answers one request for a file, rightly or with a fault. */

import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import type { Fault, Served } from './faults.ts'

export type Request = IncomingMessage | Http2ServerRequest
/** Of either version of HTTP: the fields and methods of HTTP/1.1 that HTTP/2 has, too. */
export type Response = ServerResponse

/** How long what was sent is given to arrive, before the connection breaks, in ms. */
const ARRIVES_IN = 15

/** What CORS hides of what is sent here, unless the server exposes it. */
const HIDDEN = ['ETag', 'Accept-Ranges', 'Content-Range', 'Content-Encoding']

/** Answers with `file`; wrongly, as `fault` has it, if there is one. */
export async function answer(
  request: Request,
  response: Response,
  file: Served,
  fault?: Fault,
): Promise<void> {
  switch (fault?.kind) {
    case 'reset':
      if (fault.at === undefined) return cut(response, fault.hard)
      await part(request, response, file, fault.at)
      await wait(ARRIVES_IN)
      return cut(response, fault.hard)
    case 'stall':
      if (fault.at !== undefined) await part(request, response, file, fault.at)
      return
    case 'end':
      await part(request, response, file, fault.at)
      await wait(ARRIVES_IN)
      if (response.hasHeader('Content-Length')) return cut(response)
      response.end()
      return
    case 'status': {
      const { status, retryAfter } = fault
      response.writeHead(status, retryAfter === undefined ? {} : { 'Retry-After': retryAfter })
      response.end('not now')
      return
    }
    case 'refuse-range':
      if (request.headers.range === undefined) break
      response.writeHead(416, { 'Content-Range': `bytes */${file.bytes.length}` }).end()
      return
    case 'redirect':
      response.writeHead(fault.status, { Location: fault.to ?? again(request) }).end()
      return
    case 'page':
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
      response.end('<!doctype html><title>Sorry</title>')
      return
    case 'change':
      return send(response, head(request, response, fault.to))
    case 'drip': {
      const { from, piece, ms } = fault
      const body = head(request, response, file)
      await send(response, body.subarray(0, from), false)
      for (let at = from; at < body.length && !response.destroyed; at += piece) {
        await send(response, body.subarray(at, at + piece), false)
        await wait(ms)
      }
      response.end()
      return
    }
  }
  return send(response, head(request, response, file, fault))
}

/** Sends the head of an answer and `length` bytes of its body, though never all of it. */
async function part(
  request: Request,
  response: Response,
  file: Served,
  length: number,
): Promise<void> {
  const body = head(request, response, file)
  await send(response, body.subarray(0, Math.min(length, body.length - 1)), false)
}

/** Sends the head of an answer; gives the body that belongs to it. */
function head(request: Request, response: Response, file: Served, fault?: Fault): Buffer {
  const { etag, lastModified, chunked, gzip, ranges = true } = file
  const bytes = gzip ? gzipSync(file.bytes) : file.bytes
  if (etag !== undefined) response.setHeader('ETag', etag)
  if (lastModified !== undefined) response.setHeader('Last-Modified', lastModified)
  if (gzip) response.setHeader('Content-Encoding', 'gzip')
  if (ranges) response.setHeader('Accept-Ranges', 'bytes')
  response.setHeader('Content-Type', 'application/octet-stream')
  for (const [name, value] of Object.entries(file.headers ?? {})) response.setHeader(name, value)

  const heard = ranges && fault?.kind !== 'ignore-range' && stillHolds(request, file)
  const [, from, to] = (heard && /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')) || []
  if (from !== undefined && Number(from) >= bytes.length) {
    response.removeHeader('Content-Encoding')
    response.writeHead(416, file.foreign ? {} : { 'Content-Range': `bytes */${bytes.length}` })
    return Buffer.alloc(0)
  }
  let start = Number(from ?? 0)
  if (from !== undefined && fault?.kind === 'wrong-start') start = Math.max(0, start + fault.by)
  const longest = from === undefined ? Infinity : (file.longestPart ?? Infinity)
  const last = to === undefined || to === '' ? bytes.length - 1 : Number(to)
  const body = bytes.subarray(start, Math.min(last + 1, bytes.length, start + longest))
  if (from !== undefined) {
    const total = file.untold ? '*' : bytes.length
    const range = `bytes ${start}-${start + body.length - 1}/${total}`
    response.setHeader('Content-Range', range)
  }
  const more = fault?.kind === 'length' ? fault.by : 0
  if (file.foreign) for (const name of HIDDEN) response.removeHeader(name)
  if (!chunked) response.setHeader('Content-Length', body.length + more)
  response.writeHead(from === undefined ? 200 : 206)
  return request.method === 'HEAD' ? Buffer.alloc(0) : body
}

/** RFC 9110 §13.1.5: of another file, all of it is sent. */
function stillHolds(request: Request, { etag, lastModified, heedless }: Served): boolean {
  const condition = request.headers['if-range']
  if (condition === undefined || heedless) return true
  return condition === lastModified || (condition === etag && !condition.startsWith('W/'))
}

/** Sends `body` no faster than it is taken. */
async function send(response: Response, body: Buffer, end = true): Promise<void> {
  const closed = once(response, 'close').catch(() => undefined)
  for (let at = 0; at < body.length && !response.destroyed; at += 64 * 1024) {
    if (response.write(body.subarray(at, at + 64 * 1024))) continue
    await Promise.race([once(response, 'drain').catch(() => undefined), closed])
  }
  if (end) response.end()
}

/** Breaks the connection; of HTTP/2, where others share it, the stream. */
export function cut(response: Response, hard = false): void {
  const { stream } = response as unknown as Http2ServerResponse
  if (stream !== undefined) stream.close(2) // INTERNAL_ERROR
  else if (hard) response.socket?.resetAndDestroy()
  else response.socket?.destroy()
}

function again(request: Request): string {
  return `${request.url}${request.url!.includes('?') ? '&' : '?'}again`
}
