/** How long a server is waited for, how often it is asked, and what is not waited for at all. */

import { afterEach, describe, expect, it } from 'vitest'
import { BYTES, pack, ranges, RETRY, serverOf, STRONG } from './pack.ts'
import type { Fault, Served } from './server/faults.ts'
import type { ChaosServer } from './server/server.ts'

let server: ChaosServer
afterEach(() => (server as ChaosServer | undefined)?.[Symbol.asyncDispose]())

const FILE: Served = { bytes: BYTES, etag: STRONG }
const size = BYTES.length

async function whole(faults: readonly Fault[], options = {}): Promise<void> {
  server = await serverOf(FILE, faults)
  expect(Buffer.compare(await pack(server, {}, options), BYTES)).toBe(0)
}

async function refusal(faults: readonly Fault[], given = {}, options = {}): Promise<unknown> {
  server = await serverOf(FILE, faults)
  return pack(server, given, options).then(
    () => expect.fail('it was accepted'),
    (error: unknown) => error,
  )
}

const RESET: Fault = { kind: 'reset' }
const SOME: Fault = { kind: 'reset', at: 50_000 }

describe('Retry-After is waited for', () => {
  const waited = (): number => server.asked[1]!.time - server.asked[0]!.time

  it('in seconds, after each status that asks for patience', async () => {
    const statuses = [408, 425, 429, 500, 502, 503, 504]
    // at once, or it would take as many seconds
    const all = statuses.map(async (status) => {
      const one = await serverOf(FILE, [{ kind: 'status', status, retryAfter: '1' }])
      try {
        expect(Buffer.compare(await pack(one), BYTES), String(status)).toBe(0)
        const [first, second] = one.asked
        expect(second!.time - first!.time, String(status)).toBeGreaterThan(900)
        expect(second!.time - first!.time, String(status)).toBeLessThan(8000)
      } finally {
        await one[Symbol.asyncDispose]()
      }
    })
    await Promise.all(all)
  })

  it('until a date', async () => {
    const retryAfter = new Date(Date.now() + 2500).toUTCString() // whole seconds, rounded down
    await whole([{ kind: 'status', status: 503, retryAfter }])
    expect(waited()).toBeGreaterThan(1000)
    expect(waited()).toBeLessThan(8000)
  })

  it.each(['0', 'Tue, 05 Mar 2024 10:00:00 GMT'])(
    'no shorter than without: %s',
    async (retryAfter) => {
      const later: Fault = { kind: 'status', status: 503, retryAfter }
      await whole([later, later], { retry: { ...RETRY, delay: 500 } })
      expect(server.asked).toHaveLength(3)
      const [first, , third] = server.asked
      expect(third!.time - first!.time).toBeGreaterThan(700)
    },
  )
})

describe('attempts', () => {
  it('in a row that bring nothing are counted', async () => {
    const error = await refusal([RESET, RESET, RESET, RESET])
    expect(error).toMatchObject({ code: 'source-failed', detail: { entry: 'a.bin' } })
    expect((error as Error).message).toContain('4 times in a row')
    expect(server.asked).toHaveLength(RETRY.attempts)
  })

  it('begin anew with each byte that comes', async () => {
    await whole([RESET, RESET, RESET, SOME, RESET, RESET, SOME, RESET, RESET])
    expect(server.asked).toHaveLength(10)
  })

  it('are not made in vain', async () => {
    const error = await refusal([{ kind: 'status', status: 404 }])
    expect(error).toMatchObject({ code: 'source-failed', detail: { status: 404 } })
    expect(server.asked).toHaveLength(1)
  })
})

describe('a server that falls silent', () => {
  const retry = { attempts: 2, silence: 200, delay: 1 }

  it.each<[string, Fault]>([
    ['before it answers', { kind: 'stall' }],
    ['in the middle', { kind: 'stall', at: 100_000 }],
  ])('is left: %s', async (_, stall) => {
    const began = performance.now()
    await whole([stall], { retry })
    expect(performance.now() - began).toBeLessThan(5000)
    expect(server.asked).toHaveLength(2)
    expect(server.open).toBe(0)
  })

  it('again and again is given up', async () => {
    const error = await refusal([{ kind: 'stall' }, { kind: 'stall' }], {}, { retry })
    expect(error).toMatchObject({ code: 'source-failed' })
    expect((error as Error).message).toContain('nothing came for 0.2 s')
  })

  it('is waited for without end, if told so', async () => {
    const drip: Fault = { kind: 'drip', from: 0, piece: Math.ceil(size / 2), ms: 500 }
    const began = performance.now()
    await whole([drip], { retry: { ...retry, attempts: 1, silence: Infinity } })
    expect(performance.now() - began).toBeGreaterThan(retry.silence)
    expect(server.asked).toHaveLength(1)
  })
})

describe('what is wrong for good is told at once:', () => {
  it('a page in place of a picture', async () => {
    const error = await refusal([{ kind: 'page' }], { name: 'a.jpg' })
    expect(error).toMatchObject({ code: 'source-failed', detail: { entry: 'a.jpg', status: 200 } })
    expect(server.asked).toHaveLength(1)
  })

  it.each([1, -1])('another length than was planned, by %d', async (by) => {
    const began = performance.now()
    const error = await refusal([{ kind: 'length', by }], { size })
    const detail = { entry: 'a.bin', planned: size, actual: size + by, url: `${server.origin}/a` }
    expect(error).toMatchObject({ code: 'size-mismatch', detail })
    expect((error as Error).message.split(server.origin)).toHaveLength(2)
    expect(server.asked).toHaveLength(1)
    expect(performance.now() - began).toBeLessThan(RETRY.silence)
  })
})

describe('refreshUrl', () => {
  it.each([401, 403])(
    'is asked once after %d, and the file goes on at its byte',
    async (status) => {
      const calls: unknown[] = []
      await whole([SOME, { kind: 'status', status }], {
        refreshUrl: (file: { url: string }) => {
          calls.push(file)
          return `${file.url}?fresh`
        },
      })
      expect(calls).toEqual([{ url: `${server.origin}/a`, name: 'a.bin' }])
      expect(server.asked.map(({ url }) => url)).toEqual(['/a', '/a', '/a?fresh'])
      const [, refused, fresh] = ranges(server.asked)
      expect(fresh).toMatch(/^bytes=[1-9]/)
      expect(fresh).toBe(refused)
    },
  )

  it('is not asked again where the fresh one is refused', async () => {
    let calls = 0
    const refreshUrl = (): string => `/other${++calls}` // relative to the one that was refused
    const refused: Fault = { kind: 'status', status: 403 }
    const error = await refusal([refused, refused, refused], {}, { refreshUrl })
    expect(error).toMatchObject({ code: 'source-failed', detail: { status: 403 } })
    expect(server.asked.map(({ url }) => url)).toEqual(['/a', '/other1'])
  })

  it.each<[string, () => unknown]>([
    ['throws', () => { throw new Error('no session') }], // oxfmt-ignore
    ['rejects', () => Promise.reject(new Error('no session'))],
    ['gives no URL', () => 'http://no session/'],
  ])('that %s fails the file, saying why', async (_, refreshUrl) => {
    const error = await refusal([{ kind: 'status', status: 403 }], {}, { refreshUrl })
    expect(error).toMatchObject({
      name: 'HoldallError',
      code: 'source-failed',
      detail: { entry: 'a.bin', status: 403, url: `${server.origin}/a` },
    })
    expect((error as Error).message).toMatch(/refreshUrl gave no URL .*(no session|Invalid)/)
  })

  it('that never answers does not hold up an abort', async () => {
    const ending = new AbortController()
    const reason = new Error('no more')
    const refreshUrl = (): Promise<string> => {
      setTimeout(() => ending.abort(reason), 20)
      return new Promise(() => undefined)
    }
    const options = { refreshUrl, signal: ending.signal }
    expect(await refusal([{ kind: 'status', status: 403 }], {}, options)).toBe(reason)
  })
})
