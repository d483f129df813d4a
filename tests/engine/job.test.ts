import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { explained, prepareJob, runJob, type JobHost } from '../../src/engine/job.ts'
import type { ArchiveOptions, FilesInput } from '../../src/manifest/types.ts'
import { crc32 } from '../../src/zip/crc32.ts'
import { localServer, serveBytes, type LocalServer } from '../sources/local-server.ts'
import { noise } from '../zip/archive.ts'
import { entriesOf } from './read-zip.ts'

const never = new AbortController().signal

let server: LocalServer
afterEach(() => server?.[Symbol.asyncDispose]())

async function serve(answer: RequestListener): Promise<string> {
  server = await localServer(answer)
  return server.origin
}

/** The content of whatever is behind a path: that path, over and over. */
const contentOf = (path: string, length = 1000): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(path.repeat(Math.ceil(length / path.length)).slice(0, length))

const files: RequestListener = (request, response) => {
  serveBytes(request, response, contentOf(request.url!))
}

async function pack(
  input: FilesInput,
  options: ArchiveOptions = {},
  host: Partial<JobHost> = {},
): Promise<Buffer> {
  const job = await prepareJob(input, { retry: { delay: 1 }, ...options }, never)
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of runJob(job, { signal: never, ...host })) chunks.push(chunk)
  } catch (error) {
    throw explained(error, job)
  }
  const archive = Buffer.concat(chunks)
  if (job.plan.length !== undefined) expect(archive.length).toBe(job.plan.length)
  return archive
}

/** What a server answers with, `status` for `path` and files for all others. */
const failing =
  (path: string, status: number): RequestListener =>
  (request, response) => {
    if (request.url === path) response.writeHead(status).end()
    else files(request, response)
  }

describe('prepareJob() and runJob()', () => {
  it('make an archive of what is fetched and what is at hand', async () => {
    const origin = await serve(files)
    const archive = await pack([
      `${origin}/a.txt`,
      { url: `${origin}/b`, name: 'sub/b.txt', size: 1000 },
      { name: 'c.txt', data: 'text' },
      { name: 'd.bin', data: () => new Blob([noise(2_000_000)]) },
      new File(['file'], 'e.txt'),
      { name: 'empty/', directory: true },
    ])
    const entries = entriesOf(archive)
    expect([...entries.keys()]).toEqual(['a.txt', 'sub/b.txt', 'c.txt', 'd.bin', 'e.txt', 'empty/'])
    expect(entries.get('a.txt')).toEqual(Buffer.from(contentOf('/a.txt')))
    expect(entries.get('sub/b.txt')).toEqual(Buffer.from(contentOf('/b')))
    expect(entries.get('c.txt')!.toString()).toBe('text')
    expect(crc32(entries.get('d.bin')!)).toBe(crc32(noise(2_000_000)))
    expect(entries.get('e.txt')!.toString()).toBe('file')
  })

  it('follow URLs that are relative to the base', async () => {
    const origin = await serve(files)
    const baseURL = new URL('/app/page.html?x', origin)
    const archive = await pack(['a.txt', './b.txt', '../c.txt', '/d.txt'], { baseURL })
    expect(server.asked.filter(({ method }) => method === 'GET').map(({ url }) => url)).toEqual([
      '/app/a.txt',
      '/app/b.txt',
      '/c.txt',
      '/d.txt',
    ])
    expect([...entriesOf(archive).keys()]).toEqual(['a.txt', 'b.txt', 'c.txt', 'd.txt'])
  })

  it('ask for sizes first, unless told not to', async () => {
    const origin = await serve(files)
    const list = [`${origin}/a`, `${origin}/b`]
    const methods = (): string[] => server.asked.splice(0).map(({ method }) => method)
    expect((await prepareJob(list, {}, never)).plan.length).toBeGreaterThan(2000)
    expect(methods()).toEqual(['HEAD', 'HEAD'])
    expect((await prepareJob(list, { sizes: 'as-given' }, never)).plan.length).toBeUndefined()
    expect((await prepareJob([{ url: list[0]!, size: 5 }], {}, never)).plan.length).toBeDefined()
    expect(methods()).toEqual([])
  })

  it('name the URL where a file is not of its size', async () => {
    const origin = await serve((request, response) => {
      response.write(contentOf(request.url!)) // announces no length
      response.end()
    })
    for (const [size, actual] of [
      [999, 1000],
      [1001, 1000],
      [300_000, 1000],
    ]) {
      const url = `${origin}/a.txt`
      const failure = pack(
        [
          { name: 'x', data: 'x' },
          { url, size: size! },
        ],
        { retry: { attempts: 1 } },
      )
      await expect(failure).rejects.toMatchObject({
        code: 'size-mismatch',
        detail: { entry: 'a.txt', url, planned: size, actual },
        message: expect.stringContaining(url) as string,
      })
    }
  })

  it('name the URL where a file has another CRC-32', async () => {
    const url = `${await serve(files)}/a.txt`
    const actual = crc32(contentOf('/a.txt'))
    await expect(pack([{ url, size: 1000, crc32: 1 }])).rejects.toMatchObject({
      code: 'crc-mismatch',
      detail: { entry: 'a.txt', url, planned: 1, actual },
      message: expect.stringContaining(url) as string,
    })
    await pack([{ url, size: 1000, crc32: actual }])
  })

  it('fail with the first file that cannot be had', async () => {
    const origin = await serve(failing('/b', 404))
    const list = ['a', 'b', 'c'].map((name) => `${origin}/${name}`)
    await expect(pack(list)).rejects.toMatchObject({
      code: 'source-failed',
      detail: { entry: 'b', url: `${origin}/b`, status: 404 },
    })
  })

  it('ask for a fresh URL where one is refused', async () => {
    const origin = await serve(failing('/old', 403))
    const asked: unknown[] = []
    const archive = await pack(
      [{ url: `${origin}/old`, name: 'a', size: 1000 }],
      {},
      {
        refreshUrl: (file) => {
          asked.push(file)
          return `${origin}/new1`
        },
      },
    )
    expect(asked).toEqual([{ url: `${origin}/old`, name: 'a' }])
    expect(entriesOf(archive).get('a')!.toString()).toMatch(/^\/new1\/new1/)
  })

  it('tell what becomes of each file, and of bytes that come', async () => {
    const origin = await serve(files)
    const told: string[] = []
    let received = 0
    await pack(
      [`${origin}/a`, { name: 'b', data: () => 'text' }],
      {},
      {
        report: (index, state) => told.push(`${index} ${state}`),
        received: (bytes) => {
          received += bytes
        },
      },
    )
    expect(told).toEqual(['0 fetching', '0 done', '1 fetching', '1 done'])
    expect(received).toBe(1000)
  })
})

describe('prepareJob() of the URL of a manifest', () => {
  const manifest =
    (value: unknown): RequestListener =>
    (request, response) => {
      if (request.url === '/old/manifest.json') {
        response.writeHead(302, { Location: '/albums/manifest.json' }).end()
      } else if (request.url === '/albums/manifest.json') {
        response.end(typeof value === 'string' ? value : JSON.stringify(value))
      } else files(request, response)
    }

  it.each(['/albums/manifest.json', '/old/manifest.json'])(
    '%s takes relative URLs for relative to where it is',
    async (path) => {
      const list = { files: [{ url: '1.jpg' }, { url: '/2.jpg', filename: 'Two.jpg' }] }
      const origin = await serve(manifest(list))
      const job = await prepareJob(origin + path, {}, never)
      expect(job.files.map(({ name, source }) => [name, source])).toEqual([
        ['1.jpg', { type: 'url', url: `${origin}/albums/1.jpg` }],
        ['Two.jpg', { type: 'url', url: `${origin}/2.jpg` }],
      ])
      expect(job.manifest, 'as it was asked for').toBe(origin + path)
    },
  )

  it('may be relative to the base itself', async () => {
    const baseURL = `${await serve(manifest({ files: [{ url: '1.jpg' }] }))}/albums/page`
    const job = await prepareJob('manifest.json', { baseURL }, never)
    expect(job.files).toHaveLength(1)
    expect(job.manifest).toBe(new URL('manifest.json', baseURL).href)
    await prepareJob(new URL('manifest.json', baseURL), {}, never)
  })

  it.each<[string, RequestListener, object, string]>([
    [
      'is not there',
      (_, r) => void r.writeHead(404).end(),
      { code: 'source-failed', detail: { status: 404 } },
      'answered 404; check its URL',
    ],
    [
      'does not answer',
      (_, r) => void r.destroy(),
      { code: 'source-failed' },
      'check the connection and the URL',
    ],
    [
      'breaks off',
      (_, r) => void r.writeHead(200, { 'Content-Length': 99 }).write('{', () => r.destroy()),
      { code: 'source-failed' },
      'check the connection and the URL',
    ],
    [
      'is a web page',
      (_, r) => void r.end('<!doctype html>'),
      { code: 'invalid-manifest', detail: { path: '$' } },
      'it is not JSON',
    ],
    [
      'is wrong in one place',
      (_, r) => void r.end('{"files":[{"url":"a"},{"url":"b","size":-1}]}'),
      { code: 'invalid-manifest', detail: { path: '$.files[1].size' } },
      'at $.files[1].size: it must be',
    ],
    [
      'has no files',
      (_, r) => void r.end('{"files":[]}'),
      { code: 'no-files' },
      'give at least one file',
    ],
  ])('that %s fails, naming it', async (_, answer, error, message) => {
    const url = `${await serve(answer)}/manifest.json`
    const failure = prepareJob(url, {}, never)
    await expect(failure).rejects.toMatchObject(error)
    await expect(failure).rejects.toThrow(message)
    if ('detail' in error) await expect(failure).rejects.toMatchObject({ detail: { url } })
  })

  it('ends by signal', async () => {
    const ending = new AbortController()
    const reason = new Error('no more')
    const origin = await serve(() => ending.abort(reason))
    await expect(prepareJob(`${origin}/m.json`, {}, ending.signal)).rejects.toBe(reason)
  })
})
