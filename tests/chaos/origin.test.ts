/** What is meant for one server is told to no other. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BYTES, DATE, pack, RETRY, serverOf, STRONG } from './pack.ts'
import { answer } from './server/answer.ts'
import { chaosServer, type ChaosServer } from './server/server.ts'

let away: ChaosServer
let server: ChaosServer

beforeEach(async () => {
  away = await serverOf({ bytes: BYTES, etag: STRONG }, [{ kind: 'reset', at: 200_000 }])
  server = await chaosServer((request, response) => {
    const to = `${away.origin}/a`
    return answer(request, response, { bytes: BYTES }, { kind: 'redirect', status: 307, to })
  })
})

afterEach(async () => {
  vi.unstubAllGlobals()
  await server[Symbol.asyncDispose]()
  await away[Symbol.asyncDispose]()
})

describe('a redirect to another origin', () => {
  it('is followed, again for what is left', async () => {
    expect(Buffer.compare(await pack(server), BYTES)).toBe(0)
    expect(server.asked).toHaveLength(2)
    expect(away.asked).toHaveLength(2)
    expect(away.asked[1]!.headers['if-range']).toBe(STRONG)
  })

  it('does not take Authorization along', async () => {
    const headers = { Authorization: 'Bearer secret' }
    expect(Buffer.compare(await pack(server, { headers }), BYTES)).toBe(0)
    expect(server.asked[1]!.headers.authorization).toBe('Bearer secret')
    expect(away.asked).toHaveLength(2)
    for (const { headers: told } of away.asked) expect(told).not.toHaveProperty('authorization')
  })

  it('is not followed with other headers', async () => {
    const failure = pack(server, { headers: { 'x-key': 'secret' } })
    await expect(failure).rejects.toMatchObject({ code: 'source-failed' })
    expect(server.asked).toHaveLength(RETRY.attempts)
    expect(away.asked).toEqual([])
  })

  it('is followed in a page without what would take a preflight there', async () => {
    vi.stubGlobal('location', new URL(server.origin))
    // Nothing there tells versions apart that a page may read, but that the bytes are the same.
    expect(Buffer.compare(await pack(server), BYTES)).toBe(0)
    for (const { headers } of away.asked) expect(headers).not.toHaveProperty('if-range')
  })
})

describe('in a page, of a file of another origin', () => {
  it('that is stored in a compressed form, parts are of that, and all is read again', async () => {
    vi.stubGlobal('location', new URL(server.origin))
    const asked: (string | null)[] = []
    const url = `${away.origin}/a`
    // As a browser shows it: no Content-Encoding, and a part breaks off as it makes nothing of it.
    vi.stubGlobal('fetch', async (_: string, { headers }: { headers: Headers }) => {
      const range = headers.get('Range')
      asked.push(range)
      const given =
        range === null ? BYTES.subarray(0, asked.length > 1 ? BYTES.length : 200_000) : []
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          if (given.length > 0) controller.enqueue(Uint8Array.from(given))
          if (given.length === BYTES.length) controller.close()
          else setTimeout(() => controller.error(new TypeError('network error')), 10)
        },
      })
      const init = { status: range === null ? 200 : 206, headers: { 'Last-Modified': DATE } }
      return Object.defineProperty(new Response(body, init), 'url', { value: url })
    })
    expect(Buffer.compare(await pack(away), BYTES)).toBe(0)
    expect(asked).toEqual([null, 'bytes=200000-', 'bytes=200000-', null])
  })

  it('that may be compressed unseen, the length says nothing', async () => {
    const text = Buffer.from('all work and no play '.repeat(4000))
    const headers = { 'Content-Type': 'text/plain', 'Content-Length': '100' }
    vi.stubGlobal('location', new URL(server.origin))
    // As a browser shows it: unpacked, and with the length of what was packed.
    const packed = (url: string): Response =>
      Object.defineProperty(new Response(text, { headers }), 'url', { value: url })
    vi.stubGlobal('fetch', (url: string) => Promise.resolve(packed(url)))
    const bytes = await pack(away, { name: 'a.txt', size: text.length })
    expect(Buffer.compare(bytes, text)).toBe(0)
    for (const sizes of ['probe', 'as-given'] as const) {
      expect(Buffer.compare(await pack(away, { name: 'a.txt' }, { sizes }), text)).toBe(0)
    }
  })
})
