/** Sizes, names and dates are had from servers of all kinds; and if not, that costs only the length. */

import { afterEach, describe, expect, it, vi } from 'vitest'
import { zipResponse } from '../../src/core.ts'
import { prepareJob } from '../../src/engine/job.ts'
import type { ManifestFile } from '../../src/manifest/types.ts'
import { entriesOf } from '../engine/read-zip.ts'
import { BYTES, DATE, ranges, RETRY, STRONG } from './pack.ts'
import { answer } from './server/answer.ts'
import type { Fault, Served } from './server/faults.ts'
import { chaosServer, type ChaosServer } from './server/server.ts'

let server: ChaosServer
afterEach(() => {
  vi.unstubAllGlobals()
  return server[Symbol.asyncDispose]()
})

const never = new AbortController().signal

interface Manners {
  readonly head?: Fault | { readonly kind: 'nothing' } | undefined
  readonly part?: Fault
  readonly file?: Partial<Served>
}

/** A server with faults in its answers to HEAD, and to requests for one byte. */
async function start({ head, part, file }: Manners): Promise<string> {
  const served = { bytes: BYTES, etag: STRONG, ...file }
  server = await chaosServer((request, response) => {
    if (request.method === 'HEAD' && head?.kind === 'nothing') {
      return void response.writeHead(200, { 'Content-Length': 0 }).end()
    }
    const isPart = request.headers.range === 'bytes=0-0'
    const fault = request.method === 'HEAD' ? head : isPart ? part : undefined
    return answer(request, response, served, fault as Fault | undefined)
  })
  return `${server.origin}/a`
}

const asked = (): string[] => server.asked.map(({ method }) => method)

/** The length that is announced; the archive is whole, and of that length if it is one. */
async function lengthOf(manners: Manners): Promise<number | undefined> {
  const url = await start(manners)
  const retry = { ...RETRY, silence: manners.head?.kind === 'stall' ? 200 : 5000 }
  const response = await zipResponse([{ url, name: 'a.bin' }], { retry })
  const archive = Buffer.from(await response.arrayBuffer())
  const { bytes } = { bytes: BYTES, ...manners.file }
  expect(Buffer.compare(entriesOf(archive).get('a.bin')!, bytes)).toBe(0)
  const length = response.headers.get('Content-Length')
  if (length !== null) expect(archive.length).toBe(Number(length))
  return length === null ? undefined : Number(length)
}

describe('the exact length is known', () => {
  it('by HEAD', async () => {
    expect(await lengthOf({})).toBeGreaterThan(BYTES.length)
    expect(asked()).toEqual(['HEAD', 'GET'])
  })

  it.each<Manners['head']>([
    { kind: 'status', status: 405 },
    { kind: 'status', status: 501 },
    { kind: 'reset' },
    { kind: 'nothing' },
  ])('by its first byte, if HEAD has %o', async (head) => {
    expect(await lengthOf({ head })).toBeGreaterThan(BYTES.length)
    expect(asked()).toEqual(['HEAD', 'GET', 'GET'])
    expect(ranges(server.asked)).toEqual([undefined, 'bytes=0-0', undefined])
  })

  it('by an answer with all of it, which is not read', async () => {
    const head = { kind: 'status', status: 405 } as const
    expect(await lengthOf({ head, file: { ranges: false } })).toBeGreaterThan(BYTES.length)
    expect(asked()).toEqual(['HEAD', 'GET', 'GET'])
  })

  it('of an empty file, too', async () => {
    const file = { bytes: Buffer.alloc(0) }
    expect(await lengthOf({ file })).toBeGreaterThan(0)
    await server[Symbol.asyncDispose]()
    expect(await lengthOf({ file, head: { kind: 'status', status: 405 } })).toBeGreaterThan(0)
  })
})

describe('only the length is unknown', () => {
  it.each<[string, Manners]>([
    [
      'has an error',
      { head: { kind: 'status', status: 500 }, part: { kind: 'status', status: 500 } },
    ],
    ['says nothing', { head: { kind: 'stall' }, part: { kind: 'stall' } }],
    ['is gone', { head: { kind: 'reset' }, part: { kind: 'reset' } }],
    ['tells no length', { file: { chunked: true, ranges: false } }],
    ['packs all it sends', { file: { gzip: true } }],
    ['packs all it sends, and its parts', { head: { kind: 'reset' }, file: { gzip: true } }],
  ])('if the server %s', async (_, manners) => {
    expect(await lengthOf(manners)).toBeUndefined()
    expect(asked()).toEqual(['HEAD', 'GET', 'GET'])
  })
})

describe('of another origin, what may be compressed unseen', () => {
  const file = { foreign: true, headers: { 'Content-Type': 'application/pdf' } }

  it.each<[Manners, string[]]>([
    [{ file }, ['HEAD', 'GET']],
    [{ file: { ...file, chunked: true } }, ['HEAD', 'GET']],
    [{ file, head: { kind: 'status', status: 405 } }, ['HEAD', 'GET', 'GET']],
    [{ file, head: { kind: 'nothing' } }, ['HEAD', 'GET', 'GET']],
  ])('is not asked for its length where no answer would tell it: %j', async (manners, methods) => {
    vi.stubGlobal('location', new URL('http://page.example/'))
    expect(await lengthOf(manners)).toBeUndefined()
    expect(asked()).toEqual(methods)
  })
})

describe('beside the size', () => {
  async function probed(headers: Record<string, string>, given = {}): Promise<ManifestFile> {
    const url = await start({ file: { lastModified: DATE, headers } })
    const [file] = (await prepareJob([{ url: `${url}?b=c`, ...given }], {}, never)).files
    return file!
  }

  it.each([
    ['attachment; filename="b.txt"', 'b.txt'],
    ['attachment; filename="b.txt"; filename*=UTF-8\'\'%e2%82%ac.txt', '€.txt'],
    ['inline', 'a'],
  ])('the name is taken from %s', async (field, name) => {
    const { name: given } = await probed({ 'Content-Disposition': field })
    expect(given).toBe(name)
  })

  it('the date is taken, and neither if the caller gave one', async () => {
    expect(await probed({})).toMatchObject({ size: BYTES.length, lastModified: Date.parse(DATE) })
    await server[Symbol.asyncDispose]()
    const headers = { 'Content-Disposition': 'attachment; filename=b.txt' }
    const file = await probed(headers, { name: 'c', lastModified: 1e12 })
    expect(file).toMatchObject({ name: 'c', lastModified: 1e12 })
  })
})
