/** What tells that an answer is another file than was asked for, and what is said of it then. */

import type { IncomingMessage, RequestListener } from 'node:http'
import { createHash } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { zipStream } from '../../src/core.ts'
import { isHoldallError, type HoldallError } from '../../src/errors.ts'
import type { UrlFile } from '../../src/manifest/types.ts'
import { crc32 } from '../../src/zip/crc32.ts'
import { entriesOf } from '../engine/read-zip.ts'
import { localServer, type LocalServer } from './local-server.ts'

let server: LocalServer | undefined
afterEach(async () => {
  vi.unstubAllGlobals()
  await server?.[Symbol.asyncDispose]()
  server = undefined
})

const TEXT = 'a text'
const sha256 = createHash('sha256').update(TEXT).digest('hex')

const send =
  (headers: Record<string, string>, status = 200): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(status === 204 ? undefined : TEXT)

/** The file as it is in an archive of it alone. */
async function pack(answer: RequestListener, file: Partial<UrlFile> = {}): Promise<string> {
  await server?.[Symbol.asyncDispose]()
  server = await localServer(answer)
  const files = [{ url: `${server.origin}/file`, name: 'file.zip', ...file }]
  const archive = await new Response(
    zipStream(files, { retry: { attempts: 2, delay: 1 } }),
  ).arrayBuffer()
  return String(entriesOf(Buffer.from(archive)).get('file.zip'))
}

async function refusal(answer: RequestListener, file?: Partial<UrlFile>): Promise<HoldallError> {
  const error: unknown = await pack(answer, file).catch((reason: unknown) => reason)
  return isHoldallError(error) ? error : expect.fail(`It was packed: ${String(error)}`)
}

const gets = (): IncomingMessage['headers'][] =>
  server!.asked.filter(({ method }) => method === 'GET').map(({ headers }) => headers)

describe('a file that comes as a web page', () => {
  const page = send({ 'Content-Type': 'text/html' })

  it('is refused by its name, where nothing else tells', async () => {
    expect((await refusal(page)).message).toContain('a web page in place of the file')
  })

  it.each([{ crc32: crc32(Buffer.from(TEXT)) }, { sha256 }])('is taken by %o', async (digest) => {
    expect(await pack(page, digest)).toBe(TEXT)
    const [field] = Object.keys(digest)
    const other = { crc32: 1, sha256: '0'.repeat(64) }
    const error = await refusal(page, { [field!]: other[field as keyof typeof other] })
    expect(error.code).toBe(`${field === 'crc32' ? 'crc' : field}-mismatch`)
  })
})

describe('the entity tag that was given', () => {
  it.each(['"a"', 'a', 'W/"a"', 'W/a'])('may be written %s', async (etag) => {
    for (const ETag of ['"a"', 'W/"a"', 'a'])
      expect(await pack(send({ ETag }), { etag })).toBe(TEXT)
  })

  it('is told with the one that was found, and with nothing of a change meanwhile', async () => {
    const error = await refusal(send({ ETag: '"b"' }), { etag: 'a', size: TEXT.length })
    expect(error.code).toBe('source-changed')
    expect(error.detail).toEqual({ entry: 'file.zip', url: `${server!.origin}/file` })
    expect(error.message).toBe(
      `Cannot store "file.zip": ${server!.origin}/file has the ETag "b", planned was a; the file has changed or the manifest is wrong`,
    )
    expect(gets()).toHaveLength(1)
  })

  it('must be text', async () => {
    const error = await refusal(send({}), { etag: 123 as unknown as string })
    expect(error).toMatchObject({ code: 'invalid-metadata', detail: { field: 'etag' } })
    expect(server!.asked).toEqual([])
  })
})

describe('a file with integrity', () => {
  const integrity = `sha256-${createHash('sha256').update(TEXT).digest('base64')}`
  const wrong = integrity.replace(/-..../, '-AAAA')

  it('is asked for its size without it', async () => {
    expect(await pack(send({ 'Content-Length': String(TEXT.length) }), { integrity })).toBe(TEXT)
    expect(server!.asked.map(({ method }) => method)).toEqual(['HEAD', 'GET'])
  })

  it('fails for that, where it could be read otherwise', async () => {
    const error = await refusal(send({}), { integrity: wrong })
    expect(error.code).toBe('source-failed')
    expect(error.message).toContain('its bytes are probably not those of its integrity')
    vi.stubGlobal('location', new URL('https://app.test/'))
    const foreign = await refusal(send({}), { integrity: wrong })
    expect(foreign.message).toContain('its bytes are probably not those of its integrity')
    expect(foreign.message).not.toContain('Access-Control')
  })

  it('has more time to come, as nothing is told of it before it has', async () => {
    const slow: RequestListener = (_, response) => {
      response.writeHead(200).write(TEXT.slice(0, 1))
      setTimeout(() => response.end(TEXT.slice(1)), 300)
    }
    server = await localServer(slow)
    const files = [{ url: `${server.origin}/file`, name: 'a', integrity, size: TEXT.length }]
    const archive = zipStream(files, { retry: { attempts: 1, silence: 200 } })
    const entries = entriesOf(Buffer.from(await new Response(archive).arrayBuffer()))
    expect(String(entries.get('a'))).toBe(TEXT)
  })

  it.each<Partial<UrlFile>>([{ headers: { 'X-Token': '1' } }, { credentials: 'include' }])(
    'may also fail for what its server lets no page read: %o',
    async (field) => {
      vi.stubGlobal('location', new URL('https://app.test/'))
      const error = await refusal(send({}), { integrity: wrong, ...field })
      expect(error.message).toMatch(
        /lets no page of https:\/\/app.test read it; it must send "Access-Control.*", or its bytes are not those of its integrity/,
      )
      expect(error.message).not.toContain('probably')
    },
  )

  it('may also fail for a redirect, where it has headers that must not follow it', async () => {
    const error = await refusal(send({}), { integrity: wrong, headers: { 'X-Token': '1' } })
    expect(error.message).toContain(
      'its server answers, but redirects, or its bytes are not those of its integrity; it must not redirect',
    )
  })

  it('fails for its connection, where that does', async () => {
    const cut: RequestListener = (request) => void request.destroy()
    const error = await refusal(cut, { integrity })
    expect(error.message).not.toContain('integrity')
    expect(error.message).toContain('check the connection')
  })
})

describe('an answer of status', () => {
  it('203 is the file', async () => {
    expect(await pack(send({}, 203))).toBe(TEXT)
    expect(await pack(send({ 'Content-Length': String(TEXT.length) }, 203))).toBe(TEXT)
  })

  it.each([204, 205])('%d is an empty one', async (status) => {
    const empty: RequestListener = (_, response) => void response.writeHead(status).end()
    expect(await pack(empty)).toBe('')
    const error = await refusal(empty, { size: 5 })
    expect(error).toMatchObject({ code: 'size-mismatch', detail: { planned: 5, actual: 0 } })
    expect(gets()).toHaveLength(1)
  })
})

describe('the URL that replaces one that was refused', () => {
  /** What the fresh URL is asked for with. */
  async function asked(origin: 'same' | 'other'): Promise<IncomingMessage['headers']> {
    server = await localServer((request, response) => {
      response.writeHead(request.url === '/old' ? 403 : 200).end(TEXT)
    })
    const host = origin === 'same' ? '127.0.0.1' : 'localhost'
    const url = `${server.origin.replace('127.0.0.1', host)}/new`
    const headers = { 'X-Key': 'secret', Authorization: 'Bearer secret' }
    const files = [{ url: `${server.origin}/old`, size: TEXT.length, headers }]
    await new Response(zipStream(files, { refreshUrl: () => url })).arrayBuffer()
    return server.asked.find((request) => request.url === '/new')!.headers
  }

  it('of the same origin gets the headers of the file', async () => {
    expect(await asked('same')).toMatchObject({ 'x-key': 'secret', authorization: 'Bearer secret' })
  })

  it('of another origin gets none of them', async () => {
    const headers = await asked('other')
    expect(headers['x-key']).toBeUndefined()
    expect(headers.authorization).toBeUndefined()
  })

  it.each([
    ['include', undefined],
    ['omit', 'omit'],
  ] as const)('of another origin gets credentials: %s as %s', async (credentials, then) => {
    const sent: unknown[] = []
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      sent.push(init.credentials)
      return new Response(TEXT, { status: url.endsWith('/old') ? 401 : 200 })
    })
    const files = [{ url: 'https://a.test/old', size: TEXT.length, credentials }]
    const refreshUrl = (): string => 'https://b.test/new'
    await new Response(zipStream(files, { refreshUrl })).arrayBuffer()
    expect(sent).toEqual([credentials, then])
  })
})
