import { describe, expect, it, vi } from 'vitest'
import { zipStream } from '../../src/core.ts'
import { isHoldallError } from '../../src/errors.ts'
import { parseData } from '../../src/manifest/data.ts'
import type { Data } from '../../src/manifest/types.ts'
import { noise } from '../zip/archive.ts'
import { read } from './context.ts'
import { localServer } from './local-server.ts'

const giving = (...chunks: unknown[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk as Uint8Array)
      controller.close()
    },
  })

describe('a function that gives data', () => {
  const from = (open: () => unknown): ReturnType<typeof read> =>
    read({ type: 'thunk', open: open as () => Data }, 0, {}, { name: 'a.txt' })

  it('of an error page ends the request for it', async () => {
    const cancel = vi.fn()
    const page = new Response(new ReadableStream({ cancel }), { status: 404 })
    await expect(from(() => page).next()).rejects.toThrow('a response of status 404')
    expect(cancel).toHaveBeenCalledOnce()
  })

  it.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('not today')
      },
      'not today',
    ],
    ['rejects', () => Promise.reject(new Error('not today')), 'not today'],
    ['throws no error', () => Promise.reject('not today'), 'not today'],
    ['throws what is no text', () => Promise.reject(Object.create(null)), 'a value of type object'],
    ['gives nothing', () => undefined, 'Cannot pack file 0'],
    ['gives a number', () => 5, 'Cannot pack file 0'],
    ['gives another function', () => () => 'x', 'it gave no data'],
    ['gives an error page', () => new Response('x', { status: 404 }), 'a response of status 404'],
  ])('and %s fails, naming the file', async (_, open, why) => {
    const error: unknown = await from(open)
      .next()
      .catch((reason: unknown) => reason)
    expect(isHoldallError(error)).toBe(true)
    expect((error as Error).message).toContain(why)
  })

  it('may give a response', async () => {
    expect((await from(async () => new Response('A')).next()).value).toEqual(new Uint8Array([65]))
    expect((await from(() => new Response(null)).next()).done).toBe(true)
  })

  it('and gives none is told by its name and its place in the list', async () => {
    const made = { name: 'b.txt', data: (() => [1]) as unknown as () => Data }
    const archive = new Response(zipStream([{ name: 'a.txt', data: 'a' }, made])).arrayBuffer()
    await expect(archive).rejects.toMatchObject({
      code: 'invalid-file',
      detail: { index: 1 },
      message: expect.stringContaining('file 1, "b.txt"') as string,
    })
  })

  it('is called when its bytes are asked for, and for each time anew', async () => {
    let calls = 0
    const source = parseData(() => `${++calls}`, 'a', 0)
    const chunks = read(source)
    expect(calls).toBe(0)
    expect((await chunks.next()).value).toEqual(new Uint8Array([49]))
    expect((await read(source).next()).value).toEqual(new Uint8Array([50]))
  })
})

describe('a stream', () => {
  it('cannot be gone on with, and says so', async () => {
    const failure = read(parseData(giving(noise(5)), 'a', 0), 3, {}, { name: 'a.txt' }).next()
    await expect(failure).rejects.toMatchObject({
      code: 'stream-used',
      detail: { entry: 'a.txt' },
      message: expect.stringContaining('give a function that makes a new one') as string,
    })
  })

  it.each<[string, unknown]>([
    ['text', 'abc'],
    ['a buffer', new Uint8Array([65, 66, 67]).buffer],
    ['a view of another kind', new Uint16Array([1, 2, 3])],
    ['a number', 5],
  ])('of %s, not of bytes, fails, naming the file', async (_, chunk) => {
    const archive = zipStream([{ name: 'a.txt', data: giving(chunk) }])
    const error: unknown = await new Response(archive)
      .arrayBuffer()
      .catch((reason: unknown) => reason)
    expect(isHoldallError(error, 'source-failed')).toBe(true)
    expect((error as Error).message).toContain('"a.txt"')
  })
})

describe('a job ends by signal', () => {
  it('while a function does not give its data', async () => {
    const ending = new AbortController()
    const never = (): Promise<never> => new Promise(() => undefined)
    const source = { type: 'thunk', open: never } as const
    const pending = read(source, 0, { signal: ending.signal }).next()
    ending.abort(new Error('no more'))
    const late = new Promise((resolve) => setTimeout(resolve, 50, 'late'))
    await expect(Promise.race([pending, late])).rejects.toThrow('no more')
  })
})

describe('a server that gets slow', () => {
  it('is asked once more at most, as it might be silent', async () => {
    let requests = 0
    await using server = await localServer(async (_, response) => {
      requests++
      response.writeHead(200, { 'Content-Length': 8_000_000 + 150 })
      response.write(noise(8_000_000))
      for (let count = 0; count < 150 && !response.destroyed; count++) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        response.write(new Uint8Array(1))
      }
      response.end()
    })
    const size = 8_000_150
    const archive = zipStream([{ url: `${server.origin}/`, name: 'a', size }], {
      retry: { attempts: 2, silence: 1000, delay: 1 },
    })
    expect((await new Response(archive).arrayBuffer()).byteLength).toBeGreaterThan(size)
    expect(requests).toBeLessThanOrEqual(2)
  })
})
