/** `holdall/core` as it is published, in runtimes that are neither a browser nor Node. */

import { afterEach, beforeAll, afterAll, describe, expect, it, type TestContext } from 'vitest'
import { findRuntime } from '../../scripts/runtimes.mjs'
import { entriesOf } from '../engine/read-zip.ts'
import { localServer, serveBytes, type LocalServer } from '../sources/local-server.ts'
import { noise } from '../zip/archive.ts'
import { runtimes, start, type Running } from './runtimes/start.ts'

const BYTES = noise(300_000)

let server: LocalServer
beforeAll(async () => {
  server = await localServer(whole)
})
afterEach(() => {
  server.answer = whole
  server.asked.length = 0
})
afterAll(() => server[Symbol.asyncDispose]())

const whole: LocalServer['answer'] = (request, response) => serveBytes(request, response, BYTES)

describe.each(runtimes)('$name', (runtime) => {
  let running: Running | undefined
  beforeAll(async () => {
    if (findRuntime(runtime.needs) !== undefined) running = await start(runtime)
  })
  afterAll(() => running?.[Symbol.asyncDispose]())

  /** What the program makes of `files`; in one piece it tells of an error that comes late. */
  async function pack(
    { task, skip }: TestContext,
    files: readonly unknown[],
    isWhole = false,
  ): Promise<Response> {
    if (running === undefined) {
      task.meta.skippedFor = `${runtime.needs} is not here`
      skip(task.meta.skippedFor)
    }
    return fetch(running!.url, { method: 'POST', body: JSON.stringify({ files, isWhole }) })
  }

  async function packed(
    context: TestContext,
    files: readonly unknown[],
  ): Promise<Map<string, Buffer>> {
    const response = await pack(context, files)
    const bytes = Buffer.from(await response.arrayBuffer())
    expect([response.status, response.ok ? '' : bytes.toString()]).toEqual([200, ''])
    return entriesOf(bytes)
  }

  it('packs what is at hand', async (context) => {
    const entries = await packed(context, [{ name: 'a.txt', data: 'text' }])
    expect(entries.get('a.txt')!.toString()).toBe('text')
    expect(entries.get('made.txt')!.toString()).toBe('made here')
  })

  it('packs files behind URLs, with a size and without', async (context) => {
    const url = `${server.origin}/a.bin`
    const entries = await packed(context, [
      { url, size: BYTES.length },
      { url, name: 'b.bin' },
    ])
    expect(entries.get('a.bin')!.equals(BYTES)).toBe(true)
    expect(entries.get('b.bin')!.equals(BYTES)).toBe(true)
  })

  it('sends headers and options of a request, and takes them nowhere else', async (context) => {
    server.answer = (request, response) => {
      if (request.url === '/a.bin') return whole(request, response)
      response.writeHead(302, { Location: '/a.bin' }).end()
    }
    const headers = { 'X-Key': 'secret' }
    const options = { headers, credentials: 'omit', referrerPolicy: 'no-referrer' }
    const entries = await packed(context, [{ url: `${server.origin}/a.bin`, ...options }])
    expect(entries.get('a.bin')!.equals(BYTES)).toBe(true)
    expect(server.asked.map(({ headers }) => headers['x-key'])).not.toContain(undefined)

    server.asked.length = 0
    const moved = [{ url: `${server.origin}/moved`, size: 5, headers }]
    const { code, message } = await failure(pack(context, moved, true))
    expect(code).toBe('source-failed')
    expect(message).toContain('must not redirect')
    expect(server.asked.map(({ url }) => url)).not.toContain('/a.bin')
  })

  it('goes on where a connection broke', async (context) => {
    let broken = 0
    server.answer = (request, response) => {
      if (request.method === 'HEAD' || broken > 1) return whole(request, response)
      // before the first byte, and in the midst of it
      response.writeHead(200, { 'Content-Length': BYTES.length, ETag: '"1"' })
      if (broken++ === 0) return void response.write('', () => response.destroy())
      response.write(BYTES.subarray(0, 200_000), () => setTimeout(() => response.destroy(), 50))
    }
    const entries = await packed(context, [{ url: `${server.origin}/a.bin`, size: BYTES.length }])
    expect(entries.get('a.bin')!.equals(BYTES)).toBe(true)
    expect(broken).toBe(2)
  })

  it('tells why a file cannot be had', async (context) => {
    server.answer = (_, response) => void response.writeHead(404).end()
    const missing = await failure(pack(context, [{ url: `${server.origin}/a` }], true))
    expect(missing.code).toBe('source-failed')
    expect(missing.message).toContain('it answered 404')
    const relative = await failure(pack(context, [{ url: '/a' }], true))
    expect(relative.code).toBe('invalid-url')
    expect(relative.message).toContain('not an absolute URL')
  })

  async function failure(
    answer: Promise<Response>,
  ): Promise<{ code: string | undefined; message: string }> {
    const response = await answer
    expect(response.status).toBe(500)
    return (await response.json()) as { code: string | undefined; message: string }
  }
})
