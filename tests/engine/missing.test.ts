/** Files that cannot be had, and need not be: the archive has the others, and says which it has not. */

import { createHash } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { zipResponse, zipStream, type SkippedFile, type StreamOptions } from '../../src/core.ts'
import { prepareJob, runJob } from '../../src/engine/job.ts'
import { HoldallError } from '../../src/errors.ts'
import type { FileInput } from '../../src/manifest/types.ts'
import { localServer, serveBytes, type LocalServer } from '../sources/local-server.ts'
import { noise } from '../zip/archive.ts'
import { entriesOf } from './read-zip.ts'

const never = new AbortController().signal

let server: LocalServer
beforeEach(async () => {
  server = await localServer(serve)
})
afterEach(() => server[Symbol.asyncDispose]())

const SMALL = noise(10_000)
const LARGE = noise(1_000_000)
const bytesOf = (url: string): Uint8Array => (url.startsWith('/large') ? LARGE : SMALL)

/** Serves all but what is called `gone`; and of what is called `half`, a half, each time. */
const serve: RequestListener = (request, response) => {
  const url = request.url!
  if (url.includes('gone')) {
    response.writeHead(404).end()
  } else if (url.includes('half')) {
    const bytes = bytesOf(url)
    response.writeHead(200, url.includes('chunked') ? {} : { 'Content-Length': bytes.length })
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
  } else serveBytes(request, response, bytesOf(url))
}

async function pack(
  files: (origin: string) => FileInput[],
  options: StreamOptions,
): Promise<{ entries: Map<string, Buffer>; skipped: SkippedFile[] }> {
  const skipped: SkippedFile[] = []
  const archive = zipStream(files(server.origin), {
    retry: { attempts: 2, delay: 1 },
    skipped: (file) => skipped.push(file),
    ...options,
  })
  const bytes = await new Response(archive).arrayBuffer()
  return { entries: entriesOf(Buffer.from(bytes)), skipped }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('with onError: skip, a file', () => {
  const ways: [string, (origin: string) => FileInput, string][] = [
    ['that is not there', (origin) => ({ url: `${origin}/gone`, name: 'x' }), 'source-failed'],
    [
      'of a server that is not there',
      () => ({ url: 'http://127.0.0.1:1/', name: 'x' }),
      'source-failed',
    ],
    [
      'of the wrong size',
      (origin) => ({ url: `${origin}/small`, name: 'x', size: 9999 }),
      'size-mismatch',
    ],
    [
      'of the wrong CRC-32',
      (origin) => ({ url: `${origin}/small`, name: 'x', size: 10_000, crc32: 1 }),
      'crc-mismatch',
    ],
    [
      'of the wrong SHA-256',
      (origin) => ({
        url: `${origin}/small`,
        name: 'x',
        size: 10_000,
        sha256: sha256(LARGE),
      }),
      'sha256-mismatch',
    ],
    [
      'that breaks off, and is small',
      (origin) => ({ url: `${origin}/half`, name: 'x', size: 10_000 }),
      'source-failed',
    ],
    [
      'whose function fails',
      () => ({
        name: 'x',
        data: () => {
          throw new Error('no')
        },
      }),
      'source-failed',
    ],
    [
      'whose stream fails',
      () => ({
        name: 'x',
        data: new ReadableStream({ start: (controller) => controller.error(new Error('no')) }),
      }),
      'source-failed',
    ],
  ]

  it.each(ways)('%s is left out', async (_, file, code) => {
    const list = (origin: string): FileInput[] => [
      { url: `${origin}/large/1`, name: 'first' },
      file(origin),
      { url: `${origin}/large/2`, name: 'last', size: LARGE.length },
    ]
    const { entries, skipped } = await pack(list, { onError: 'skip' })
    expect([...entries.keys()]).toEqual(['first', 'last', 'holdall-report.txt'])
    expect(entries.get('first')!.equals(LARGE)).toBe(true)
    expect(entries.get('last')!.equals(LARGE)).toBe(true)
    expect(skipped).toEqual([{ index: 1, name: 'x', code, message: expect.any(String) }])
    expect(String(entries.get('holdall-report.txt'))).toContain(`x\n  ${skipped[0]!.message}\n`)
  })

  it('is replaced with onError: placeholder', async () => {
    const { entries, skipped } = await pack(
      (origin) => [`${origin}/small`, `${origin}/gone/a.jpg`],
      { onError: 'placeholder' },
    )
    expect([...entries.keys()]).toEqual(['small', 'a.jpg.error.txt'])
    expect(skipped).toMatchObject([{ index: 1, name: 'a.jpg', code: 'source-failed' }])
    expect(String(entries.get('a.jpg.error.txt'))).toContain('404')
  })

  it('is told of a picked folder that cannot be listed', async () => {
    const next = (): Promise<never> => Promise.reject(new Error('it is not allowed'))
    const values = () => ({ [Symbol.asyncIterator]: () => ({ next }) })
    const folder = { kind: 'directory', name: 'photos', values } as unknown as FileInput
    const files = (): FileInput[] => [folder, { name: 'a', data: 'a' }]
    const { entries, skipped } = await pack(files, { onError: 'placeholder' })
    expect([...entries.keys()]).toEqual(['photos.error.txt', 'a'])
    const message = expect.stringContaining('Cannot read "photos": it is not allowed') as string
    expect(skipped).toEqual([{ index: 0, name: 'photos', code: 'source-failed', message }])
    await expect(pack(files, {})).rejects.toMatchObject({ code: 'source-failed' })
  })

  it.each(['gone', "gone$&b$'c"])(
    'does not take what its URL holds in secret into the archive: /%s',
    async (path) => {
      const { entries, skipped } = await pack(
        (origin) => [`${origin}/${path}?signature=secret#x`],
        {
          onError: 'skip',
        },
      )
      const report = String(entries.get('holdall-report.txt'))
      expect(report).toContain(`${server.origin}/${path}:`)
      expect(report).not.toContain('secret')
      expect(skipped[0]!.message).toContain('secret')
    },
  )

  const breaking = (...chunks: Uint8Array[]): ReadableStream<Uint8Array> =>
    new ReadableStream({
      pull(controller) {
        const chunk = chunks.shift()
        if (chunk === undefined) controller.error(new Error('no more'))
        else controller.enqueue(chunk)
      },
    })

  it.each<[string, (origin: string) => FileInput]>([
    ['of a server', (origin) => ({ url: `${origin}/chunked/half`, name: 'x' })],
    ['of a function', () => ({ name: 'x', data: () => breaking(SMALL, SMALL) })],
    ['of another CRC-32', () => ({ name: 'x', data: new Blob([SMALL]).stream(), crc32: 1 })],
  ])('that is small, and does not say so, is left out: %s', async (_, file) => {
    const files = (origin: string): FileInput[] => [file(origin), { name: 'y', data: 'y' }]
    const { entries, skipped } = await pack(files, { onError: 'skip', sizes: 'as-given' })
    expect([...entries.keys()]).toEqual(['y', 'holdall-report.txt'])
    expect(skipped).toMatchObject([{ index: 0, name: 'x' }])
  })

  it.each([0, 1, 256 * 1024, 256 * 1024 + 1, 1_000_000])(
    'that does not say its length comes whole: %d bytes, with a break',
    async (length) => {
      const bytes = noise(length)
      let count = 0
      server.answer = (_, response) => {
        // no parts: what came is read again, and compared
        if (count++ > 0 || length === 0) return void response.end(bytes)
        response.write(bytes.subarray(0, length - length / 3), () => response.destroy())
      }
      const { entries, skipped } = await pack((origin) => [{ url: origin, name: 'x' }], {
        onError: 'skip',
        sizes: 'as-given',
      })
      expect(skipped).toEqual([])
      expect(entries.get('x')!.equals(bytes)).toBe(true)
    },
  )

  it('that comes in one large piece is not copied before it is known to be there', async () => {
    const data = noise(10_000_000)
    const slice = vi.spyOn(Uint8Array.prototype, 'slice')
    const { entries } = await pack(() => [{ name: 'x', data: () => data }], { onError: 'skip' })
    const copied = slice.mock.results.map(({ value }) => (value as Uint8Array).length)
    slice.mockRestore()
    expect(entries.get('x')!.equals(data)).toBe(true)
    expect(Math.max(0, ...copied)).toBeLessThanOrEqual(256 * 1024)
  })

  it('of which a part is in the archive fails it, saying so', async () => {
    for (const onError of ['skip', 'placeholder'] as const) {
      const failing = pack((origin) => [{ url: `${origin}/large/half`, name: 'x' }], { onError })
      await expect(failing).rejects.toMatchObject({
        code: expect.stringMatching(/source-failed|size-mismatch/),
        message: expect.stringContaining('could not be left out'),
      })
    }
  })

  it('is not left out because the archive is cancelled', async () => {
    const ending = new AbortController()
    const reason = new HoldallError('cancelled', 'enough', { by: 'page' })
    server.answer = () => ending.abort(reason)
    const archive = zipStream([`${server.origin}/a`], {
      onError: 'skip',
      sizes: 'as-given',
      signal: ending.signal,
      skipped: () => expect.unreachable(),
    })
    await expect(new Response(archive).arrayBuffer()).rejects.toThrow('enough')
  })

  it('is tried as long as there is patience', async () => {
    await pack((origin) => [{ url: `${origin}/half`, name: 'x', size: 10_000 }], {
      onError: 'skip',
      retry: { attempts: 3, delay: 1 },
    })
    expect(server.asked.length).toBeGreaterThanOrEqual(3)
  })
})

describe('a picked folder, of which a file cannot be read', () => {
  const picked = (): FileInput => {
    const file = (name: string, getFile: () => Promise<File>): object => ({
      kind: 'file',
      name,
      getFile,
    })
    const children = [
      file('a.txt', async () => new File(['a'], 'a.txt')),
      file('locked.txt', () => Promise.reject(new DOMException('it is in use'))),
      file('b.txt', async () => new File(['b'], 'b.txt')),
    ]
    const folder = {
      kind: 'directory',
      name: 'folder',
      values: () =>
        (async function* () {
          yield* children
        })(),
    }
    return folder as unknown as FileInput
  }

  it('comes with the others', async () => {
    const { entries, skipped } = await pack(() => [picked()], { onError: 'skip' })
    const names = ['folder/', 'folder/a.txt', 'folder/b.txt', 'holdall-report.txt']
    expect([...entries.keys()]).toEqual(names)
    expect(skipped).toMatchObject([{ index: 2, name: 'folder/locked.txt', code: 'source-failed' }])
    expect(skipped[0]!.message).toContain('it is in use')
  })

  it('fails the archive if it may not be read any more: it is there, and can be had in a click', async () => {
    const why = new DOMException('The request is not allowed', 'NotAllowedError')
    let asked = 0
    const getFile = async (): Promise<File> => {
      if (asked++ > 0) throw why
      return new File(['a'], 'a.txt')
    }
    const handle = { kind: 'file', name: 'a.txt', getFile } as unknown as FileSystemFileHandle
    const packed = pack(() => [handle], { onError: 'skip' })
    await expect(packed).rejects.toMatchObject({
      code: 'source-failed',
      message: expect.stringMatching(/"a.txt": .* permission .* in a click/) as string,
    })
    await expect(packed).rejects.not.toThrow('a part of it is in the archive')
  })

  it('is refused before the first byte, where all of it is wanted', async () => {
    await expect(prepareJob([picked()], {}, never)).rejects.toMatchObject({
      code: 'source-failed',
      detail: { entry: 'folder/locked.txt' },
    })
  })
})

describe('an archive from which files may be missing', () => {
  it('promises no length', async () => {
    const files = [{ url: `${server.origin}/small`, size: SMALL.length }]
    const calm = await zipResponse(files)
    expect(calm.headers.get('Content-Length')).not.toBeNull()
    await calm.body!.cancel()
    for (const onError of ['skip', 'placeholder'] as const) {
      const response = await zipResponse(files, { onError })
      expect(response.headers.get('Content-Length')).toBeNull()
      await response.body!.cancel()
    }
  })
})

describe('sha256', () => {
  const cases: [string, (origin: string) => FileInput][] = [
    ['small', (origin) => ({ url: `${origin}/small`, name: 'x', size: SMALL.length })],
    ['large', (origin) => ({ url: `${origin}/large`, name: 'x', size: LARGE.length })],
    ['of unknown size', (origin) => ({ url: `${origin}/large`, name: 'x' })],
    ['in memory', () => ({ name: 'x', data: SMALL })],
    ['a Blob', () => ({ name: 'x', data: new Blob([LARGE]) })],
  ]

  it.each(cases)('of a file %s lets the right bytes through', async (_, file) => {
    const list = (sha: (name: string) => string) => (origin: string) => {
      const asked = file(origin) as { url?: string; data?: unknown }
      const large = asked.url?.endsWith('large') || asked.data instanceof Blob
      return [{ ...(asked as object), sha256: sha(large ? 'large' : 'small') } as FileInput]
    }
    const right = list((name) => sha256(name === 'large' ? LARGE : SMALL).toUpperCase())
    const { entries } = await pack(right, { sizes: 'as-given' })
    expect(sha256(entries.get('x')!)).toBe(
      sha256(entries.get('x')!.length > 10_000 ? LARGE : SMALL),
    )
    const wrong = list((name) => sha256(name === 'large' ? SMALL : LARGE))
    await expect(pack(wrong, { sizes: 'as-given' })).rejects.toMatchObject({
      code: 'sha256-mismatch',
      detail: { entry: 'x' },
    })
  })

  it('is compared where the file had to be gone on with', async () => {
    let asked = 0
    server.answer = (request, response) => {
      if (asked++ > 0) return serveBytes(request, response, LARGE)
      response.writeHead(200, { 'Content-Length': LARGE.length })
      response.write(LARGE.subarray(0, 600_000), () => response.destroy())
    }
    const list = (sha: string) => (origin: string) => [
      { url: `${origin}/large`, name: 'x', sha256: sha },
    ]
    const { entries } = await pack(list(sha256(LARGE)), { sizes: 'as-given' })
    expect(asked).toBeGreaterThan(1)
    expect(entries.get('x')!.equals(LARGE)).toBe(true)
    asked = 0
    await expect(pack(list(sha256(SMALL)), { sizes: 'as-given' })).rejects.toMatchObject({
      code: 'sha256-mismatch',
    })
  })

  it('is compared where the archive is gone on with inside the file', async () => {
    let breaks = false
    server.answer = (_, response) => {
      response.writeHead(200, { 'Content-Length': LARGE.length })
      if (!breaks) return void response.end(LARGE)
      breaks = false
      response.write(LARGE.subarray(0, 100_000), () => response.destroy())
    }
    for (const sha of [sha256(LARGE), sha256(SMALL)]) {
      const file = { url: `${server.origin}/large`, name: 'x', sha256: sha, lastModified: 0 }
      const job = await prepareJob([file], { sizes: 'as-given', retry: { delay: 1 } }, never)
      const whole = runJob(job, { signal: never })
      while (whole.position < 500_000) await whole.next()
      const from = whole.checkpoint()
      await whole.return()
      breaks = true
      const rest = (async () => {
        const chunks: Uint8Array[] = []
        for await (const chunk of runJob(job, { signal: never }, from)) chunks.push(chunk)
        return Buffer.concat(chunks)
      })()
      if (sha === sha256(SMALL)) {
        await expect(rest).rejects.toMatchObject({ code: 'sha256-mismatch' })
      } else {
        expect((await rest).length + from.offset).toBeGreaterThan(LARGE.length)
      }
    }
  })

  it.each(['', 'abc', 'g'.repeat(64), 7, null])('that is none is refused: %j', async (value) => {
    const files = [{ name: 'x', data: 'text', sha256: value as string }]
    await expect(pack(() => files, {})).rejects.toMatchObject({
      code: 'invalid-metadata',
      detail: { entry: 'x', field: 'sha256' },
    })
  })
})
