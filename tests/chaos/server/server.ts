/** A real server, of HTTP/1.1 or of HTTP/2, that tells what it was asked and can be stopped and started. */

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createSecureServer, type Http2SecureServer, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { Request, Response } from './answer.ts'
import type { Certificate } from './certificate.ts'

/** A request, and what became of its answer. */
export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: Request['headers']
  /** When it came, in ms. */
  readonly time: number
}

export type Listener = (request: Request, response: Response) => void | Promise<void>

export interface ChaosServer extends AsyncDisposable {
  readonly origin: string
  readonly asked: Asked[]
  /** Answers that are under way. */
  readonly open: number
  /** The most of them at once, of those whose method is GET. */
  readonly most: number
  /** Breaks every connection, and takes no other until `start()`. */
  stop(): Promise<void>
  /** Listens again, on the same port. */
  start(): Promise<void>
}

/** Starts a server that answers with `listener`; of HTTP/2 (and 1.1) over TLS if it has a certificate. */
export async function chaosServer(
  listener: Listener,
  certificate?: Certificate,
): Promise<ChaosServer> {
  const asked: Asked[] = []
  const sockets = new Set<Socket>()
  const sessions = new Set<ServerHttp2Session>()
  let [open, gets, most, port] = [0, 0, 0, 0]
  let server: Server | Http2SecureServer

  const take = (request: Request, response: Response): void => {
    const { method, url, headers } = request
    asked.push({ method: method!, url: url!, headers, time: performance.now() })
    const counts = method === 'GET' ? 1 : 0
    response.setMaxListeners(0) // one for each piece that it sends
    open++
    most = Math.max(most, (gets += counts))
    response.on('close', () => {
      open--
      gets -= counts
    })
    response.on('error', () => undefined) // the client has gone
    void Promise.resolve(listener(request, response)).catch(() => response.destroy())
  }

  const start = async (): Promise<void> => {
    server = certificate
      ? createSecureServer({ ...certificate, allowHTTP1: true }, (request, response) =>
          take(request, response as unknown as Response),
        )
      : createServer(take)
    server.on('connection', (socket: Socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    })
    server.on('session', (session: ServerHttp2Session) => {
      sessions.add(session)
      session.on('error', () => undefined)
      session.on('close', () => sessions.delete(session))
    })
    server.on('sessionError', () => undefined)
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  }

  const stop = async (): Promise<void> => {
    const closed = once(server, 'close')
    server.close()
    for (const session of sessions) session.destroy()
    for (const socket of sockets) socket.destroy()
    await closed
  }

  await start()
  const scheme = certificate ? 'https' : 'http'
  return {
    origin: `${scheme}://127.0.0.1:${port}`,
    asked,
    get open() {
      return open
    },
    get most() {
      return most
    },
    start,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
