/** Files of which a server says that they are small, where nobody can trust it: fetched side by side all the same. */

import type { ServerResponse } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { prepareJob, runJob, type PreparedJob } from '../../src/engine/job.ts'
import { fromStored, toStored } from '../../src/engine/stored-job.ts'
import type { ArchiveOptions, FileInput } from '../../src/manifest/types.ts'
import type { Checkpoint } from '../../src/zip/checkpoint.ts'
import { localServer, serveBytes, type LocalServer } from '../sources/local-server.ts'
import { noise } from '../zip/archive.ts'
import { entriesOf } from './read-zip.ts'

const never = new AbortController().signal
const KIB = 1024
const SMALL = Buffer.from(noise(20_000))

let server: LocalServer
/** What is at each path; of those that are not here, `SMALL`. */
let served: Map<string, Uint8Array>
/** What HEAD says of a file's length. */
let said: (bytes: Uint8Array) => number
let etag: string | undefined
/** Files that are being sent, and the most of them at once; not what is asked for sizes. */
let open: number
let most: number

beforeEach(async () => {
  served = new Map()
  said = ({ length }) => length
  etag = '"1"'
  open = most = 0
  server = await localServer(async (request, response) => {
    const bytes = served.get(request.url!) ?? SMALL
    const type = { 'Content-Type': 'application/pdf' }
    if (request.method === 'HEAD') {
      return void response.writeHead(200, { ...type, 'Content-Length': said(bytes) }).end()
    }
    most = Math.max(most, ++open)
    response.on('close', () => open--)
    await wait(5) // so that requests meet
    if (etag !== undefined) response.setHeader('ETag', etag)
    if (etag !== undefined && request.headers.range) return serveBytes(request, response, bytes)
    response.writeHead(200, type)
    send(response, bytes)
  })
  vi.stubGlobal('location', new URL('http://page.example/'))
})

afterEach(() => {
  vi.unstubAllGlobals()
  return server[Symbol.asyncDispose]()
})

/** As a body that is compressed on the way is: with no length. */
function send(response: ServerResponse, bytes: Uint8Array): void {
  response.write(bytes.subarray(0, 10))
  response.end(bytes.subarray(10))
}

const listOf = (count: number): FileInput[] =>
  Array.from({ length: count }, (_, index) => ({
    url: `${server.origin}/${index}`,
    name: `${index}`,
  }))

/** The lengths of files that are about as long as is read of them before their turn. */
const LENGTHS = [0, 1, 65_535, 200_000, 256 * KIB, 256 * KIB + 1, 400_000, 100, 131_070]

function mixed(): FileInput[] {
  for (const [index, length] of LENGTHS.entries()) served.set(`/${index}`, noise(length, index))
  return listOf(LENGTHS.length)
}

async function collect(job: PreparedJob, from?: Checkpoint): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of runJob(job, { signal: never }, from)) chunks.push(chunk.slice())
  return Buffer.concat(chunks)
}

const gets = (): number => server.asked.filter(({ method }) => method === 'GET').length

describe.each(['abort', 'skip'] as const)(
  'with onError: %s, files that are likely small',
  (onError) => {
    it('are asked for once, several at a time', async () => {
      const job = await prepareJob(listOf(60), { onError }, never)
      expect(job.plan.length).toBeUndefined()
      expect(job.files[0]).toMatchObject({ likelySize: SMALL.length, size: undefined })
      const entries = entriesOf(await collect(job))
      expect([...entries.keys()].slice(0, 60)).toEqual(listOf(60).map((_, index) => `${index}`))
      for (const index of [0, 59]) expect(SMALL.equals(entries.get(`${index}`)!)).toBe(true)
      expect(most).toBeGreaterThan(3)
      expect(most).toBeLessThanOrEqual(6)
      expect(server.asked).toHaveLength(120)
    })

    it.each<ArchiveOptions>([{}, { framing: 'store' }])(
      'make the same archive as if nobody had said so: %j',
      async (options) => {
        said = ({ length }) => length / 2
        const job = await prepareJob(mixed(), { onError, ...options }, never)
        const plain = job.files.map(({ likelySize: _, ...file }) => file)
        const archive = await collect(job)
        expect(archive.equals(await collect({ ...job, files: plain }))).toBe(true)
        const entries = entriesOf(archive)
        for (const [path, bytes] of served)
          expect(entries.get(path.slice(1))!.equals(bytes)).toBe(true)
      },
    )

    it.each(['"1"', undefined])('are gone on with from everywhere: ETag %s', async (tag) => {
      etag = tag
      const options: ArchiveOptions = { onError, retry: { delay: 1 } }
      const job = await prepareJob(mixed(), options, never)
      const encoder = runJob(job, { signal: never })
      const places: Checkpoint[] = []
      const chunks: Uint8Array[] = []
      for await (const chunk of encoder) {
        chunks.push(chunk.slice())
        places.push(structuredClone(encoder.checkpoint()))
      }
      const archive = Buffer.concat(chunks)
      expect(places.filter(({ position }) => position > 0).length).toBeGreaterThan(3)
      const stored = structuredClone(toStored(job, 'id', 'a.zip'))
      expect(stored.files[3]).toMatchObject({ likelySize: LENGTHS[3] })
      for (const from of places) {
        const rest = await collect(fromStored(stored), from)
        expect(rest.equals(archive.subarray(from.offset))).toBe(true)
      }
    })

    it('and break off are read again, and compared', async () => {
      const { answer } = server
      const broken = new Set<string>()
      server.answer = (request, response) => {
        const url = request.url!
        if (request.method === 'HEAD' || broken.has(url)) return answer(request, response)
        broken.add(url)
        response.write(served.get(url)!.subarray(0, 50), () => response.destroy())
      }
      etag = undefined
      const job = await prepareJob(mixed(), { onError, retry: { delay: 1 } }, never)
      const entries = entriesOf(await collect(job))
      for (const [path, bytes] of served)
        expect(entries.get(path.slice(1))!.equals(bytes)).toBe(true)
    })
  },
)

describe('files that are not as they are said to be', () => {
  const LARGE = Buffer.from(noise(8_000_000))

  it('and are longer, are let go until their turn, and no more of them are asked for', async () => {
    said = () => 1000
    for (let index = 0; index < 12; index++) served.set(`/${index}`, LARGE)
    const first = async (): Promise<string> => {
      // What has its turn may need a connection to the same server.
      await vi.waitFor(() => expect([gets(), open]).toEqual([6, 0]), { timeout: 8000 })
      return 'text'
    }
    const list = [{ name: 'first', data: first }, ...listOf(12)]
    const entries = entriesOf(await collect(await prepareJob(list, {}, never)))
    for (let index = 0; index < 12; index++) {
      expect(LARGE.equals(entries.get(`${index}`)!)).toBe(true)
    }
    expect(gets()).toBeLessThanOrEqual(12 + 6)
  })

  it('and are longer, come one at a time where no more are wanted', async () => {
    said = () => 1000
    for (let index = 0; index < 3; index++) served.set(`/${index}`, LARGE)
    const list = [{ name: 'first', data: () => wait(500, 'text') }, ...listOf(3)]
    const entries = entriesOf(await collect(await prepareJob(list, { concurrency: 1 }, never)))
    expect(most).toBe(1)
    for (const index of [0, 1, 2]) expect(LARGE.equals(entries.get(`${index}`)!)).toBe(true)
  })

  it('and are shorter, are read when it is their turn', async () => {
    said = () => 10_000_000
    const entries = entriesOf(await collect(await prepareJob(listOf(12), {}, never)))
    for (const bytes of entries.values()) expect(SMALL.equals(bytes)).toBe(true)
    expect(gets()).toBe(12)
  })

  it('hold no more than the budget', async () => {
    served = new Map()
    const file = noise(256 * KIB)
    server.answer = (_, response) => send(response, file)
    const job = await prepareJob(listOf(300), { sizes: 'as-given' }, never)
    const files = job.files.map((one) => ({ ...one, likelySize: 1 }))
    const ending = new AbortController()
    let received = 0
    const host = { signal: ending.signal, received: (bytes: number) => void (received += bytes) }
    const archive = runJob({ ...job, files }, host)
    const { length } = (await archive.next()).value!
    for (let before = -1; before !== received; await wait(300)) before = received
    expect(received - length).toBeGreaterThan(20 * KIB * KIB)
    expect(received - length).toBeLessThan(34 * KIB * KIB)
    ending.abort()
  })
})
