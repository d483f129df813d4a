/** Servers that nobody reaches for a while: a job waits for them, not for one file that cannot be had. */

import type { RequestListener } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import { prepareJob, runJob } from '../../src/engine/job.ts'
import type { FileInput } from '../../src/manifest/types.ts'
import { localServer, serveBytes, type LocalServer } from '../sources/local-server.ts'
import { noise } from '../zip/archive.ts'
import { entriesOf } from './read-zip.ts'

const never = new AbortController().signal
const FILE = noise(1_000_000)
const servers: LocalServer[] = []
afterEach(async () => {
  vi.unstubAllGlobals()
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]()
})

async function serve(answer: RequestListener): Promise<LocalServer> {
  const server = await localServer(answer)
  servers.push(server)
  return server
}

async function pack(
  files: FileInput[],
  told: boolean[],
  signal = never,
): Promise<Map<string, Buffer>> {
  const options = { sizes: 'as-given', retry: { attempts: 2, delay: 20 } } as const
  const job = await prepareJob(files, options, signal)
  const chunks: Uint8Array[] = []
  const waiting = (waits: boolean): void => void told.push(waits)
  for await (const chunk of runJob(job, { signal, waiting })) chunks.push(chunk.slice())
  return entriesOf(Buffer.concat(chunks))
}

it('waits for a server that is gone for longer than all attempts take', async () => {
  let gone = false
  const server = await serve((request, response) => {
    if (gone) return void request.destroy()
    if (request.url === '/half') response.setHeader('ETag', '"1"')
    if (request.url !== '/half' || request.headers.range !== undefined) {
      return serveBytes(request, response, FILE)
    }
    response.writeHead(200, { 'Content-Length': FILE.length })
    response.write(FILE.subarray(0, 400_000), () => {
      gone = true
      response.destroy()
      setTimeout(() => (gone = false), 600)
    })
  })
  const told: boolean[] = []
  const files = [`${server.origin}/first`, `${server.origin}/half`, `${server.origin}/last`]
  const entries = await pack(files, told)
  expect([...entries.values()].every((bytes) => bytes.equals(FILE))).toBe(true)
  expect(told).toEqual([true, false])
})

it('does not wait for a file that breaks off, while others can be had', async () => {
  const server = await serve((request, response) => {
    if (request.url === '/bad') return void request.destroy()
    serveBytes(request, response, FILE)
  })
  const told: boolean[] = []
  await expect(pack([`${server.origin}/good`, `${server.origin}/bad`], told)).rejects.toMatchObject(
    { code: 'source-failed', detail: { url: `${server.origin}/bad` } },
  )
  expect(told).toEqual([])
})

it('tries all again that were under way when the network came back', async () => {
  const all = Array.from({ length: 6 }, (_, index) => `/under-way-${index}`)
  let dead = true
  const held: (() => void)[] = []
  const server = await serve((request, response) => {
    if (request.method === 'HEAD' || !all.includes(request.url!) || !dead) {
      return serveBytes(request, response, noise(1000))
    }
    // all break off at once for the last time, as when a browser changes its network
    held.push(() => request.destroy())
    if (held.length < all.length) return
    const last = asked(all[0]!) === 2
    for (const destroy of held.splice(0)) destroy()
    if (last) dead = false
  })
  const asked = (path: string): number => server.asked.filter(({ url }) => url === path).length
  const told: boolean[] = []
  const small = ['/first', ...all].map((path) => ({ url: server.origin + path, size: 1000 }))
  const entries = await pack(small, told)
  expect(entries.size).toBe(7)
  expect(all.map(asked)).toEqual(all.map(() => 3))
})

it('does not wait for what was never there', async () => {
  const told: boolean[] = []
  await expect(pack(['http://127.0.0.1:1/a'], told)).rejects.toMatchObject({
    code: 'source-failed',
  })
  expect(told).toEqual([])
})

it('does not wait for one server, while another one answers', async () => {
  const [first, second] = [await serve(() => undefined), await serve(() => undefined)]
  first.answer = (request, response) => serveBytes(request, response, FILE)
  let asked = 0
  second.answer = (request, response) => {
    if (asked++ > 0) return void request.destroy()
    serveBytes(request, response, FILE)
  }
  const told: boolean[] = []
  const files = [`${first.origin}/a`, `${second.origin}/a`, `${second.origin}/b`]
  await expect(pack(files, told)).rejects.toMatchObject({ code: 'source-failed' })
  expect(told).toEqual([])
})

it('ends the wait when the job is cancelled', async () => {
  let gone = false
  const server = await serve((request, response) => {
    if (gone) return void request.destroy()
    gone = true
    serveBytes(request, response, FILE)
  })
  const ending = new AbortController()
  const told: boolean[] = []
  const packing = pack([`${server.origin}/a`, `${server.origin}/b`], told, ending.signal)
  const failed = expect(packing).rejects.toThrow('enough')
  while (told.length === 0) await wait(10)
  ending.abort(new Error('enough'))
  await failed
})

it('does not wait where a policy of the page hides that the server answers', async () => {
  const native = globalThis.fetch
  // as a Cross-Origin-Embedder-Policy does with what is not read by CORS
  vi.stubGlobal('fetch', (input: string, init: RequestInit) =>
    init.mode === 'no-cors' ? Promise.reject(new TypeError('blocked')) : native(input, init),
  )
  const server = await serve((request, response) => {
    if (request.url !== '/broken') return serveBytes(request, response, FILE)
    response.writeHead(200, { 'Content-Length': FILE.length, ETag: '"1"' })
    if (request.method === 'HEAD') return void response.end()
    response.write(FILE.subarray(0, 400_000), () => response.destroy())
  })
  const told: boolean[] = []
  const files = [`${server.origin}/first`, `${server.origin}/broken`]
  await expect(pack(files, told)).rejects.toMatchObject({ code: 'source-failed' })
  expect(told).toEqual([])
})
