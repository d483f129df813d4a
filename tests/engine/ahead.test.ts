/** How far ahead files are fetched, and that all is let go of in the end. */

import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { zipStream } from '../../src/core.ts'
import { prepareJob, runJob } from '../../src/engine/job.ts'
import type { ArchiveOptions, FileInput } from '../../src/manifest/types.ts'
import { localServer, serveBytes, type LocalServer } from '../sources/local-server.ts'
import { noise } from '../zip/archive.ts'
import { entriesOf } from './read-zip.ts'

let server: LocalServer
afterEach(() => server?.[Symbol.asyncDispose]())

const never = new AbortController().signal

async function pack(input: FileInput[], options: ArchiveOptions): Promise<Buffer> {
  const job = await prepareJob(input, options, never)
  const chunks: Uint8Array[] = []
  for await (const chunk of runJob(job, { signal: never })) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const LARGE = noise(400_000)

/** Answers after a moment, so that requests meet; the later ones first. */
async function slowServer(bytes: (index: number) => Uint8Array): Promise<string> {
  let coming = 0
  server = await localServer(async (request, response) => {
    await wait(5 + (++coming % 4) * 3)
    serveBytes(request, response, bytes(Number(/\d+$/.exec(request.url!)![0])))
  })
  return server.origin
}

const SIZES = {
  small: () => new Uint8Array(100),
  large: () => LARGE,
  mixed: (index: number) => (index % 3 === 0 ? LARGE : new Uint8Array(100)),
}

const COUNT = 24

const listOf = (origin: string, sizes?: (index: number) => Uint8Array): FileInput[] =>
  Array.from({ length: COUNT }, (_, index) => ({
    url: `${origin}/${index}`,
    ...(sizes !== undefined && { size: sizes(index).length }),
  }))

describe.each(Object.entries(SIZES))('with %s files, runJob()', (_, bytes) => {
  it('asks for more than one at once', async () => {
    const origin = await slowServer(bytes)
    await pack(listOf(origin, bytes), {})
    expect(server.most).toBeGreaterThan(1)
    expect(server.most).toBeLessThanOrEqual(6)
  })

  it('keeps their order, and asks for each once', async () => {
    const origin = await slowServer((index) => new Uint8Array(bytes(index).length).fill(index))
    for (const sizes of [bytes, undefined]) {
      server.asked.splice(0)
      const archive = await pack(listOf(origin, sizes), { sizes: 'as-given' })
      const entries = [...entriesOf(archive)]
      expect(entries.map(([name]) => name)).toEqual(entries.map((_, index) => `${index}`))
      expect(entries.map(([, data]) => [data[0], data.length])).toEqual(
        entries.map((_, index) => [index, bytes(index).length]),
      )
      expect(server.asked).toHaveLength(COUNT)
    }
  })
})

describe('a job that is told how many requests may be under way', () => {
  async function most(kind: keyof typeof SIZES, concurrency: number): Promise<number> {
    const origin = await slowServer(SIZES[kind])
    await pack(listOf(origin, SIZES[kind]), { concurrency })
    expect(server.asked).toHaveLength(COUNT)
    return server.most
  }

  it.each([1, 2, 3, 6])('has no more than %d of small files', async (concurrency) => {
    expect(await most('small', concurrency)).toBeLessThanOrEqual(concurrency)
  })

  it.each([2, 3, 6])('has no more than %d of large files', async (concurrency) => {
    expect(await most('large', concurrency)).toBeLessThanOrEqual(concurrency)
  })

  it.each(['large', 'mixed'] as const)('has one of %s files, if told so', async (kind) => {
    expect(await most(kind, 1)).toBe(1)
  })

  it('has no more of those that ask for sizes', async () => {
    const origin = await slowServer(SIZES.small)
    await prepareJob(listOf(origin), { concurrency: 2 }, never)
    expect(server.most).toBeLessThanOrEqual(2)
  })
})

describe('runJob() lets go of every connection', () => {
  /** Large files that never end, each of which has begun. */
  async function endless(): Promise<FileInput[]> {
    server = await localServer((_, response) => void response.write(LARGE))
    return Array.from({ length: 6 }, (_, index) => ({
      url: `${server.origin}/${index}`,
      size: index < 3 ? 10_000_000 : 200_000,
    }))
  }

  const over = (): Promise<boolean[]> => Promise.all(server.asked.map((asked) => asked.over))

  it('when it is aborted', async () => {
    const list = await endless()
    const ending = new AbortController()
    const job = await prepareJob(list, {}, never)
    const archive = runJob(job, { signal: ending.signal })
    for (let read = 0; read < 60_000;) read += (await archive.next()).value!.length
    const pending = archive.next()
    const reason = new Error('no more')
    setImmediate(() => ending.abort(reason))
    await expect(pending).rejects.toBe(reason)
    expect(new Set(await over())).toEqual(new Set([false]))
  })

  it('when the stream of it is cancelled', async () => {
    const reader = zipStream(await endless()).getReader()
    for (let read = 0; read < 60_000;) read += (await reader.read()).value!.length
    await reader.cancel()
    expect(server.asked.length).toBeGreaterThan(1)
    expect(new Set(await over())).toEqual(new Set([false]))
  })

  it('when one of the files fails', async () => {
    const list = await endless()
    const { answer } = server
    server.answer = (request, response) => {
      if (request.url === '/0') response.writeHead(404).end()
      else answer(request, response)
    }
    await expect(new Response(zipStream(list)).arrayBuffer()).rejects.toMatchObject({
      detail: { entry: '0', status: 404 },
    })
    expect(server.asked.length).toBeGreaterThan(1)
    for (const { url, over } of server.asked) expect(await over).toBe(url === '/0')
  })
})

describe('a file that failed before its turn', () => {
  /** How often each but the first was asked for, which is large, and comes to its end when the others have failed. */
  async function asked(
    answer: (count: number) => number,
    files: number,
    onError: 'abort' | 'skip',
  ): Promise<{ counts: number[]; names: string[] }> {
    const counts = Array.from({ length: files }, () => 0)
    server = await localServer(async (request, response) => {
      const index = Number(request.url!.slice(1))
      if (index > 0) {
        const status = answer(++counts[index - 1]!)
        return void response.writeHead(status).end(status === 200 ? 'text' : '')
      }
      response.write(LARGE.subarray(1))
      while (counts.some((count) => count < 2 && answer(count) !== 404)) await wait(5)
      await wait(100)
      response.end(LARGE.subarray(0, 1))
    })
    const list = Array.from({ length: files + 1 }, (_, index) => ({
      url: `${server.origin}/${index}`,
      size: index === 0 ? LARGE.length : 4,
    }))
    const archive = await pack(list, { onError, retry: { attempts: 2, delay: 1 } })
    return { counts, names: [...entriesOf(archive).keys()] }
  }

  it.each(['abort', 'skip'] as const)('is asked for again in it: %s', async (onError) => {
    const { counts, names } = await asked((count) => (count > 2 ? 200 : 503), 1, onError)
    expect(names).toEqual(['0', '1'])
    expect(counts).toEqual([3])
  })

  it('is not, for good', async () => {
    expect((await asked(() => 404, 2, 'skip')).counts).toEqual([1, 1])
  })

  it('is not where another was in vain', async () => {
    expect((await asked(() => 503, 3, 'skip')).counts).toEqual([4, 2, 2])
  })
})

describe('100,000 files in memory', () => {
  it('are each looked at a few times, however many there are', async () => {
    const looks = async (count: number): Promise<number> => {
      let asked = 0
      const counted = new Proxy([] as FileInput[], {
        get(target, key, receiver): unknown {
          if (typeof key === 'string' && /^\d+$/.test(key)) asked++
          return Reflect.get(target, key, receiver)
        },
      })
      for (let index = 0; index < count; index++) counted[index] = { name: `${index}`, data: 'x' }
      const job = await prepareJob(counted, {}, never)
      // Those of the job too: it is what the fetching ahead goes over.
      const files = new Proxy(job.files, {
        get(target, key, receiver): unknown {
          if (typeof key === 'string' && /^\d+$/.test(key)) asked++
          return Reflect.get(target, key, receiver)
        },
      })
      let length = 0
      for await (const chunk of runJob({ ...job, files }, { signal: never })) length += chunk.length
      expect(length).toBe(job.plan.length)
      return asked
    }
    const few = await looks(1000)
    expect(few).toBeLessThanOrEqual(10_000)
    expect(await looks(100_000)).toBeLessThanOrEqual(few * 100)
  })
})
