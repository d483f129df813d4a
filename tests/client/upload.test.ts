/** Uploads: what their store has in the end is the archive, or the job fails. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  zip,
  type FileInput,
  type UploadedPart,
  type UploadPart,
  type UploadTarget,
} from '../../src/index.ts'
import { objectStore, type Fault, type ObjectStore } from '../sinks/object-store.ts'
import { noise } from '../zip/archive.ts'
import { LocalRequest, openRequests } from './local-request.ts'
import { Share } from '../../src/engine/share.ts'
import { forgetAll, storedJobs } from './stored.ts'
import {
  CONTENT,
  FILES,
  openPage,
  OPTIONS,
  PART,
  soon,
  targetAt as targetOf,
  whole,
} from './uploading.ts'
import { leavePage } from './worker.ts'

vi.mock('../../src/engine/store.ts', async () => (await import('./stored.ts')).store)

let store: ObjectStore
let signed: UploadPart[] = []

beforeEach(async () => {
  openPage()
  store = await objectStore()
  signed = []
})
afterEach(async () => {
  leavePage()
  forgetAll()
  await store[Symbol.asyncDispose]()
})

const targetAt = (overrides: Partial<UploadTarget> = {}): UploadTarget =>
  targetOf(store, overrides, signed)

async function expectTheArchive(files: FileInput[] = FILES): Promise<void> {
  expect(store.object!.equals(await whole(files))).toBe(true)
}

/** The first requests for part `number` meet `faults`, one after the other. */
function meet(number: number, ...faults: Fault[]): void {
  store.fault = (part, attempt) => (part === number ? faults[attempt - 1] : undefined)
}

describe('an upload', () => {
  it('is the archive, in parts of one size', async () => {
    let completed: readonly UploadedPart[] = []
    const complete = (parts: readonly UploadedPart[]): void => {
      completed = parts
      store.complete(parts)
    }
    const job = zip(FILES, OPTIONS)
    const report = await job.upload(targetAt({ complete }))
    const archive = await whole()
    expect(report).toMatchObject({
      sink: 'upload',
      name: 'a.zip',
      entries: 3,
      bytes: archive.length,
    })
    expect(job.state).toBe('done')
    expect(store.object!.equals(archive)).toBe(true)
    const rest = archive.length - 4 * PART
    expect(completed.map(({ size }) => size)).toEqual([PART, PART, PART, PART, rest])
    expect(completed.every(({ etag }) => /^"[\da-f]{32}"$/.test(etag!))).toBe(true)
    const offsets = signed.map(({ number, offset, size, body }) => [
      number,
      offset,
      size,
      body.size,
    ])
    expect(offsets.toSorted(([a], [b]) => a! - b!)[4]).toEqual([5, 4 * PART, rest, rest])
    expect(storedJobs(), 'of what is done, nothing is kept').toBe(0)

    const folder = mkdtempSync(join(tmpdir(), 'holdall-upload-'))
    writeFileSync(join(folder, 'a.zip'), store.object!)
    execFileSync('unzip', ['-tqq', join(folder, 'a.zip')])
    rmSync(folder, { recursive: true })
  })

  it.each([
    ['four small parts', 32 * 1024, 4],
    ['as many as memory is for them', 12 * 1024 * 1024, 2],
  ])('has %s on their way at once', async (_, partSize, count) => {
    store.fault = () => 'hang'
    const job = zip([{ name: 'a', data: new Uint8Array(40_000_000) }], OPTIONS)
    const uploaded = job.upload(targetAt({ partSize }))
    await soon(() => expect(store.asked).toHaveLength(count))
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(store.asked).toHaveLength(count)
    job.cancel()
    await expect(uploaded).rejects.toMatchObject({ code: 'cancelled' })
  })

  it.each([
    ['a part that is not filled', (length: number) => length * 2, 1],
    ['a part that is just filled', (length: number) => length, 1],
    ['parts that are just filled', (length: number) => length / 4, 4],
    ['a last part of one byte', (length: number) => length - 1, 2],
  ])('comes out right with %s', async (_, sizeOf, parts) => {
    const data = noise(100_000, 4)
    const { length } = await whole([{ ...(FILES[0] as object), data } as FileInput])
    const files = [{ name: '0.bin', data: data.slice(length % 4), lastModified: 1e12 }]
    const archive = await whole(files)
    await zip(files, OPTIONS).upload(targetAt({ partSize: sizeOf(archive.length) }))
    expect(store.taken).toHaveLength(parts)
    expect(store.object!.equals(archive)).toBe(true)
  })

  it('comes out right if its length is not known beforehand', async () => {
    const files = FILES.map((file, index) => ({ ...(file as object), data: () => CONTENT[index]! }))
    await zip(files as FileInput[], OPTIONS).upload(targetAt())
    expect(store.taken.length).toBe(5)
    await expectTheArchive(files as FileInput[])
  })

  it('tells how much of it the store has, not how much was made', async () => {
    const job = zip(FILES, OPTIONS)
    const told: number[] = []
    job.addEventListener('progress', ({ progress }) => told.push(progress.bytes))
    const uploaded = job.upload(targetAt({ part: () => new Promise(() => undefined) }))
    uploaded.catch(() => undefined)
    await soon(() => expect(told.length).toBeGreaterThan(0))
    expect(Math.max(...told)).toBe(0)
    job.cancel()

    const other = zip(FILES, OPTIONS)
    const { bytes } = await last(other, other.upload(targetAt()))
    expect(bytes).toBe((await whole()).length)
  })

  it('goes on without entity tags where pages may not read them', async () => {
    store.tags = false
    let tags: unknown[] = []
    await zip(FILES, OPTIONS).upload(
      targetAt({
        complete: (parts) => {
          tags = parts.map(({ etag }) => etag)
          store.complete(parts)
        },
      }),
    )
    expect(tags).toEqual([undefined, undefined, undefined, undefined, undefined])
    await expectTheArchive()
  })

  it('is sent as its target says', async () => {
    const seen: unknown[] = []
    class Watched extends LocalRequest {
      override open(method: string, url: string): void {
        seen.push(method, new URL(url).search)
        super.open('PUT', url)
      }
      override setRequestHeader(name: string, value: string): void {
        seen.push(name, value)
        super.setRequestHeader(name, value)
      }
      override send(body: Blob): void {
        seen.push(this.withCredentials)
        super.send(body)
      }
    }
    vi.stubGlobal('XMLHttpRequest', Watched)
    const headers = { 'x-ms-version': '2024-11-04' }
    const request = { url: `${store.url}?part=1`, method: 'POST', headers } as const
    const part = (): object => ({ ...request, credentials: 'include' })
    await zip(FILES.slice(2), OPTIONS).upload(targetAt({ part } as Partial<UploadTarget>))
    expect(seen).toEqual(['POST', '?part=1', 'x-ms-version', '2024-11-04', true])
  })
})

describe('an upload whose store fails', () => {
  it.each<[string, Fault[]]>([
    ['is cut off', ['cut', 'cut']],
    ['is told to come later', [{ status: 503 }, { status: 429, headers: { 'Retry-After': '0' } }]],
    ['was too slow for S3', [{ status: 400, body: '<Code>RequestTimeout</Code>' }]],
  ])('sends a part again that %s', async (_, faults) => {
    meet(2, ...faults)
    await zip(FILES, OPTIONS).upload(targetAt())
    expect(store.asked.filter(({ number }) => number === 2)).toHaveLength(faults.length + 1)
    expect(signed.filter(({ number }) => number === 2)).toHaveLength(1)
    await expectTheArchive()
  })

  it('sends a part again that is not answered for too long', async () => {
    meet(2, 'hang')
    await zip(FILES, { ...OPTIONS, retry: { silence: 300, delay: 1 } }).upload(targetAt())
    await expectTheArchive()
  })

  it('waits longer for the answer than for bytes to be taken', async () => {
    meet(2, { late: 700 })
    await zip(FILES, { ...OPTIONS, retry: { silence: 300, delay: 1 } }).upload(targetAt())
    expect(store.asked.filter(({ number }) => number === 2)).toHaveLength(1)
    await expectTheArchive()
  })

  it.each([401, 403])('asks for another request when one is refused with %i', async (status) => {
    meet(2, { status })
    await zip(FILES, OPTIONS).upload(targetAt())
    const [first, second] = store.asked.filter(({ number }) => number === 2)
    expect(first!.search).not.toBe(second!.search)
    expect(signed.filter(({ number }) => number === 2)).toHaveLength(2)
    await expectTheArchive()
  })

  it('asks again for a request that could not be given', async () => {
    let asked = 0
    const part = async ({ number }: UploadPart): Promise<string> => {
      if (number === 2 && asked++ < 2) throw new TypeError('Failed to fetch')
      return `${store.url}?part=${number}`
    }
    await zip(FILES, OPTIONS).upload(targetAt({ part }))
    expect(asked).toBe(3)
    await expectTheArchive()
  })

  it.each<[string, Fault[], object, RegExp]>([
    [
      'does not want a part',
      [
        {
          status: 400,
          body: '<Error><Code>EntityTooSmall</Code><Message>too small</Message></Error>',
        },
      ],
      { part: 2, status: 400 },
      /part 2 to http.*a\.zip: it answered 400 Bad Request \(EntityTooSmall: too small\); check/,
    ],
    [
      'refuses two requests for a part',
      [{ status: 403 }, { status: 403 }],
      { part: 2, status: 403 },
      /signed for this part/,
    ],
    [
      'does not know the upload any more',
      [{ status: 404 }],
      { part: 2, status: 404 },
      /still open at its store/,
    ],
    [
      'is out of order for too long',
      [{ status: 500 }, { status: 500 }, { status: 500 }, { status: 500 }],
      { part: 2, status: 500 },
      /4 times in a row; try again later/,
    ],
  ])('fails, and says so, if it %s', async (_, faults, detail, message) => {
    meet(2, ...faults)
    const reasons: unknown[] = []
    const abort = (reason: unknown): void => {
      reasons.push(reason)
      expect(openRequests(), 'nothing is under way any more').toBe(0)
    }
    const job = zip(FILES, { ...OPTIONS, resumable: false })
    const error: unknown = await job.upload(targetAt({ abort })).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'upload-failed', detail: { ...detail, url: store.url } })
    expect((error as Error).message).toMatch(message)
    expect((error as Error).message).not.toContain('signature=')
    expect(reasons).toEqual([error])
    expect(store.object).toBeUndefined()
    expect(job.state).toBe('failed')
  })

  it('fails at once if its request cannot be sent', async () => {
    const part = (): object => ({ url: store.url, headers: { 'bad name': 'x' } })
    const uploaded = zip(FILES, OPTIONS).upload(targetAt({ part } as Partial<UploadTarget>))
    await expect(uploaded).rejects.toThrow(/it cannot be sent/)
    expect(store.aborts).toBe(1)
  })

  it('is not done if it cannot be completed', async () => {
    const complete = (): Promise<never> => Promise.reject(new Error('InvalidPart'))
    const job = zip(FILES, { ...OPTIONS, resumable: false })
    const uploaded = job.upload(targetAt({ complete }))
    await expect(uploaded).rejects.toMatchObject({ code: 'upload-failed', detail: {} })
    await expect(uploaded).rejects.toThrow('InvalidPart')
    expect(store.aborts).toBe(1)
  })

  it('fails with what fails the archive, and completes nothing', async () => {
    const files = [...FILES, { name: 'no.bin', data: () => Promise.reject(new Error('not today')) }]
    const uploaded = zip(files as FileInput[], OPTIONS).upload(targetAt())
    await expect(uploaded).rejects.toMatchObject({ code: 'source-failed' })
    expect(store.object).toBeUndefined()
    expect(store.aborts).toBe(1)
  })
})

it('is counted among the jobs that share a budget', async () => {
  store.fault = () => 'hang'
  const jobs = [1, 2].map(() => zip(FILES, OPTIONS))
  const uploads = jobs.map((job) => job.upload(targetAt()))
  await soon(() => expect(store.asked.length).toBeGreaterThanOrEqual(8))
  const share = new Share()
  await share.look()
  expect(share.jobs).toBe(2)
  share.stop()
  for (const job of jobs) job.cancel()
  for (const uploaded of uploads) await expect(uploaded).rejects.toThrow('cancelled')
})

describe('an upload whose page', () => {
  it('cancels it ends every request, and has the store forget it', async () => {
    store.fault = (number) => (number === 3 ? 'hang' : undefined)
    const job = zip(FILES, OPTIONS)
    const uploaded = job.upload(targetAt())
    await soon(() => expect(store.taken).toContain(2))
    job.cancel()
    await expect(uploaded).rejects.toMatchObject({ code: 'cancelled' })
    expect(store).toMatchObject({ aborts: 1, object: undefined })
    expect(openRequests()).toBe(0)
    expect(storedJobs()).toBe(0)
    await soon(() => expect(store.open).toBe(0))
  })

  it('cancels it when it hears that it runs uploads nothing', async () => {
    const job = zip(FILES, OPTIONS)
    job.addEventListener('statechange', ({ state }) => state === 'running' && job.cancel())
    await expect(job.upload(targetAt())).rejects.toMatchObject({ code: 'cancelled' })
    expect(store).toMatchObject({ aborts: 1, object: undefined, taken: [] })
  })

  it('pauses it ends requests, and sends those parts again later', async () => {
    meet(2, 'hang')
    const job = zip(FILES, OPTIONS)
    const uploaded = job.upload(targetAt())
    await soon(() => expect(store.taken.length).toBe(4))
    job.pause()
    await soon(() => expect(store.open).toBe(0))
    expect(job.state).toBe('paused')
    job.resume()
    await uploaded
    await expectTheArchive()
  })

  it.each([
    ['no target', undefined],
    ['no part()', { complete: () => undefined }],
    ['no complete()', { part: () => '' }],
    ['a size of nothing', { ...targetAt(), partSize: 0 }],
    ['an id that is no data', { ...targetAt(), id: () => undefined }],
  ])('gives %s is told so', async (_, target) => {
    const uploaded = zip(FILES).upload(target as UploadTarget)
    await expect(uploaded).rejects.toMatchObject({ code: 'invalid-option' })
  })
})

/** The last progress of `job`, once `done`. */
async function last(
  job: ReturnType<typeof zip>,
  done: Promise<unknown>,
): Promise<{ bytes: number }> {
  let progress = { bytes: -1 }
  job.addEventListener('progress', (event) => (progress = event.progress))
  await done
  return progress
}
