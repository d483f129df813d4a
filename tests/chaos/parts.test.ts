/** Of a file that is gone on with in parts, no part is taken for the rest, and none of another version for one of this. */

import { afterEach, describe, expect, it, vi } from 'vitest'
import { crc32 } from '../../src/zip/crc32.ts'
import { attempts, BYTES, DATE, OTHER, pack, ranges, STRONG } from './pack.ts'
import { answer } from './server/answer.ts'
import type { Served } from './server/faults.ts'
import { chaosServer, type ChaosServer, type Listener } from './server/server.ts'

let server: ChaosServer
afterEach(async () => {
  vi.unstubAllGlobals()
  await server[Symbol.asyncDispose]()
})

/** A server whose first answer, of unannounced length unless `first` says so, breaks off; the rest is by `then`. */
async function broken(then: Served | Listener, first: Served = { bytes: BYTES }): Promise<void> {
  server = await chaosServer((request, response) => {
    if (server.asked.length === 1) {
      const shown = typeof then === 'function' ? { etag: STRONG } : then
      const before = { chunked: true, ...shown, ...first }
      return answer(request, response, before, { kind: 'reset', at: 200_000 })
    }
    return typeof then === 'function' ? then(request, response) : answer(request, response, then)
  })
}

const inPage = (): unknown => vi.stubGlobal('location', new URL('http://page.example/'))

describe('a part is not taken for the rest of the file', () => {
  const own: Served = { bytes: BYTES, etag: STRONG, untold: true }
  const foreign: Served = { bytes: BYTES, lastModified: DATE, foreign: true }
  const first = { bytes: BYTES, chunked: true }

  it.each<[string, Served]>([
    ['no length of the whole', own],
    ['none at all', { ...own, chunked: true }],
    ['none to another origin', foreign],
    ['none at all to another origin', { ...foreign, chunked: true }],
  ])('where its server tells %s', async (_, served) => {
    for (const longestPart of [70_000, undefined]) {
      if (served.foreign) inPage()
      await broken({ ...served, longestPart }, first)
      expect(Buffer.compare(await pack(server), BYTES)).toBe(0)
      const asked = ranges(server.asked)
      if (longestPart === undefined) expect(asked).toHaveLength(3)
      else expect(asked.length).toBeGreaterThan(4)
      // where it has perhaps ended, its last byte is asked for, of which there is always an answer
      expect(asked.at(-1)).toBe(`bytes=${BYTES.length - 1}-`)
      await server[Symbol.asyncDispose]()
    }
  })

  it('nor is one byte of it', async () => {
    inPage()
    await broken(
      (request, response) => {
        if (server.asked.length > 2) return answer(request, response, foreign)
        const [at] = /\d+/.exec(request.headers.range!)!
        response.writeHead(206, { 'Last-Modified': DATE, 'Access-Control-Allow-Origin': '*' })
        return void response.end(BYTES.subarray(Number(at), Number(at) + 1))
      },
      { ...foreign, chunked: true },
    )
    expect(Buffer.compare(await pack(server), BYTES)).toBe(0)
  })

  it('but where the first answer has announced that it ends, it does', async () => {
    inPage()
    const text = { ...foreign, headers: { 'Content-Type': 'text/csv' } }
    await broken(text, { ...text, chunked: false })
    expect(Buffer.compare(await pack(server), BYTES)).toBe(0)
    expect(ranges(server.asked)).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)])
  })

  it('and is no fault, where the length of the whole is known', async () => {
    inPage()
    await broken({ ...foreign, longestPart: 30_000 }, { bytes: BYTES, chunked: false })
    const [at, ...rest] = await attempts(server, {})
    expect(at).toBeLessThanOrEqual(200_000)
    expect(rest).toEqual([BYTES.length]) // no other attempt was needed
    expect(ranges(server.asked).at(-1)).not.toBe(`bytes=${BYTES.length - 1}-`)
  })
})

describe('a part that brings something else', () => {
  const all = (headers: Record<string, string | number>): Listener => {
    return (request, response) => {
      const { range } = request.headers
      if (range === undefined) return answer(request, response, { bytes: BYTES, etag: STRONG })
      const [at] = /\d+/.exec(range)!
      const told = `bytes ${at}-${BYTES.length - 1}/${BYTES.length}`
      response.writeHead(206, { ETag: STRONG, 'Content-Range': told, ...headers })
      return void response.end(BYTES)
    }
  }

  it('by its length is not read', async () => {
    await broken(all({ 'Content-Length': BYTES.length }))
    expect(Buffer.compare(await pack(server), BYTES)).toBe(0)
    expect(ranges(server.asked)).toEqual([undefined, expect.stringMatching(/^bytes=/), undefined])
  })

  it('is an error, if it shows in the end', async () => {
    await broken(all({}))
    await expect(pack(server)).rejects.toMatchObject({ code: 'source-changed' })
  })

  it('or nothing is asked for again', async () => {
    await broken((request, response) => {
      if (server.asked.length > 3) return answer(request, response, { bytes: BYTES, etag: STRONG })
      const [at] = /\d+/.exec(request.headers.range!)!
      response.writeHead(206, { ETag: STRONG, 'Content-Range': `bytes ${at}-${at}/*` })
      response.flushHeaders()
      return void response.end()
    })
    expect(Buffer.compare(await pack(server), BYTES)).toBe(0)
    expect(server.asked).toHaveLength(4)
  })

  it('nor is an answer without a body the rest', async () => {
    const native = globalThis.fetch
    let asked = 0
    vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
      ++asked === 2 ? Promise.resolve(new Response(null)) : native(url, init),
    )
    await broken({ bytes: BYTES })
    await expect(pack(server)).rejects.toMatchObject({ code: 'source-changed' })
  })
})

describe('a part that does not show that it is of the same version', () => {
  const reread = [undefined, expect.stringMatching(/^bytes=[1-9]/), undefined] as unknown[]

  it.each<[string, Served, Served]>([
    ['its tag', { bytes: BYTES, etag: STRONG }, { bytes: OTHER, heedless: true }],
    [
      'its date, to another origin',
      { bytes: BYTES, lastModified: DATE, foreign: true },
      { bytes: OTHER, foreign: true },
    ],
  ])('by %s is not taken: all is read, and compared', async (_, before, after) => {
    if (before.foreign) inPage()
    await broken(after, { chunked: false, ...before })
    await expect(pack(server)).rejects.toMatchObject({ code: 'source-changed' })
    expect(ranges(server.asked)).toEqual(reread)
    await server[Symbol.asyncDispose]()
    await broken({ ...after, bytes: BYTES }, { chunked: false, ...before })
    expect(Buffer.compare(await pack(server), BYTES)).toBe(0)
    expect(ranges(server.asked)).toEqual(reread)
  })

  it('is no failed attempt', async () => {
    await broken({ bytes: BYTES, heedless: true }, { bytes: BYTES, etag: STRONG })
    const made = await attempts(server, {})
    expect(ranges(server.asked)).toEqual(reread)
    expect(made).toEqual([expect.any(Number), BYTES.length]) // but for the break
  })

  it('is no failed attempt, once for each file', async () => {
    await broken((_, response) => {
      const told = `bytes 1-9/${BYTES.length}`
      response.writeHead(206, { 'Content-Range': told, 'Content-Length': 9 }).end('123456789')
    })
    await expect(pack(server)).rejects.toMatchObject({ code: 'source-failed' })
    const asked = server.asked.filter(({ url }) => url === '/a')
    expect(asked).toHaveLength(1 + 1 + 3) // what breaks off, the part, and attempts to have all
  })

  /** As servers that compress: parts are of the file as it is, and have its tag. */
  const tags = (whole: string, part: string, lastModified?: string): Listener => {
    return (request, response) => {
      const etag = request.headers.range === undefined ? whole : part
      return answer(request, response, { bytes: BYTES, etag, lastModified, heedless: true })
    }
  }

  it.each(['W/"1"', '"1-gzip"'])(
    'is no other version either: %s, and "1" of parts',
    async (tag) => {
      await broken(tags(tag, '"1"', DATE), { bytes: BYTES, etag: tag, lastModified: DATE })
      expect(Buffer.compare(await pack(server), BYTES)).toBe(0)
      const asked = ranges(server.asked)
      // a date that is the same says that what is equivalent is the same
      expect(asked).toEqual(tag === 'W/"1"' ? reread.slice(0, 2) : reread)
    },
  )
})

describe('an entity tag that was given', () => {
  it.each(['"1"', 'W/"1"'])('is that of an answer with %s', async (etag) => {
    for (const given of ['"1"', 'W/"1"']) {
      server = await chaosServer((request, response) =>
        answer(request, response, { bytes: BYTES, etag }),
      )
      expect(Buffer.compare(await pack(server, { etag: given }), BYTES)).toBe(0)
      await server[Symbol.asyncDispose]()
    }
  })

  it('and is not shown fails the file, unless its bytes are checked', async () => {
    inPage()
    server = await chaosServer((request, response) =>
      answer(request, response, { bytes: BYTES, etag: STRONG, foreign: true }),
    )
    const error = (await pack(server, { etag: STRONG }).catch((reason: unknown) => reason)) as Error
    const url = `${server.origin}/a`
    expect(error).toMatchObject({ code: 'source-failed', detail: { entry: 'a.bin', url } })
    expect(error.message).toContain('"Access-Control-Expose-Headers: ETag"')
    expect(server.asked).toHaveLength(1)
    const given = { etag: STRONG, crc32: crc32(BYTES) }
    expect(Buffer.compare(await pack(server, given), BYTES)).toBe(0)
  })
})
