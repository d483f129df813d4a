/** A job that another thread goes on with: from what was stored, and the last checkpoint. */

import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { prepareJob, runJob, type PreparedJob } from '../../src/engine/job.ts'
import { fromStored, toStored, whyNotStorable } from '../../src/engine/stored-job.ts'
import type { ArchiveOptions, FileInput } from '../../src/manifest/types.ts'
import type { Checkpoint } from '../../src/zip/checkpoint.ts'
import { crc32 } from '../../src/zip/crc32.ts'
import { localServer, serveBytes, type LocalServer } from '../sources/local-server.ts'
import { noise } from '../zip/archive.ts'

const never = new AbortController().signal
const FILE = noise(4_000_000)

let server: LocalServer
let etag: string | undefined
let bytes = FILE

beforeEach(async () => {
  etag = '"1"'
  bytes = FILE
  server = await localServer((request, response) => {
    if (etag !== undefined) response.setHeader('ETag', etag)
    if ((request.headers['if-range'] ?? etag) !== etag) delete request.headers.range
    serveBytes(request, response, bytes)
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  return server[Symbol.asyncDispose]()
})

const files = (): FileInput[] => [
  { name: 'note.txt', data: 'a note' },
  { name: 'large.bin', data: noise(100_000) },
  { url: `${server.origin}/file`, name: 'file.bin', size: FILE.length },
  { name: 'blob.bin', data: new Blob([noise(300_000)]) },
  { name: 'folder/', directory: true },
]

async function collect(job: PreparedJob, from?: Checkpoint): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of runJob(job, { signal: never }, from)) chunks.push(chunk.slice())
  return Buffer.concat(chunks)
}

/** A job as it is stored, its archive, and a checkpoint in the middle of `file.bin`. */
async function half(options: ArchiveOptions = {}): Promise<{
  stored: ReturnType<typeof toStored>
  from: Checkpoint
  archive: Buffer
}> {
  const job = await prepareJob(files(), options, never)
  const archive = await collect(job)
  const encoder = runJob(job, { signal: never })
  while (encoder.entry < 2 || encoder.position < 500_000) await encoder.next()
  const from = structuredClone(encoder.checkpoint())
  await encoder.return()
  const stored = structuredClone(toStored(job, 'id', 'a.zip'))
  server.asked.length = 0
  return { stored, from, archive }
}

const sha = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

it('is stored with its small content in one buffer, and with nothing that is not told', async () => {
  const data = [1, 2, 3].map((byte) => new Uint8Array(byte * 300).fill(byte))
  const job = await prepareJob(
    data.map((bytes, index) => ({ name: `${index}.bin`, data: bytes })),
    {},
    never,
  )
  const stored = structuredClone(toStored(job, 'id', 'a.zip'))
  const contents = stored.files.map(({ source }) =>
    source?.type === 'bytes' ? source.bytes : source,
  )
  expect(contents).toEqual(data)
  expect(new Set(contents.map((bytes) => (bytes as Uint8Array).buffer))).toHaveLength(1)
  for (const file of stored.files) expect(Object.values(file)).not.toContain(undefined)
  expect(sha(await collect(fromStored(stored)))).toBe(sha(await collect(job)))
})

describe('a job that is gone on with', () => {
  it.each(['abort', 'skip', 'placeholder'] as const)(
    'makes the same bytes (%s)',
    async (onError) => {
      const { stored, from, archive } = await half({ onError })
      const rest = await collect(fromStored(stored), from)
      expect(sha(rest)).toBe(sha(archive.subarray(from.offset)))
      const [asked] = server.asked
      expect(asked!.headers).toMatchObject({ range: `bytes=${from.position}-`, 'if-range': '"1"' })
    },
  )

  it('asks for no more than leads to where its reader stops, and gives more all the same', async () => {
    const { stored, from, archive } = await half()
    const job = fromStored(stored)
    const until = from.offset + 1000
    const encoder = runJob(job, { signal: never, until }, from)
    const chunks = [(await encoder.next()).value!.slice()]
    expect(encoder.offset).toBeGreaterThan(until)
    const bounded = Number(/^bytes=\d+-(\d+)$/.exec(server.asked[0]!.headers.range!)![1])
    expect(bounded).toBeLessThan(FILE.length - 1)
    for await (const chunk of encoder) chunks.push(chunk.slice())
    expect(sha(Buffer.concat(chunks))).toBe(sha(archive.subarray(from.offset)))
  })

  it('opens no file that lies behind where its reader stops', async () => {
    const urls = [1, 2, 3].map((name) => `${server.origin}/${name}`)
    const files = urls.map((url) => ({ url, size: FILE.length }))
    const encoder = runJob(await prepareJob(files, {}, never), { signal: never, until: 1000 })
    server.asked.length = 0
    while (encoder.offset < 1000) await encoder.next()
    await encoder.return()
    expect(server.asked.map(({ url }) => url)).toEqual(['/1'])
  })

  it('reads again and compares what nothing tells from another file', async () => {
    etag = undefined
    const { stored, from, archive } = await half()
    const rest = await collect(fromStored(stored), from)
    expect(sha(rest)).toBe(sha(archive.subarray(from.offset)))
    expect(server.asked[0]!.headers.range).toBeUndefined()
  })

  it('asks for no part of what is compressed on the way, which has another tag', async () => {
    server.answer = (request, response) => {
      const { range } = request.headers
      response.setHeader('ETag', range === undefined ? 'W/"1"' : '"1"')
      response.setHeader('Last-Modified', 'Tue, 05 Mar 2024 10:00:00 GMT')
      if (range !== undefined) return serveBytes(request, response, FILE)
      response.writeHead(200, { 'Content-Encoding': 'gzip' })
      response.end(request.method === 'HEAD' ? '' : gzipSync(FILE, { level: 1 }))
    }
    const { stored, from, archive } = await half()
    const rest = await collect(fromStored(stored), from)
    expect(sha(rest)).toBe(sha(archive.subarray(from.offset)))
    expect(server.asked.map(({ headers }) => headers.range)).toEqual([undefined])
  })

  it('asks another origin, to which it is redirected, for nothing that takes a preflight', async () => {
    const away = await localServer((request, response) => {
      response.setHeader('ETag', '"1"')
      serveBytes(request, response, FILE)
    })
    server.answer = (_, response) =>
      void response.writeHead(307, { Location: `${away.origin}/file` }).end()
    vi.stubGlobal('location', new URL(server.origin))
    const { stored, from, archive } = await half()
    const rest = await collect(fromStored(stored), from)
    expect(sha(rest)).toBe(sha(archive.subarray(from.offset)))
    expect(away.asked.at(-1)!.headers.range).toBe(`bytes=${from.position}-`)
    for (const { headers } of away.asked) expect(headers).not.toHaveProperty('if-range')
    await away[Symbol.asyncDispose]()
  })

  it.each([
    ['with another tag', '"2"'],
    ['with no tag', undefined],
  ])('fails if a file changed meanwhile, %s', async (_, tag) => {
    const { stored, from } = await half()
    etag = tag
    bytes = noise(FILE.length, 7)
    await expect(collect(fromStored(stored), from)).rejects.toMatchObject({
      code: 'source-changed',
      detail: { entry: 'file.bin' },
    })
  })

  it.each([
    [{}, undefined],
    [{ framing: 'store' }, undefined],
    [{}, 0],
  ] as const)(
    'fails from everywhere in a file of another SHA-256: %j, %s',
    async (options, crc) => {
      const content = noise(600_000)
      const data = new Blob([content])
      const file = { name: 'a.bin', data, sha256: sha(noise(5)) }
      const known = crc === undefined ? {} : { crc32: crc32(content) }
      const job = await prepareJob([{ ...file, ...known }], options, never)
      const encoder = runJob(job, { signal: never })
      const places: Checkpoint[] = []
      await expect(
        (async () => {
          for await (const _ of encoder) places.push(structuredClone(encoder.checkpoint()))
        })(),
      ).rejects.toMatchObject({ code: 'sha256-mismatch' })
      expect(places.length).toBeGreaterThan(1)
      for (const from of places) {
        await expect(collect(job, from)).rejects.toMatchObject({ code: 'sha256-mismatch' })
      }
    },
  )

  it('is refused where it would become another archive', async () => {
    const { stored } = await half()
    expect(() => fromStored({ ...stored, fingerprint: 'other' })).toThrow(
      expect.objectContaining({ code: 'invalid-checkpoint' }),
    )
  })

  it('is told beforehand where nobody else can make it', async () => {
    const job = await prepareJob([{ name: 'made.txt', data: () => 'text' }], {}, never)
    expect(whyNotStorable(job)).toContain('"made.txt"')
    expect(whyNotStorable(await prepareJob(files(), {}, never))).toBeUndefined()
  })
})
