/** What a job holds in memory and keeps open is bounded, and let go of at once. */

import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { zipStream } from '../../src/core.ts'
import { prepareJob, runJob } from '../../src/engine/job.ts'
import type { ArchiveOptions, FileInput } from '../../src/manifest/types.ts'
import { answer } from './server/answer.ts'
import { Random } from './server/random.ts'
import { chaosServer, type ChaosServer } from './server/server.ts'

const MIB = 1024 * 1024
const BUDGET = 64 * MIB
const SIZE = 256 * 1024
const COUNT = 2000
const FILE = { bytes: new Random(1).bytes(SIZE), etag: '"1"' }

let server: ChaosServer
let sent = 0

beforeEach(async () => {
  sent = 0
  server = await chaosServer(async (request, response) => {
    await wait(1) // so that requests meet
    response.on('close', () => {
      if (response.writableFinished) sent += SIZE
    })
    await answer(request, response, FILE)
  })
})

afterEach(() => server[Symbol.asyncDispose]())

const listOf = (count: number, given = {}): FileInput[] =>
  Array.from({ length: count }, (_, index) => ({
    url: `${server.origin}/${index}`,
    size: SIZE,
    ...given,
  }))

/** Resolves when nothing has come for a while. */
async function standsStill(look: () => number): Promise<void> {
  for (let before = -1; before !== look();) {
    before = look()
    await wait(300)
  }
}

describe('2,000 files of 256 KiB, and a reader that stops', { timeout: 60_000 }, () => {
  it.each<[string, object]>([
    ['read whole before their turn', {}],
    ['as large ones are', { crc32: 1 }],
    ['without sizes', { size: undefined }],
  ])('hold less than 64 MiB: %s', async (_, given) => {
    let received = 0
    const ending = new AbortController()
    const options: ArchiveOptions = { sizes: 'as-given' }
    const list = listOf(COUNT, given)
    const job = await prepareJob(list, options, ending.signal)
    const archive = runJob(job, {
      signal: ending.signal,
      received: (bytes) => {
        received += bytes
      },
    })
    const { value } = await archive.next()
    const delivered = value!.length
    await standsStill(() => received + sent)
    expect(received - delivered).toBeLessThan(BUDGET)
    expect(sent - delivered).toBeLessThan(BUDGET)
    expect(server.most).toBeLessThanOrEqual(6)
    ending.abort()
    await standsStill(() => server.open)
    expect(server.open).toBe(0)
  })

  it('goes on when it does', async () => {
    const reader = zipStream(listOf(COUNT / 4)).getReader()
    let bytes = (await reader.read()).value!.length
    await standsStill(() => sent)
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      bytes += chunk.value.length
    }
    expect(bytes).toBeGreaterThan((COUNT / 4) * SIZE)
    expect(server.asked).toHaveLength(COUNT / 4)
  })
})

describe('an origin sees no more requests at once', { timeout: 60_000 }, () => {
  const pack = (files: FileInput[], options: ArchiveOptions): Promise<ArrayBuffer> =>
    new Response(zipStream(files, options)).arrayBuffer()

  it.each([undefined, 1, 2, 4, 20])('than allowed: %s', async (concurrency) => {
    const options = concurrency === undefined ? {} : { concurrency }
    await pack(listOf(60), options)
    expect(server.most).toBeLessThanOrEqual(concurrency ?? 6)
    expect(server.most).toBeGreaterThanOrEqual(Math.min(concurrency ?? 6, 3))
  })

  it.each([1, 3])('than allowed when some fail: %d', async (concurrency) => {
    const failing = new Set<string>()
    await using flaky = await chaosServer(async (request, response) => {
      await wait(1)
      const isFirst = !failing.has(request.url!)
      failing.add(request.url!)
      await answer(request, response, FILE, isFirst ? { kind: 'reset', at: 9000 } : undefined)
    })
    const list = Array.from({ length: 20 }, (_, index) => ({ url: `${flaky.origin}/${index}` }))
    await pack(list, { concurrency, retry: { delay: 1 }, sizes: 'as-given' })
    expect(flaky.asked).toHaveLength(40)
    expect(flaky.most).toBeLessThanOrEqual(concurrency)
  })
})

describe('an abort', () => {
  it('closes every connection at once', async () => {
    await using endless = await chaosServer((request, response) =>
      answer(request, response, FILE, { kind: 'stall', at: 9000 }),
    )
    const list = Array.from({ length: 12 }, (_, index) => ({
      url: `${endless.origin}/${index}`,
      size: SIZE,
    }))
    const ending = new AbortController()
    const reason = new Error('no more')
    const coming = new Response(zipStream(list, { signal: ending.signal })).arrayBuffer()
    coming.catch(() => undefined)
    while (endless.open < 6) await wait(5)
    const began = performance.now()
    ending.abort(reason)
    await expect(coming).rejects.toBe(reason)
    while (endless.open > 0) await wait(5) // of an answer that is not over: its connection
    expect(performance.now() - began).toBeLessThan(3000)
  })
})
