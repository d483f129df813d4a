import { describe, expect, it } from 'vitest'
import { parseFiles } from '../../src/manifest/parse.ts'
import type { FileInput, ManifestFile } from '../../src/manifest/types.ts'

const BASE = 'https://host.test/app/page.html'

async function parseOne(input: FileInput, base?: string): Promise<ManifestFile> {
  const files = await parseFiles([input], base)
  expect(files).toHaveLength(1)
  return files[0]!
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('parseFiles() takes a URL', () => {
  it.each<[string, FileInput]>([
    ['as a string', 'https://host.test/a/b.jpg'],
    ['as a URL', new URL('https://host.test/a/b.jpg')],
    ['in an object', { url: 'https://host.test/a/b.jpg' }],
    ['in an object, as a URL', { url: new URL('https://host.test/a/b.jpg') }],
    ['relative to the page', '../a/b.jpg'],
    ['from the root', '/a/b.jpg'],
  ])('%s', async (_, input) => {
    expect(await parseOne(input, BASE)).toMatchObject({
      kind: 'file',
      name: 'b.jpg',
      guessedName: true,
      source: { type: 'url', url: 'https://host.test/a/b.jpg' },
    })
  })

  it.each([
    ['https://host.test/a%20b.txt', 'a b.txt'],
    ['https://host.test/%E2%82%AC.txt', '€.txt'],
    ['https://host.test/100%.txt', '100%.txt'],
    ['https://host.test/%ff.txt', '%ff.txt'],
    ['https://host.test/a.txt?b=/c.txt#/d.txt', 'a.txt'],
    ['https://host.test/a%2Fb.txt', 'a/b.txt'],
  ])('and takes the name of %s from its path: %s', async (url, name) => {
    expect(await parseOne(url)).toMatchObject({ name, guessedName: true })
  })

  it('of a cache, which is not fetched', async () => {
    const file = { url: '/a.jpg', cache: 'photos', headers: { 'Accept-Language': 'de' } }
    expect(await parseOne(file, BASE)).toMatchObject({
      name: 'a.jpg',
      source: {
        type: 'cached',
        url: 'https://host.test/a.jpg',
        cache: 'photos',
        headers: { 'accept-language': 'de' },
      },
    })
  })

  it('and keeps what belongs to the request with it', async () => {
    const request = {
      credentials: 'include',
      integrity: 'sha256-abc',
      referrerPolicy: 'no-referrer',
      etag: '"1"',
    } as const
    const { source } = await parseOne({
      url: 'https://host.test/a',
      headers: { Authorization: 'Bearer 1' },
      ...request,
    })
    expect(source).toEqual({
      type: 'url',
      url: 'https://host.test/a',
      headers: { authorization: 'Bearer 1' },
      ...request,
    })
  })

  it('and takes headers in every form that fetch() does', async () => {
    for (const headers of [new Headers({ 'X-A': '1' }), [['X-A', '1']]]) {
      const input = { url: 'https://host.test/a', headers } as unknown as FileInput
      expect((await parseOne(input)).source).toMatchObject({ headers: { 'x-a': '1' } })
    }
  })

  it.each(['blob:https://host.test/1', 'data:text/plain,hi'])(
    'of %s, by the name given',
    async (url) => {
      expect(await parseOne({ url, name: 'a' })).toMatchObject({ name: 'a', source: { url } })
    },
  )
})

describe('parseFiles() takes data', () => {
  it.each<[string, FileInput & object, number]>([
    ['text', { name: 'a', data: 'häh' }, 4],
    ['no text', { name: 'a', data: '' }, 0],
    ['an ArrayBuffer', { name: 'a', data: bytes('abc').buffer as ArrayBuffer }, 3],
    ['a Uint8Array', { name: 'a', data: bytes('abc') }, 3],
    ['a view of another kind', { name: 'a', data: new Uint16Array([1, 2]) }, 4],
    ['a DataView', { name: 'a', data: new DataView(new ArrayBuffer(5), 1, 2) }, 2],
    ['a Blob', { name: 'a', data: new Blob(['abc']) }, 3],
  ])('as %s, and knows its size', async (_, input, size) => {
    expect(await parseOne(input)).toMatchObject({ kind: 'file', name: 'a', size })
    expect(await parseOne({ ...input, size } as FileInput)).toMatchObject({ size })
  })

  it('as a view, of which only what it shows is taken', async () => {
    const { source } = await parseOne({ name: 'a', data: bytes('abcdef').subarray(2, 4) })
    expect(source).toEqual({ type: 'bytes', bytes: bytes('cd') })
  })

  it('as a File, with its name and its time', async () => {
    const file = new File(['abc'], 'a.txt', { lastModified: 12_000 })
    const parsed = { name: 'a.txt', size: 3, lastModified: 12_000, source: { type: 'blob' } }
    expect(await parseOne(file)).toMatchObject(parsed)
    expect(await parseOne({ data: file })).toMatchObject(parsed)
    expect(await parseOne({ data: file, name: 'b', lastModified: 0 })).toMatchObject({
      name: 'b',
      lastModified: 0,
    })
  })

  it('as a stream, of a size that it takes the caller’s word for', async () => {
    const data = new ReadableStream<Uint8Array>()
    expect(await parseOne({ name: 'a', data })).toMatchObject({
      size: undefined,
      source: { type: 'stream', stream: data },
    })
    expect(await parseOne({ name: 'a', data, size: 7 })).toMatchObject({ size: 7 })
    expect(data.locked).toBe(false)
  })

  it('as a function, which is not called', async () => {
    const data = (): never => {
      throw new Error('called too early')
    }
    expect(await parseOne({ name: 'a', data })).toMatchObject({ source: { type: 'thunk' } })
  })
})

describe('parseFiles() takes folders and links', () => {
  it('a folder', async () => {
    const file = await parseOne({ name: 'empty/', directory: true, mode: 0o700 })
    expect(file).toMatchObject({ kind: 'directory', name: 'empty/', size: 0, mode: 0o700 })
    expect(file.source).toBeUndefined()
  })

  it('a link, whose content is its target', async () => {
    expect(await parseOne({ name: 'a/link', symlink: '../b' })).toMatchObject({
      kind: 'symlink',
      size: 4,
      source: { type: 'bytes', bytes: bytes('../b') },
    })
  })

  it.each([
    ['link', 'file'],
    ['link', './a/b'],
    ['link', 'a..b/..c/...'],
    ['a/link', '../b'],
    ['a/b/link', '../../c'],
    ['a/b/link', './../.././c'],
    ['a/b/link', '..'],
  ])('%s → %s, which stays inside the archive', async (name, symlink) => {
    expect(await parseOne({ name, symlink })).toMatchObject({ kind: 'symlink' })
  })
})

describe('parseFiles() takes lists', () => {
  const list = ['https://host.test/1', 'https://host.test/2', 'https://host.test/3']

  it.each<[string, Iterable<string> | AsyncIterable<string>]>([
    ['an array', list],
    ['a Set', new Set(list)],
    ['a generator', list.values()],
    ['an async generator', inTime(list)],
    ['a stream', streamOf(list)],
  ])('in the order of %s', async (_, inputs) => {
    const files = await parseFiles(inputs)
    expect(files.map(({ name }) => name)).toEqual(['1', '2', '3'])
  })

  it('and the fields that all files have', async () => {
    const fields = { size: 1, crc32: 2, lastModified: 3000, mode: 0o600, comment: 'c' }
    expect(await parseOne({ url: 'https://host.test/a', ...fields })).toMatchObject(fields)
  })

  it.each([new Date(5000), 5000, '1970-01-01T00:00:05Z'])('and the time %s', async (time) => {
    const file = await parseOne({ name: 'a', data: '', lastModified: time })
    expect(file.lastModified).toBe(5000)
  })
})

async function* inTime(list: readonly string[]): AsyncGenerator<string> {
  for (const one of list) yield Promise.resolve(one)
}

function streamOf(list: readonly string[]): ReadableStream<string> {
  return new ReadableStream({
    start(controller) {
      for (const one of list) controller.enqueue(one)
      controller.close()
    },
  })
}
