/** Pausing: requests that can be gone on with are let go, the others held back, and nothing is lost. */

import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { Gate } from '../../src/sources/gate.ts'
import { crc32 } from '../../src/zip/crc32.ts'
import { noise } from '../zip/archive.ts'
import { read } from './context.ts'
import { localServer, type LocalServer } from './local-server.ts'

const BYTES = noise(5_000_000)
/** Sent at once, and more than is read before the pause. */
const FIRST = 1_000_000
const SOME = 100_000

let server: LocalServer | undefined
afterEach(async () => {
  await server?.[Symbol.asyncDispose]()
  server = undefined
})

/** A request, and whether its connection is there still. */
interface Asked {
  readonly range: string | undefined
  readonly response: ServerResponse
  readonly closed: Promise<unknown>
}

/** A file, the first part of which is sent at once, and what is `asked`. */
async function begin(
  headers: Record<string, string>,
  answer?: (request: IncomingMessage, response: ServerResponse, count: number) => boolean,
) {
  const asked: Asked[] = []
  server = await localServer((request, response) => {
    const { range } = request.headers
    asked.push({ range, response, closed: once(response, 'close') })
    if (answer?.(request, response, asked.length) === true) return
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0)
    response.writeHead(start > 0 ? 206 : 200, {
      'Content-Length': BYTES.length - start,
      ...headers,
      ...(start > 0 && { 'Content-Range': `bytes ${start}-${BYTES.length - 1}/${BYTES.length}` }),
    })
    if (start > 0) response.end(BYTES.subarray(start))
    else response.write(BYTES.subarray(0, FIRST))
  })
  const gate = new Gate()
  let crc = 0
  const source = { type: 'url', url: `${server.origin}/file` } as const
  const patience = { attempts: 1, silence: 30_000, delay: 1 }
  const chunks = read(source, 0, { gate, patience, crcTaken: () => crc })
  const parts: Uint8Array[] = []
  const length = (): number => parts.reduce((sum, part) => sum + part.length, 0)
  const next = async (): Promise<boolean> => {
    const { done, value } = await chunks.next()
    if (done === true) return false
    crc = crc32(value, crc)
    parts.push(value)
    return true
  }
  return { gate, asked, next, length, bytes: () => Buffer.concat(parts) }
}

describe('a request of a job that is paused', () => {
  it('is let go, and made again for the rest', async () => {
    const file = await begin({ ETag: '"1"', 'Accept-Ranges': 'bytes' })
    while (file.length() < SOME) await file.next()
    const at = file.length()
    file.gate.close()
    await file.asked[0]!.closed
    const rest = file.next()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(file.asked).toHaveLength(1)
    file.gate.open()
    await rest
    while (await file.next());
    expect(file.asked.map(({ range }) => range)).toEqual([undefined, `bytes=${at}-`])
    expect(file.bytes().equals(BYTES)).toBe(true)
  })

  it('is let go while it waits for an answer', async () => {
    const file = await begin({ ETag: '"1"' }, (_, response, count) => {
      if (count > 1) response.end(BYTES)
      return true
    })
    const first = file.next()
    await expect.poll(() => file.asked.length).toBe(1)
    file.gate.close()
    await file.asked[0]!.closed
    file.gate.open()
    await first
    while (await file.next());
    expect(file.bytes().equals(BYTES)).toBe(true)
  })

  it.each([
    ['says nothing of ranges', { ETag: '"1"' }],
    ['has none', { ETag: '"1"', 'Accept-Ranges': 'none' }],
    ['has nothing that tells files apart', { 'Accept-Ranges': 'bytes' }],
  ])('is held back where the server %s', async (_, headers: Record<string, string>) => {
    const file = await begin(headers)
    while (file.length() < SOME) await file.next()
    file.gate.close()
    await new Promise((resolve) => setTimeout(resolve, 20))
    const { response } = file.asked[0]!
    expect(response.destroyed).toBe(false)
    file.gate.open()
    response.end(BYTES.subarray(FIRST))
    while (await file.next());
    expect(file.asked).toHaveLength(1)
    expect(file.bytes().equals(BYTES)).toBe(true)
  })

  it('is not made', async () => {
    const file = await begin({ ETag: '"1"' }, (_, response) => {
      response.end(BYTES)
      return true
    })
    file.gate.close()
    const first = file.next()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(file.asked).toEqual([])
    file.gate.open()
    await first
    while (await file.next());
    expect(file.bytes().equals(BYTES)).toBe(true)
  })
})

it('is paused as often as one likes, and costs no attempt', async () => {
  const sent: number[] = []
  const wanted = [0]
  const file = await begin({}, (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    sent.push(start)
    response.writeHead(start > 0 ? 206 : 200, {
      'Content-Length': BYTES.length - start,
      'Content-Range': `bytes ${start}-${BYTES.length - 1}/${BYTES.length}`,
      ETag: '"1"',
      'Accept-Ranges': 'bytes',
    })
    response.write(BYTES.subarray(start, start + FIRST))
    if (sent.length > 4) response.end(BYTES.subarray(start + FIRST))
    return true
  })
  for (let part = 1; part <= 4; part++) {
    const before = file.length()
    while (file.length() < before + SOME) await file.next()
    wanted.push(file.length())
    file.gate.close()
    await file.asked.at(-1)!.closed
    file.gate.open()
  }
  while (await file.next());
  expect(sent).toEqual(wanted)
  expect(file.bytes().equals(BYTES)).toBe(true)
})
