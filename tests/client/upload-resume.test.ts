/** Uploads that were interrupted: what their store has of them is not sent again, and comes out right. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { unfinished, zip, type FileInput } from '../../src/index.ts'
import { completeUpload, uploadParts } from '../../src/sinks/upload.ts'
import { partSizeFor } from '../../src/sinks/upload-target.ts'
import { objectStore, type ObjectStore } from '../sinks/object-store.ts'
import { localServer, serveBytes, type LocalServer } from '../sources/local-server.ts'
import { noise } from '../zip/archive.ts'
import { forgetAll, losePart, storedJobs } from './stored.ts'
import { FILES, openPage, OPTIONS, PART, soon, targetAt, whole } from './uploading.ts'
import { leavePage } from './worker.ts'

vi.mock('../../src/engine/store.ts', async () => (await import('./stored.ts')).store)

let store: ObjectStore

beforeEach(async () => {
  openPage()
  store = await objectStore()
})
afterEach(async () => {
  leavePage()
  forgetAll()
  await store[Symbol.asyncDispose]()
})

async function expectTheArchive(): Promise<void> {
  expect(store.object!.equals(await whole())).toBe(true)
}

describe('an upload that was interrupted', () => {
  /** Begins an upload of which the store gets parts 1, 2 and 4; and whose page is gone then. */
  async function interrupt(files: FileInput[] = FILES): Promise<void> {
    store.fault = (number) => (number === 3 ? 'hang' : undefined)
    zip(files, OPTIONS)
      .upload(targetAt(store))
      .catch(() => undefined)
    const wanted = expect.arrayContaining([1, 2, 4, 5]) as number[]
    await soon(() => expect(store.taken).toEqual(wanted))
    await soon(async () => expect((await unfinished())[0]?.bytes).toBe(2 * PART))
    await soon(() => expect(store.open).toBe(1))
    reopenPage()
  }

  function reopenPage(): void {
    leavePage()
    openPage()
    store.fault = () => undefined
    store.taken.length = 0
  }

  it('goes on after the last part of the row that the store has', async () => {
    await interrupt()
    const [job] = await unfinished()
    expect(job).toMatchObject({
      name: 'a.zip',
      sink: 'upload',
      upload: { key: 'a.zip', uploadId: 'u1' },
    })
    const target = targetAt(store, { partSize: 3 * PART })
    expect(await job!.resume({ upload: target }).finished).toMatchObject({ sink: 'upload' })
    expect(store.taken.toSorted()).toEqual([3, 4, 5])
    await expectTheArchive()
    expect(storedJobs()).toBe(0)
  })

  it('can be interrupted again', async () => {
    await interrupt()
    store.fault = (number) => (number === 4 ? 'hang' : undefined)
    const again = (await unfinished())[0]!.resume({ upload: targetAt(store) })
    again.finished.catch(() => undefined)
    await soon(async () => expect((await unfinished())[0]?.bytes).toBe(3 * PART))
    reopenPage()
    await (await unfinished())[0]!.resume({ upload: targetAt(store) }).finished
    expect(store.taken.toSorted()).toEqual([4, 5])
    await expectTheArchive()
  })

  it.each([
    ['whole', 1, 0],
    ['shorter than the others', 2, 100],
  ])(
    'is only completed where nothing but that is missing: a last part that is %s',
    async (_, count, rest) => {
      const { length } = await whole()
      let asked = 0
      const complete = (): Promise<never> => Promise.reject(new Error(`no answer ${++asked}`))
      const target = targetAt(store, { partSize: length - rest, complete })
      const uploaded = zip(FILES, OPTIONS).upload(target)
      await expect(uploaded).rejects.toThrow('no answer')
      expect(asked).toBeGreaterThan(1)
      const taken = Array.from({ length: count }, (__, index) => index + 1)
      expect([store.taken.toSorted(), store.aborts]).toEqual([taken, 0])
      const [job] = await unfinished()
      expect(job!.bytes).toBe(length)
      await job!.resume({ upload: targetAt(store) }).finished
      expect(store.taken.toSorted()).toEqual(taken)
      await expectTheArchive()
    },
  )

  it('is completed at the second time of asking where an answer is lost', async () => {
    let asked = 0
    const complete = (parts: Parameters<typeof store.complete>[0]): void => {
      if (++asked === 1) throw new Error('no answer')
      store.complete(parts)
    }
    await zip(FILES, OPTIONS).upload(targetAt(store, { complete }))
    expect(asked).toBe(2)
    await expectTheArchive()
  })

  it('begins anew at a part of which nothing is known', async () => {
    await interrupt()
    losePart(1)
    await (await unfinished())[0]!.resume({ upload: targetAt(store) }).finished
    expect(store.taken.toSorted()).toEqual([1, 2, 3, 4, 5])
    await expectTheArchive()
  })

  it('needs its target', async () => {
    await interrupt()
    const [job] = await unfinished()
    expect(() => job!.resume()).toThrow(/upload must be the target/)
    expect(storedJobs()).toBe(1)
    await job!.discard()
    expect(storedJobs()).toBe(0)
  })

  it('is kept for later where what failed it may pass', async () => {
    store.fault = (number) => (number === 3 ? { status: 503 } : undefined)
    const error = zip(FILES, OPTIONS).upload(targetAt(store))
    await expect(error).rejects.toMatchObject({ code: 'upload-failed', detail: { status: 503 } })
    expect(store.aborts).toBe(0)
    store.fault = () => undefined
    await (await unfinished())[0]!.resume({ upload: targetAt(store) }).finished
    await expectTheArchive()
  })
})

describe('an upload of a page without Web Locks, as on plain HTTP', () => {
  it('is kept for nobody, and says so: others would take it for interrupted', async () => {
    vi.stubGlobal('navigator', {})
    store.fault = (number) => (number === 3 ? 'hang' : undefined)
    const job = zip(FILES, OPTIONS)
    const uploaded = job.upload(targetAt(store))
    await soon(() => expect(store.taken).toHaveLength(4))
    expect(await job.plan()).toMatchObject({
      ...{ resumable: false, notResumable: expect.stringContaining('Web Locks') as string },
    })
    expect(job.resumable).toBe(false)
    expect(storedJobs()).toBe(0)
    job.cancel()
    await expect(uploaded).rejects.toMatchObject({ code: 'cancelled' })
    expect(store.aborts).toBe(1)
  })

  it('comes out right', async () => {
    vi.stubGlobal('navigator', {})
    await zip(FILES, OPTIONS).upload(targetAt(store))
    await expectTheArchive()
  })

  it('is not taken for interrupted, whoever has stored it', async () => {
    store.fault = (number) => (number === 3 ? { status: 503 } : undefined)
    const error = zip(FILES, OPTIONS).upload(targetAt(store))
    await expect(error).rejects.toMatchObject({ code: 'upload-failed' })
    expect(await unfinished()).toHaveLength(1)
    vi.stubGlobal('navigator', {})
    expect(await unfinished()).toEqual([])
  })
})

describe('an upload of files of a server that was interrupted', () => {
  const LARGE = 1_500_000
  const data = [noise(1_000_000, 5), noise(2_500_000, 6), noise(2_500_000, 7)]
  let server: LocalServer
  beforeEach(async () => {
    server = await localServer((request, response) =>
      serveBytes(request, response, data[Number(request.url!.slice(1))]!),
    )
  })
  afterEach(() => server[Symbol.asyncDispose]())

  const files = (): FileInput[] =>
    data.map(({ length: size }, index) => ({
      url: `${server.origin}/${index}`,
      size,
      lastModified: 1e12,
    }))

  /** Of which the store gets the first two parts of five. */
  async function interrupt(): Promise<void> {
    store.fault = (number) => (number > 2 ? 'hang' : undefined)
    const target = targetAt(store, { partSize: LARGE })
    zip(files(), OPTIONS)
      .upload(target)
      .catch(() => undefined)
    await soon(async () => expect((await unfinished())[0]?.bytes).toBe(2 * LARGE))
    await soon(() => expect(store.open).toBe(3))
    leavePage()
    openPage()
    store.fault = () => undefined
    store.taken.length = 0
    server.asked.length = 0
  }

  it('reads nothing again of what the store has whole', async () => {
    await interrupt()
    await (await unfinished())[0]!.resume({ upload: targetAt(store) }).finished
    expect(store.taken.toSorted()).toEqual([3, 4, 5])
    expect(server.asked.map(({ url }) => url).toSorted()).toEqual(['/1', '/2'])
    expect(store.object!.equals(await whole(files()))).toBe(true)
  })

  it('fails if what lies between a checkpoint and the end of a part has changed', async () => {
    await interrupt()
    const changed = data[1]!.slice()
    changed[1_999_000]! ^= 1
    server.answer = (request, response) =>
      serveBytes(request, response, request.url === '/1' ? changed : data[2]!)
    const job = (await unfinished())[0]!.resume({ upload: targetAt(store) })
    await expect(job.finished).rejects.toMatchObject({ code: 'invalid-checkpoint' })
    expect(store).toMatchObject({ object: undefined, aborts: 1, taken: [] })
    expect(storedJobs()).toBe(0)
  })
})

describe('parts', () => {
  it('are not sent beyond the number that stores take', async () => {
    const part = { number: 10_001, offset: 0, size: 1, body: new Blob(['x']), crc32: 0 }
    const parts = [part][Symbol.iterator]()
    const next = async (): Promise<IteratorResult<typeof part, void>> => parts.next()
    const plan = {
      target: targetAt(store),
      partSize: 1,
      begun: [],
      ending: new AbortController(),
    }
    const uploaded = uploadParts({ next }, plan as unknown as Parameters<typeof uploadParts>[1])
    await expect(uploaded).rejects.toThrow(/no more than 10000/)
    expect(store.asked).toEqual([])
  })

  it('are not completed if they are not the whole', async () => {
    const parts = [{ number: 1, size: 10 }]
    const context = { target: targetAt(store), signal: new AbortController().signal }
    const completed = completeUpload(parts, 11, context as Parameters<typeof completeUpload>[2])
    await expect(completed).rejects.toMatchObject({ detail: { planned: 11, actual: 10 } })
    expect(store.object).toBeUndefined()
  })
})

describe('the size of parts', () => {
  it.each([
    ['8 MiB', undefined, undefined, 8],
    ['what the target says', 5, 10_000 * 5, 5],
    ['more where there would be too many', 5, 10_000 * 5 + 1, 6],
  ])('is %s', (_title, asked, length, size) => {
    const mib = (count: number): number => count * 1024 * 1024
    const { partSize: _partSize, ...target } = targetAt(store)
    const given = asked === undefined ? target : { ...target, partSize: mib(asked) }
    expect(partSizeFor(given, length && mib(length))).toBe(mib(size))
  })
})
