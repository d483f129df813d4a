import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  archiveLength,
  crc32,
  encodeArchive,
  planArchive,
  zipResponse,
  zipStream,
} from '../src/core.ts'
import { isHoldallError } from '../src/errors.ts'
import type { FileInput } from '../src/manifest/types.ts'
import { entriesOf } from './engine/read-zip.ts'
import { localServer, serveBytes, type LocalServer } from './sources/local-server.ts'
import { noise } from './zip/archive.ts'

let server: LocalServer | undefined
afterEach(async () => {
  vi.unstubAllGlobals()
  await server?.[Symbol.asyncDispose]()
  server = undefined
})

async function serve(length = 1000): Promise<string> {
  server = await localServer((request, response) => serveBytes(request, response, noise(length)))
  return server.origin
}

const bytesOf = async (body: ReadableStream | Response): Promise<Buffer> =>
  Buffer.from(await (body instanceof Response ? body : new Response(body)).arrayBuffer())

/** Lets all go on that is not waiting for another machine. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))

/** Data that counts how much of it was taken. */
function counting(total: number): { file: FileInput; taken: () => number; closed: () => boolean } {
  let taken = 0
  let closed = false
  const data = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        taken += 65_536
        controller.enqueue(new Uint8Array(65_536))
        if (taken >= total) controller.close()
      },
      cancel() {
        closed = true
      },
    },
    { highWaterMark: 0 },
  )
  return { file: { name: 'counted', data }, taken: () => taken, closed: () => closed }
}

describe('the example of the manual', () => {
  it('packs what is fetched and what is at hand', async () => {
    const origin = await serve()
    const local = globalThis.fetch
    vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
      local(url.replace('https://example.com', origin), init),
    )

    const response = await zipResponse(
      ['https://example.com/a.pdf', { name: 'b.txt', data: 'text' }],
      {
        name: 'both.zip',
      },
    )

    expect(response.headers.get('Content-Type')).toBe('application/zip')
    expect(response.headers.get('Content-Disposition')).toBe('attachment; filename="both.zip"')
    const archive = await bytesOf(response)
    expect(response.headers.get('Content-Length')).toBe(String(archive.length))
    const entries = entriesOf(archive)
    expect([...entries.keys()]).toEqual(['a.pdf', 'b.txt'])
    expect(entries.get('a.pdf')).toEqual(Buffer.from(noise(1000)))
    expect(entries.get('b.txt')!.toString()).toBe('text')
  })
})

describe('zipStream()', () => {
  it('does nothing before it is read', async () => {
    const origin = await serve()
    let asked = 0
    const list = (function* (): Generator<FileInput> {
      asked++
      yield `${origin}/a`
    })()
    const stream = zipStream(list)
    await settle()
    expect(asked).toBe(0)
    expect(server!.asked).toEqual([])
    expect((await bytesOf(stream)).length).toBeGreaterThan(1000)
    expect(server!.asked.length).toBeGreaterThan(0)
  })

  it('does nothing when it is cancelled before it is read', async () => {
    const origin = await serve()
    await zipStream([`${origin}/a`]).cancel()
    await settle()
    expect(server!.asked).toEqual([])
  })

  it('makes no more than is read', async () => {
    const { file, taken } = counting(50 * 2 ** 20)
    const reader = zipStream([file]).getReader()
    let read = 0
    for (let turn = 0; turn < 10; turn++) {
      read += (await reader.read()).value!.length
      await settle()
      expect(taken() - read).toBeLessThan(3 * 2 ** 20)
    }
    await reader.cancel()
  })

  it('cancels what it reads when it is cancelled', async () => {
    const { file, closed } = counting(50 * 2 ** 20)
    const reader = zipStream([file]).getReader()
    for (let read = 0; read < 100_000;) read += (await reader.read()).value!.length
    await reader.cancel()
    expect(closed()).toBe(true)
  })

  it('cancels streams whose turn has not come when it is cancelled, fails, or is aborted', async () => {
    const reason = new Error('no more')
    const broken: FileInput = { name: 'b', data: () => Promise.reject(reason) }
    for (const end of ['fail', 'cancel', 'abort']) {
      const later = counting(100_000)
      const ending = new AbortController()
      const archive = zipStream(
        [end === 'fail' ? broken : counting(50 * 2 ** 20).file, later.file],
        { signal: ending.signal },
      )
      const reader = archive.getReader()
      const failure = (async () => {
        while (!(await reader.read()).done && end === 'fail');
      })()
      if (end === 'fail') await expect(failure).rejects.toThrow('no more')
      else await failure
      expect(later.closed()).toBe(end === 'fail')
      if (end === 'cancel') await reader.cancel(reason)
      if (end === 'abort') ending.abort(reason)
      expect(later.closed()).toBe(true)
      expect(later.taken()).toBe(0)
    }
  })

  it.each(['cancel', 'abort'])('cancels them when its first read is cut off: %s', async (end) => {
    const { file, closed } = counting(100_000)
    let go!: () => void
    const asked = new Promise<void>((resolve) => (go = resolve))
    const list = (async function* () {
      yield file
      await asked
    })()
    const ending = new AbortController()
    const reader = zipStream(list, { signal: ending.signal }).getReader()
    const read = reader.read().catch(() => undefined)
    await settle()
    if (end === 'abort') ending.abort()
    const cancelled = end === 'cancel' && reader.cancel()
    go()
    await Promise.all([read, cancelled])
    await vi.waitFor(() => expect(closed()).toBe(true))
  })

  it('cancels them when it is cut off while a server is asked for a size', async () => {
    const { file, closed } = counting(100_000)
    const silent = await localServer(() => undefined)
    const reader = zipStream([{ url: `${silent.origin}/a`, name: 'a' }, file]).getReader()
    const read = reader.read().catch(() => undefined)
    await vi.waitFor(() => expect(silent.asked).toHaveLength(1))
    await Promise.all([read, reader.cancel()])
    expect(closed()).toBe(true)
    await silent[Symbol.asyncDispose]()
  })

  it('leaves streams as they were when it is cancelled before it is read', async () => {
    const { file, closed } = counting(100_000)
    await zipStream([file]).cancel()
    expect(closed()).toBe(false)
    expect((await bytesOf(zipStream([file]))).length).toBeGreaterThan(100_000)
  })

  it('fails with the reason of its signal, during a read and before', async () => {
    const ending = new AbortController()
    const reason = new Error('no more')
    const stuck: FileInput = { name: 'stuck', data: new ReadableStream() }
    const { signal } = ending
    const reader = zipStream([{ name: 'a', data: noise(300_000) }, stuck], { signal }).getReader()
    const failure = (async () => {
      while (!(await reader.read()).done);
    })()
    await settle()
    ending.abort(reason)
    await expect(failure).rejects.toBe(reason)
    await expect(zipStream(['https://host.test/a'], { signal }).getReader().read()).rejects.toBe(
      reason,
    )
  })

  it('fails with what is wrong with its input', async () => {
    const failure = zipStream([{ data: 'no name' } as FileInput])
      .getReader()
      .read()
    await expect(failure).rejects.toMatchObject({ code: 'missing-name' })
    await expect(zipStream([]).getReader().read()).rejects.toMatchObject({ code: 'no-files' })
  })

  it('fails where a stream was taken away before its turn, as Node does with bodies that nobody holds', async () => {
    const body = new Blob(['text']).stream()
    const first = async (): Promise<string> => {
      await body.cancel()
      return 'text'
    }
    const archive = bytesOf(
      zipStream([
        { name: 'a', data: first },
        { name: 'b', data: body },
      ]),
    )
    await expect(archive).rejects.toMatchObject({ code: 'stream-used', detail: { entry: 'b' } })
  })

  it('fails, and does not end short, when a source does', async () => {
    const origin = await serve()
    server!.answer = (_, response) => void response.writeHead(404).end()
    const body = bytesOf(
      zipStream([
        { name: 'a', data: 'x' },
        { url: `${origin}/b`, size: 5 },
      ]),
    )
    await expect(body).rejects.toSatisfy((error) => isHoldallError(error, 'source-failed'))
  })

  it('gives the same bytes each time', async () => {
    const list = (): FileInput[] => [
      { name: 'a', data: noise(100_000), lastModified: 0 },
      { name: 'b', data: () => noise(100_000), lastModified: 0 },
    ]
    const first = await bytesOf(zipStream(list()))
    expect((await bytesOf(zipStream(list()))).equals(first)).toBe(true)
  })

  it('leaves the caller’s bytes as they are', async () => {
    const data = noise(3_000_000)
    await bytesOf(zipStream([{ name: 'a', data }]))
    expect(data.length).toBe(3_000_000)
    expect(crc32(data)).toBe(crc32(noise(3_000_000)))
  })
})

describe('zipResponse()', () => {
  it('has the exact length, where all sizes are known', async () => {
    for (const options of [{}, { framing: 'store', comment: 'c' } as const]) {
      const files = [
        { name: 'a', data: noise(100_000) },
        { name: 'b', data: () => noise(300_000), size: 300_000 },
        { name: 'c/', directory: true } as const,
      ]
      const response = await zipResponse(files, options)
      const length = Number(response.headers.get('Content-Length'))
      expect(await bytesOf(response)).toHaveLength(length)
      expect(length).toBeGreaterThan(400_000)
    }
  })

  it('has no length, where a size is not known, and a name of its own', async () => {
    const { headers } = await zipResponse([{ name: 'a', data: () => 'x' }])
    expect(headers.has('Content-Length')).toBe(false)
    expect(headers.get('Content-Disposition')).toBe('attachment; filename="archive.zip"')
  })

  it('rejects, for input that is wrong', async () => {
    await expect(zipResponse([])).rejects.toMatchObject({ code: 'no-files' })
    const options = { duplicates: 'no' } as unknown as object
    await expect(zipResponse(['https://host.test/a'], options)).rejects.toMatchObject({
      code: 'invalid-option',
    })
  })

  it('rejects with the reason of a signal that was aborted', async () => {
    const reason = new Error('no more')
    const origin = await serve()
    const signal = AbortSignal.abort(reason)
    await expect(zipResponse([`${origin}/a`], { signal })).rejects.toBe(reason)
    expect(server!.asked).toEqual([])
  })

  it.each(['cancel', 'abort'])(
    'cancels the streams among its files when it ends before it is read: %s',
    async (end) => {
      const { file, closed } = counting(100_000)
      const ending = new AbortController()
      const response = await zipResponse([file], { signal: ending.signal })
      expect(closed()).toBe(false)
      if (end === 'abort') ending.abort()
      else await response.body!.cancel()
      expect(closed()).toBe(true)
    },
  )

  it('fetches no file before its body is read', async () => {
    const origin = await serve()
    const response = await zipResponse([{ url: `${origin}/a`, size: 1000 }])
    await settle()
    expect(server!.asked).toEqual([])
    await bytesOf(response)
    expect(server!.asked).toHaveLength(1)
  })
})

describe('planArchive(), archiveLength() and encodeArchive()', () => {
  it('make an archive by hand', async () => {
    const bytes = noise(100_000)
    const entries = [{ name: 'a', size: bytes.length, crc32: crc32(bytes) }]
    const plan = planArchive(entries)
    const chunks: Uint8Array[] = []
    for await (const chunk of encodeArchive(plan, (_, position) => [bytes.subarray(position)])) {
      chunks.push(chunk)
    }
    const archive = Buffer.concat(chunks)
    expect(archive.length).toBe(archiveLength(entries))
    expect(entriesOf(archive).get('a')!.equals(bytes)).toBe(true)
  })
})
