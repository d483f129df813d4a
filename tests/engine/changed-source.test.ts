/** A file that is another one when a job is gone on with, after a part of it is in the archive: never a mixture. */

import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { prepareJob, runJob, type PreparedJob } from '../../src/engine/job.ts'
import type { FileInput } from '../../src/manifest/types.ts'
import type { Checkpoint } from '../../src/zip/checkpoint.ts'
import { stubCaches } from '../bundle/cache-storage.ts'
import { localServer, serveBytes, type LocalServer } from '../sources/local-server.ts'
import { noise } from '../zip/archive.ts'
import { entriesOf } from './read-zip.ts'

const never = new AbortController().signal
const FILE = noise(3_000_000)
const OTHER = noise(FILE.length, 2)
const URL_OF = 'https://app.example/file'

let bytes = FILE
let modified = 1
let server: LocalServer

beforeEach(async () => {
  bytes = FILE
  modified = 1
  vi.stubGlobal('caches', undefined)
  server = await localServer((request, response) => {
    response.setHeader('ETag', `"${modified}"`)
    serveBytes(request, response, bytes)
  })
})
afterEach(async () => {
  vi.unstubAllGlobals()
  await server[Symbol.asyncDispose]()
})

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex')

const picked = (): FileInput => {
  const getFile = async (): Promise<File> =>
    new File([bytes], 'file', { lastModified: modified * 1000 })
  return { handle: { kind: 'file', name: 'file', getFile } as unknown as FileSystemFileHandle }
}

const kinds: Record<string, () => FileInput> = {
  'a file that was picked': picked,
  'a response in a cache': () => ({ url: URL_OF, cache: 'files', name: 'file', size: FILE.length }),
  'a response in a cache, of unknown size': () => ({ url: URL_OF, cache: 'files', name: 'file' }),
  'a file with a SHA-256, of the new one': () => ({
    url: `${server.origin}/file`,
    name: 'file',
    size: FILE.length,
    sha256: sha256(OTHER),
  }),
}

function serveFromCache(): void {
  stubCaches({ files: [{ url: URL_OF, body: new Blob([bytes]) }] })
}

async function collect(job: PreparedJob, from?: Checkpoint): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of runJob(job, { signal: never }, from)) chunks.push(chunk.slice())
  return Buffer.concat(chunks)
}

/** A job of one file, its archive up to a byte in the middle, and how to go on. */
async function half(file: FileInput): Promise<{
  job: PreparedJob
  before: Buffer
  from: Checkpoint
}> {
  serveFromCache()
  const job = await prepareJob([file], { sizes: 'as-given', retry: { delay: 1 } }, never)
  const encoder = runJob(job, { signal: never })
  const chunks: Uint8Array[] = []
  while (encoder.position < 1_000_000) chunks.push((await encoder.next()).value!.slice())
  const from = structuredClone(encoder.checkpoint())
  await encoder.return()
  return { job, before: Buffer.concat(chunks), from }
}

describe.each(Object.entries(kinds))('%s', (_, file) => {
  it('is gone on with, if it is the same', async () => {
    const given = { ...(file() as object) } as FileInput & { sha256?: string }
    if (given.sha256 !== undefined) Object.assign(given, { sha256: sha256(FILE) })
    const { job, before, from } = await half(given)
    serveFromCache()
    const whole = Buffer.concat([before, await collect(job, from)])
    expect(entriesOf(whole).get('file')!.equals(FILE)).toBe(true)
  })

  it('is refused, if it changed meanwhile', async () => {
    const { job, from } = await half(file())
    bytes = OTHER
    modified++
    serveFromCache()
    await expect(collect(job, from)).rejects.toMatchObject({
      code: 'source-changed',
      detail: { entry: 'file' },
    })
  })
})

it('of a file that was picked, the bytes are compared where nothing is known of it', async () => {
  const { job, before, from } = await half(picked())
  const { source: _, ...unknown } = from
  const whole = Buffer.concat([before, await collect(job, unknown)])
  expect(entriesOf(whole).get('file')!.equals(FILE)).toBe(true)
  bytes = OTHER
  await expect(collect(job, unknown)).rejects.toMatchObject({ code: 'source-changed' })
})

it('of a file that is shorter now than what is in the archive, too', async () => {
  for (const file of [kinds['a response in a cache, of unknown size']!(), picked()]) {
    bytes = FILE
    const { job, from } = await half(file)
    bytes = FILE.slice(0, 1000)
    modified++
    serveFromCache()
    await expect(collect(job, from)).rejects.toMatchObject({ code: 'source-changed' })
  }
})
