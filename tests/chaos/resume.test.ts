/** A file that breaks off is gone on with where it was, or read again and compared; never mixed. */

import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { crc32 } from '../../src/zip/crc32.ts'
import { attempts, BYTES, DATE, pack, ranges, serverOf, STRONG } from './pack.ts'
import { answer } from './server/answer.ts'
import type { Fault, Served } from './server/faults.ts'
import { chaosServer, type ChaosServer } from './server/server.ts'

let server: ChaosServer
afterEach(() => server[Symbol.asyncDispose]())

const HALF: Fault = { kind: 'reset', at: 200_000 }

async function whole(file: Served, faults: readonly Fault[], given = {}): Promise<void> {
  server = await serverOf(file, faults)
  const bytes = await pack(server, given)
  expect(Buffer.compare(bytes, BYTES)).toBe(0)
}

describe('a file that breaks off', () => {
  it.each([
    ['an entity tag', { etag: STRONG, lastModified: DATE }, STRONG],
    ['a date', { etag: 'W/"1"', lastModified: DATE }, DATE],
  ])('goes on at the very byte, by %s', async (_, validators, condition) => {
    server = await serverOf({ bytes: BYTES, ...validators }, [HALF])
    const [at, end] = await attempts(server, { size: BYTES.length })
    expect(at).toBeGreaterThan(0)
    expect(ranges(server.asked)).toEqual([undefined, `bytes=${at}-`])
    expect(server.asked[1]!.headers['if-range']).toBe(condition)
    expect(end).toBe(BYTES.length)
    await server[Symbol.asyncDispose]()
    await whole({ bytes: BYTES, ...validators }, [HALF])
  })

  it('goes on again and again, as long as bytes come', async () => {
    const often = Array.from({ length: 12 }, (): Fault => ({ kind: 'reset', at: 30_000 }))
    await whole({ bytes: BYTES, etag: STRONG }, often)
    expect(server.asked.length).toBe(13)
  })

  it('goes on in parts, if its server gives no longer ones', async () => {
    await whole({ bytes: BYTES, etag: STRONG, longestPart: 70_000 }, [HALF])
    expect(server.asked.length).toBeGreaterThan(3)
  })

  it('is read again and compared, if its server ignores ranges', async () => {
    await whole({ bytes: BYTES, etag: STRONG, ranges: false }, [HALF])
    expect(ranges(server.asked)).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)])
  })

  it.each([{}, { etag: 'W/"1"' }])(
    'is read again and compared, if nothing tells one version from another: %o',
    async (validators) => {
      await whole({ bytes: BYTES, ...validators }, [HALF])
      expect(ranges(server.asked)).toEqual([undefined, undefined])
    },
  )

  it('goes on without a condition, if its CRC-32 will tell', async () => {
    await whole({ bytes: BYTES }, [HALF], { crc32: crc32(BYTES) })
    expect(ranges(server.asked)).toEqual([undefined, expect.stringMatching(/^bytes=[1-9]\d*-$/)])
    expect(server.asked[1]!.headers).not.toHaveProperty('if-range')
  })

  it.each<Fault>([{ kind: 'wrong-start', by: -1 }, { kind: 'refuse-range' }])(
    'is read again, if the rest cannot be had: %o',
    async (fault) => {
      await whole({ bytes: BYTES, etag: STRONG }, [HALF, fault])
      const [all, rest, again] = ranges(server.asked)
      expect([all, again]).toEqual([undefined, undefined])
      expect(rest).toMatch(/^bytes=/)
    },
  )

  it('is done, if it breaks off at its very end, and 416 says so', async () => {
    const small = BYTES.subarray(0, 60_000) // so that no read waits for more of it
    server = await chaosServer(async (request, response) => {
      if (server.asked.length > 1) {
        return answer(request, response, { bytes: small, etag: STRONG })
      }
      response.writeHead(200, { ETag: STRONG }) // no length: its end is told by the last chunk
      response.write(small)
      await wait(100)
      response.socket!.destroy()
    })
    const [at, end] = await attempts(server, {})
    expect([at, end]).toEqual([60_000, 60_000])
    expect(ranges(server.asked)).toEqual([undefined, 'bytes=60000-'])
  })

  it('may be compressed on the way: lengths and ranges are then of something else', async () => {
    const text = Buffer.from('all work and no play '.repeat(40_000))
    const file = { bytes: text, gzip: true, etag: STRONG, ranges: true }
    server = await serverOf(file, [{ kind: 'reset', at: 1500 }])
    const bytes = await pack(server, { name: 'a.txt', size: text.length })
    expect(Buffer.compare(bytes, text)).toBe(0)
    expect(ranges(server.asked)).toEqual([undefined, undefined])
  })

  it('comes whole from a server that is killed and started again', async () => {
    const drip: Fault = { kind: 'drip', from: 100_000, piece: 10_000, ms: 20 }
    server = await serverOf({ bytes: BYTES, etag: STRONG }, [drip])
    const retry = { attempts: 10, silence: 2000, delay: 20 }
    const coming = pack(server, {}, { retry })
    while (server.asked.length === 0) await wait(5)
    await wait(100)
    await server.stop()
    await wait(200)
    await server.start()
    expect(Buffer.compare(await coming, BYTES)).toBe(0)
    expect(server.asked.length).toBe(2)
  })
})
