import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { isHoldallError, type HoldallError } from '../../src/errors.ts'
import type { UrlSource } from '../../src/manifest/types.ts'
import type { SourceContext } from '../../src/sources/open.ts'
import { crc32 } from '../../src/zip/crc32.ts'
import { noise } from '../zip/archive.ts'
import { read } from './context.ts'
import { localServer, serveBytes, type LocalServer } from './local-server.ts'

const BYTES = noise(300_000)
const PATIENCE = { attempts: 3, silence: 30_000, delay: 1 }

let server: LocalServer | undefined
afterEach(async () => {
  await server?.[Symbol.asyncDispose]()
  server = undefined
  cut = () => undefined
})

interface Wish {
  readonly context?: Partial<SourceContext>
  readonly source?: Partial<UrlSource>
  readonly size?: number
}

/** The file as it arrives from a server that answers so. */
async function download(
  answer: RequestListener,
  { context, source, size }: Wish = {},
): Promise<Buffer> {
  server = await localServer(answer)
  const url = `${server.origin}/file`
  let crc = 0
  const options = { patience: PATIENCE, crcTaken: () => crc, ...context }
  const chunks: Uint8Array[] = []
  const file = size === undefined ? {} : { size }
  for await (const chunk of read({ type: 'url', url, ...source }, 0, options, file)) {
    crc = crc32(chunk, crc)
    chunks.push(chunk)
    cut()
  }
  return Buffer.concat(chunks)
}

async function refusal(answer: RequestListener, wish?: Wish): Promise<HoldallError> {
  const error: unknown = await download(answer, wish).then(
    () => expect.fail('it was accepted'),
    (reason: unknown) => reason,
  )
  if (!isHoldallError(error)) throw error
  expect(error.detail).toMatchObject({ entry: 'file.bin' })
  expect(error.message).toContain('"file.bin"')
  return error
}

it.each(['blob:', 'data:'])('waits for no network for a %s URL', async (scheme) => {
  const blob = URL.createObjectURL(new Blob(['text']))
  onTestFinished(() => URL.revokeObjectURL(blob))
  const url = scheme === 'blob:' ? blob : 'data:,text'
  const offline = { online: () => Promise.reject(new Error('offline')) }
  const chunks: Uint8Array[] = []
  for await (const chunk of read({ type: 'url', url }, 0, offline)) chunks.push(chunk)
  expect(String(Buffer.concat(chunks))).toBe('text')
})

/** Answers the first request with `first`, and further ones with `then`. */
function firstly(first: RequestListener, then: RequestListener): RequestListener {
  let asked = 0
  return (request, response) => (asked++ === 0 ? first : then)(request, response)
}

const whole: RequestListener = (request, response) => serveBytes(request, response, BYTES)

const tagged: RequestListener = (request, response) => {
  response.setHeader('ETag', '"1"')
  serveBytes(request, response, BYTES)
}

/** Cuts the line of the answer under way, when some of it has arrived. */
let cut: () => void = () => undefined

/** Sends `length` bytes of what it announces, and breaks off. */
const half =
  (length: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response.writeHead(200, { 'Content-Length': BYTES.length, ...headers })
    response.write(BYTES.subarray(0, length))
    cut = () => response.destroy()
  }

/** As servers that do not know Range. */
const noRanges: RequestListener = (_, response) => {
  response.writeHead(200, { 'Content-Length': BYTES.length }).end(BYTES)
}

const status =
  (code: number, headers: Record<string, string> = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(code, headers).end('no')

describe('a file behind a URL', () => {
  const lasting = [400, 401, 403, 404, 410, 501].map((code) => [code, 1] as const)
  const later = [408, 425, 429, 500, 502, 503, 504].map((code) => [code, 3] as const)

  it.each([...lasting, ...later])(
    'that answers %d fails after %d requests, naming URL and status',
    async (code, times) => {
      const error = await refusal(status(code))
      const url = `${server!.origin}/file`
      expect(error).toMatchObject({ code: 'source-failed', detail: { url, status: code } })
      expect(error.message).toContain(`${url}: it answered ${code}`)
      expect(error.message).toContain('check that the file exists')
      expect(server!.asked).toHaveLength(times)
    },
  )

  it('of a server that is not there fails, saying what to check', async () => {
    const free = createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const { port } = free.address() as AddressInfo
    free.close()
    await once(free, 'close')
    const url = `http://127.0.0.1:${port}/file`
    const failure = read({ type: 'url', url }, 0, { patience: PATIENCE }).next()
    const error = await failure.then(
      () => expect.fail('it answered'),
      (reason: HoldallError) => reason,
    )
    expect(error).toMatchObject({ code: 'source-failed', detail: { entry: 'file.bin', url } })
    expect(error.detail).not.toHaveProperty('status')
    expect(error.message).toMatch(
      /did not answer .*3 times in a row; check the connection, the URL and/,
    )
    expect(error.cause).toBeInstanceOf(Error)
  })

  it('that comes after a "later" is whole', async () => {
    const bytes = await download(firstly(status(503, { 'Retry-After': '0' }), whole))
    expect(bytes.equals(BYTES)).toBe(true)
    expect(server!.asked).toHaveLength(2)
  })

  it('that breaks off is gone on with by Range', async () => {
    const headers = { ETag: '"1"' }
    const bytes = await download(firstly(half(100_000, headers), tagged))
    expect(bytes.equals(BYTES)).toBe(true)
    expect(server!.asked).toHaveLength(2)
    expect(server!.asked[1]!.headers.range).toMatch(/^bytes=[1-9]\d*-$/)
    expect(server!.asked[1]!.headers['if-range']).toBe('"1"')
  })

  describe('of which only a part is wanted', () => {
    const PART = 100_000
    const end = { index: 0, until: PART }
    const asked = (): (string | undefined)[] => server!.asked.map(({ headers }) => headers.range)

    it('is asked for that part', async () => {
      server = await localServer(whole)
      const source = { type: 'url', url: `${server.origin}/file` } as const
      let length = 0
      for await (const chunk of read(source, 0, { end }, { size: BYTES.length })) {
        if ((length += chunk.length) >= PART) break
      }
      expect(length).toBe(PART)
      expect(asked()).toEqual(['bytes=0-99999'])
    })

    it('is asked for the rest when more is wanted after all', async () => {
      const bytes = await download(tagged, { context: { end }, size: BYTES.length })
      expect(bytes.equals(BYTES)).toBe(true)
      expect(asked()).toEqual(['bytes=0-99999', 'bytes=100000-'])
    })

    it('is gone on with where that part breaks off', async () => {
      const broken: RequestListener = (_, response) => {
        const range = `bytes 0-${PART - 1}/${BYTES.length}`
        response.writeHead(206, { ETag: '"1"', 'Content-Range': range, 'Content-Length': PART })
        response.write(BYTES.subarray(0, 60_000))
        cut = () => response.destroy()
      }
      const bytes = await download(firstly(broken, tagged), { context: { end } })
      expect(bytes.equals(BYTES)).toBe(true)
      expect(asked()).toEqual(['bytes=0-99999', 'bytes=60000-99999', 'bytes=100000-'])
    })

    it('is asked for the rest, too, where the server tells no length', async () => {
      const untold: RequestListener = (request, response) => {
        const [from, to = BYTES.length - 1] = request.headers.range!.match(/\d+/g)!.map(Number)
        response.writeHead(206, { ETag: '"1"', 'Content-Range': `bytes ${from}-${to}/*` })
        response.end(BYTES.subarray(from, to + 1))
      }
      const bytes = await download(untold, { context: { end } })
      expect(bytes.equals(BYTES)).toBe(true)
      expect(asked()).toEqual(['bytes=0-99999', 'bytes=99999-', 'bytes=299999-'])
    })

    it('is whole where the server knows no ranges', async () => {
      const bytes = await download(noRanges, { context: { end } })
      expect(bytes.equals(BYTES)).toBe(true)
      expect(asked()).toEqual(['bytes=0-99999'])
    })
  })

  it('that breaks off is read again, and compared, where the server knows no ranges', async () => {
    const bytes = await download(firstly(half(100_000), noRanges))
    expect(bytes.equals(BYTES)).toBe(true)
    expect(server!.asked).toHaveLength(2)
  })

  it('that breaks off again and again is whole, as long as bytes come in between', async () => {
    const piecemeal: RequestListener = (request, response) => {
      const at = Number(/\d+/.exec(request.headers.range ?? '0')![0])
      response.writeHead(at === 0 ? 200 : 206, {
        ETag: '"1"',
        'Content-Length': BYTES.length - at,
        ...(at > 0 && { 'Content-Range': `bytes ${at}-${BYTES.length - 1}/${BYTES.length}` }),
      })
      response.write(BYTES.subarray(at, at + 40_000))
      cut = () => response.destroy()
    }
    const bytes = await download(piecemeal)
    expect(bytes.equals(BYTES)).toBe(true)
    expect(server!.asked.length).toBeGreaterThanOrEqual(8)
  })

  describe('of a server that knows no ranges, and breaks off each time', () => {
    /** Ends each answer `further` bytes after the one before, from 160,000 on. */
    const endsAfter = (further: number): RequestListener => {
      let times = 0
      return (_, response) => {
        response.write(BYTES.subarray(0, 160_000 + further * times++)) // its length is not announced
        response.end()
      }
    }

    it('is whole, where each answer brings enough for what it takes', async () => {
      const bytes = await download(endsAfter(20_000), { size: BYTES.length })
      expect(bytes.equals(BYTES)).toBe(true)
      expect(server!.asked).toHaveLength(8)
    })

    it('may break off again after an outage, whose attempts do not count', async () => {
      let asked = 0
      let outages = 0
      const outage = async (): Promise<boolean> => ++outages === 1
      const answer: RequestListener = (request, response) => {
        asked++
        if (asked === 2 || asked === 3) return void request.socket.destroy()
        response.write(asked < 5 ? BYTES.subarray(0, 160_000 + 1000 * asked) : BYTES)
        response.end()
      }
      const bytes = await download(answer, { size: BYTES.length, context: { outage } })
      expect(bytes.equals(BYTES)).toBe(true)
      expect(outages).toBe(1)
    })

    it('is given up, where they bring next to nothing', async () => {
      const error = await refusal(endsAfter(1000), { size: BYTES.length })
      expect(error.detail).toMatchObject({ actual: 162_000 })
      expect(server!.asked).toHaveLength(3)
    })
  })

  it.each<[string, RequestListener]>([
    ['tag', (_, response) => void response.writeHead(200, { ETag: '"2"' }).end(BYTES)],
    [
      'length',
      (_, response) =>
        void response.writeHead(200, { ETag: '"1"', 'Content-Length': 5 }).end(noise(5)),
    ],
    ['bytes', (_, response) => void response.end(noise(300_000, 2))],
    ['end', (_, response) => void response.writeHead(416, { 'Content-Range': 'bytes */9' }).end()],
  ])('that has another %s after it broke off is an error, not a mixture', async (_, then) => {
    const error = await refusal(firstly(half(100_000, { ETag: '"1"' }), then))
    expect(error.code).toBe('source-changed')
    expect(error.detail).toMatchObject({ url: `${server!.origin}/file` })
  })

  it('that has another entity tag than was given is an error', async () => {
    const answer: RequestListener = (_, response) =>
      void response.writeHead(200, { ETag: '"2"' }).end('x')
    const error = await refusal(answer, { source: { etag: '"1"' } })
    expect(error.code).toBe('source-changed')
  })

  it.each([[299_999], [300_001]])(
    'that announces another size than %d is an error at once',
    async (size) => {
      const error = await refusal(whole, { size })
      const url = `${server!.origin}/file`
      expect(error).toMatchObject({
        code: 'size-mismatch',
        detail: { url, planned: size, actual: 300_000 },
      })
      expect(error.message).toContain(`planned ${size} bytes, ${url} announces 300000`)
    },
  )

  it('that ends too early without having announced its length is an error', async () => {
    const short: RequestListener = (_, response) => {
      response.write(BYTES.subarray(0, 1000))
      response.end()
    }
    const error = await refusal(short, { size: 2000 })
    expect(error).toMatchObject({ code: 'size-mismatch', detail: { planned: 2000, actual: 1000 } })
    expect(error.message).toContain(server!.origin)
  })

  it('that is a page for signing in is an error', async () => {
    server = await localServer((_, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>')
    })
    const source = { type: 'url', url: `${server.origin}/a` } as const
    const failure = read(source, 0, {}, { name: 'photo.jpg' }).next()
    await expect(failure).rejects.toMatchObject({
      code: 'source-failed',
      detail: { entry: 'photo.jpg' },
    })
  })

  it('that says nothing is given up after a while', async () => {
    const silent: RequestListener = () => undefined
    const patience = { attempts: 2, silence: 60, delay: 1 }
    const error = await refusal(silent, { context: { patience } })
    expect(error.message).toContain('nothing came for 0.06 s, 2 times in a row')
    expect(await Promise.all(server!.asked.map(({ over }) => over))).toEqual([false, false])
  })

  it.each([401, 403])(
    'that is refused with %d comes from the URL that replaces it',
    async (code) => {
      const expired: RequestListener = (request, response) => {
        if (request.url === '/file') status(code)(request, response)
        else whole(request, response)
      }
      const refreshed: unknown[] = []
      const refresh: SourceContext['refresh'] = (url, name) => {
        refreshed.push([new URL(url).pathname, name])
        return Promise.resolve(url.replace('/file', '/fresh'))
      }
      const bytes = await download(expired, { context: { refresh } })
      expect(bytes.equals(BYTES)).toBe(true)
      expect(refreshed).toEqual([['/file', 'file.bin']])
    },
  )

  it('is asked for with its own headers, as it is, not compressed', async () => {
    await download(whole, { source: { headers: { 'x-key': '1' } } })
    expect(server!.asked[0]!.headers).toMatchObject({ 'x-key': '1', 'accept-encoding': 'identity' })
  })

  it('with headers of its own is not fetched where a redirect leads', async () => {
    const away: RequestListener = (request, response) => {
      if (request.url === '/file') response.writeHead(302, { Location: '/other' }).end()
      else whole(request, response)
    }
    const patience = { ...PATIENCE, attempts: 1 }
    const secret = { headers: { 'x-key': '1' } }
    const error = await refusal(away, { source: secret, context: { patience } })
    expect(error.message).toContain('it must not redirect, as the file has headers of its own')
    expect(server!.asked.map(({ url }) => url)).toEqual(['/file'])
    await server![Symbol.asyncDispose]()
    expect((await download(away)).equals(BYTES)).toBe(true)
  })

  it('tells how it gets on', async () => {
    const told: unknown[] = []
    let received = 0
    await download(firstly(half(1000), whole), {
      context: {
        report: (...what) => told.push(what),
        received: (bytes) => (received += bytes),
      },
    })
    expect(told).toEqual([
      [0, 'fetching'],
      [0, 'retrying', 2],
      [0, 'done'],
    ])
    expect(received).toBe(300_000)
  })

  it.each([
    ['waits for an answer', (() => undefined) as RequestListener],
    ['waits to try again', status(503, { 'Retry-After': '60' })],
  ])('ends by signal while it %s', async (_, answer) => {
    const ending = new AbortController()
    const reason = new Error('no more')
    const answerAndEnd: RequestListener = (request, response) => {
      answer(request, response)
      setTimeout(() => ending.abort(reason), 20)
    }
    const failure = download(answerAndEnd, { context: { signal: ending.signal } })
    await expect(failure).rejects.toBe(reason)
  })
})
