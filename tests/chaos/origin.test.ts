/** What is meant for one server is told to no other. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { prepareJob } from '../../src/engine/job.ts'
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

  /** As a browser shows what is stored in a compressed form: unpacked, with the lengths of that, if they are exposed. */
  function stored(type: string, exposed: boolean): Buffer {
    const text = Buffer.from('all work and no play '.repeat(20_000))
    vi.stubGlobal('location', new URL(server.origin))
    vi.stubGlobal('fetch', (url: string, { method, headers }: RequestInit) => {
      const [, from] = /(\d+)/.exec((headers as Headers).get('Range') ?? '') ?? []
      const range = from === '0' ? 'bytes 0-0/100' : 'bytes */100'
      const status = from === undefined ? 200 : from === '0' ? 206 : 416
      const given = status === 200 && method !== 'HEAD' ? text : null
      const shown = new Response(given, {
        status,
        headers: {
          'Last-Modified': DATE,
          ...(status !== 416 && { 'Content-Type': type, 'Content-Length': from ? '1' : '100' }),
          ...(exposed && from !== undefined && { 'Content-Range': range }),
        },
      })
      return Promise.resolve(Object.defineProperty(shown, 'url', { value: url }))
    })
    return text
  }

  it.each([
    'application/json',
    'application/pdf',
    'application/x-javascript',
    'application/x-ndjson',
    'application/vnd.ms-fontobject',
    'font/ttf',
    'image/bmp',
    'text/csv; charset=utf-8',
  ])('%s may be compressed, whatever lengths are exposed', async (type) => {
    for (const exposed of [true, false]) {
      const text = stored(type, exposed)
      expect(Buffer.compare(await pack(away, {}, { sizes: 'probe' }), text)).toBe(0)
      expect(Buffer.compare(await pack(away, { size: text.length }), text)).toBe(0)
    }
  })

  it.each(['image/jpeg', 'video/mp4', 'application/zip', 'application/octet-stream'])(
    '%s is planned by its length',
    async (type) => {
      stored(type, false)
      const files = [{ url: `${away.origin}/a` }]
      const job = await prepareJob(files, {}, new AbortController().signal)
      expect(job.files[0]!.size).toBe(100)
    },
  )

  it('that was planned by another length fails, saying how not to', async () => {
    stored('application/octet-stream', false)
    const error = (await pack(away, {}, { sizes: 'probe' }).catch(
      (reason: unknown) => reason,
    )) as Error
    const url = `${away.origin}/a`
    expect(error).toMatchObject({ code: 'size-mismatch', detail: { planned: 100, url } })
    expect(error.message).toContain("or none with sizes: 'as-given'")
  })

  it('that breaks off, and whose compressed form is shorter, is read again', async () => {
    const text = stored('application/json', true)
    const whole = globalThis.fetch
    let asked = 0
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      const shown = await whole(url, init)
      if (++asked > 1) return shown
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(Uint8Array.from(text.subarray(0, 200_000)))
          setTimeout(() => controller.error(new TypeError('network error')), 10)
        },
      })
      const { headers } = shown
      return Object.defineProperty(new Response(body, { headers }), 'url', { value: url })
    })
    expect(Buffer.compare(await pack(away), text)).toBe(0)
    expect(asked).toBe(3)
  })
})
