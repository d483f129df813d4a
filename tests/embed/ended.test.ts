/** A Web Worker of the frame that is ended: the page lets go of what it was being answered. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Connection } from '../../src/embed/connection.ts'
import type { RelayMessage } from '../../src/embed/protocol.ts'
import { startRelayed } from '../../src/embed/relay-worker.ts'
import { relayedFetch } from '../../src/embed/relayed-fetch.ts'
import { localServer, type LocalServer } from '../sources/local-server.ts'

let server: LocalServer
let relay: RelayMessage
let frame: MessagePort

/** Of which nothing is heard any more once it has ended. */
class FakeWorker {
  postMessage(message: RelayMessage): void {
    relay = message
  }

  terminate(): void {
    relay.port.onmessage = null
  }
}

beforeEach(async () => {
  // more of it than the page reads ahead, so that it is held back
  server = await localServer((_, response) => void response.write(new Uint8Array(50_000_000)))
  vi.stubGlobal('location', { origin: server.origin })
  vi.stubGlobal('Worker', FakeWorker)
})

afterEach(async () => {
  frame.close()
  relay.port.close()
  vi.unstubAllGlobals()
  await server[Symbol.asyncDispose]()
})

async function reading(): Promise<{ worker: Worker; connection: Connection }> {
  const { port1, port2 } = new MessageChannel()
  frame = port2
  const connection = new Connection(port1)
  const url = `${server.origin}/a`
  connection.named.add(url, server.origin)
  const worker = startRelayed(new URL('file:///worker.js'), server.origin, (message, list = []) =>
    frame.postMessage(message, list),
  )
  const { body } = await relayedFetch(fetch, relay)(url)
  await body!.getReader().read()
  return { worker, connection }
}

it('ends the request', async () => {
  const { worker } = await reading()
  worker.terminate()
  expect(await server.asked[0]!.over).toBe(false)
})

it('ends it with the frame, too', async () => {
  const { connection } = await reading()
  connection.close()
  expect(await server.asked[0]!.over).toBe(false)
})
