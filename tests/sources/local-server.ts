/** A real server on this machine, that tells what was asked of it and who has left. */

import { once } from 'node:events'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  /** Resolves when the answer is over: with whether all of it was sent. */
  readonly over: Promise<boolean>
}

export interface LocalServer extends AsyncDisposable {
  readonly origin: string
  readonly asked: Asked[]
  /** Answers that are not over. */
  readonly open: number
  /** The most of them at once. */
  readonly most: number
  /** What answers from now on. */
  answer: RequestListener
}

export async function localServer(answer: RequestListener): Promise<LocalServer> {
  const asked: Asked[] = []
  let open = 0
  let most = 0
  const local: { answer: RequestListener } = { answer }
  const server: Server = createServer((request, response) => {
    most = Math.max(most, ++open)
    const over = once(response, 'close').then(() => {
      open--
      return response.writableFinished
    })
    asked.push({ method: request.method!, url: request.url!, headers: request.headers, over })
    local.answer(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.defineProperties(
    local as LocalServer,
    Object.getOwnPropertyDescriptors({
      origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      asked,
      get open() {
        return open
      },
      get most() {
        return most
      },
      async [Symbol.asyncDispose]() {
        server.closeAllConnections()
        server.close()
        await once(server, 'close')
      },
    }),
  )
}

/** Answers with `bytes`, or the range of them that is asked for. */
export function serveBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Uint8Array,
): void {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  const start = Number(from ?? 0)
  const end = to ? Math.min(Number(to) + 1, bytes.length) : bytes.length
  if (start > 0 && start >= bytes.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` }).end()
    return
  }
  const range = `bytes ${start}-${end - 1}/${bytes.length}`
  response.writeHead(from === undefined ? 200 : 206, {
    'Content-Length': end - start,
    'Content-Type': 'application/octet-stream',
    ...(from !== undefined && { 'Content-Range': range }),
  })
  response.end(request.method === 'HEAD' ? undefined : bytes.subarray(start, end))
}
