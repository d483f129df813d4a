/** Lists of files: the same or not, and what is told of each. */

import { afterEach, describe, expect, it, vi } from 'vitest'
import { keyOf, nameOf, sizeOf } from '../../src/widget/file-facts.ts'
import { collectFiles, filesOfLinks, same } from '../../src/widget/files.ts'

describe('filesOfLinks()', () => {
  afterEach(() => void vi.unstubAllGlobals())

  it.each([
    ['0', 0],
    ['5000', 5000],
    ['', undefined],
    [' ', undefined],
    ['-1', undefined],
    ['0x10', undefined],
    ['1e3', undefined],
    ['1.5', undefined],
    ['5 MB', undefined],
    ['9007199254740992', undefined],
    [undefined, undefined],
  ])('takes data-size=%j for %j bytes', (size, bytes) => {
    class Link {
      readonly href = 'https://app.test/a'
      readonly protocol = 'https:'
      readonly download = ''
      readonly referrerPolicy = ''
      readonly dataset = { size }
      getAttribute(): string {
        return this.href
      }
    }
    vi.stubGlobal('HTMLAnchorElement', Link)
    const file = { url: 'https://app.test/a', ...(bytes !== undefined && { size: bytes }) }
    expect(filesOfLinks([new Link() as unknown as Element])).toEqual([file])
  })
})

describe('collectFiles()', () => {
  it('gives lists that can be read more than once, and the URL of a manifest as it is', async () => {
    async function* later() {
      yield '/a'
      yield { url: '/b' }
    }
    expect(await collectFiles(later())).toEqual(['/a', { url: '/b' }])
    expect(await collectFiles(new Set(['/a']))).toEqual(['/a'])
    expect(await collectFiles('/list.json')).toBe('/list.json')
    expect(await collectFiles(new URL('https://a.example/list.json'))).toBe(
      'https://a.example/list.json',
    )
  })
})

describe('same()', () => {
  const blob = new Blob(['a'])
  const data = (): string => 'a'
  const stream = new ReadableStream()

  it.each<[string, () => unknown]>([
    ['URLs', () => ['/a', new URL('https://app.test/b')]],
    ['what is asked for', () => [{ url: '/b', size: 1, headers: { A: 'b' } }]],
    ['a URL and a date', () => [{ url: new URL('https://app.test/b'), lastModified: new Date(1) }]],
    ['folders', () => [{ name: 'a/', directory: true }]],
    ['content that is the same', () => [blob, { name: 'a', data: blob }, { name: 'b', data }]],
    ['a stream that is the same', () => [{ name: 'a', data: stream }]],
    ['options', () => ({ retry: { attempts: 2 }, sinks: ['memory'], refreshUrl: data })],
    ['nothing', () => undefined],
    ['a manifest', () => '/list.json'],
  ])('knows %s, written anew', (_, made) => {
    expect(same(made(), made())).toBe(true)
  })

  it.each<[unknown, unknown]>([
    [['/a'], ['/b']],
    [['/a'], ['/a', '/b']],
    [['/a', '/b'], ['/a']],
    [[{ url: '/b', size: 1 }], [{ url: '/b', size: 2 }]],
    [[{ url: '/b', size: undefined }], [{ url: '/b', name: 'b' }]],
    [[{ url: '/b', headers: { A: 'b' } }], [{ url: '/b', headers: { A: 'c' } }]],
    [[{ url: '/b', headers: new Headers() }], [{ url: '/b', headers: new Headers() }]],
    [[blob], [new Blob(['a'])]],
    [[{ name: 'a', data: blob }], [{ name: 'a', data: new Blob(['a']) }]],
    [[{ name: 'a', data }], [{ name: 'a', data: () => 'a' }]],
    [{ [Symbol.iterator]: () => [][Symbol.iterator]() }, { [Symbol.iterator]: data }],
    [['/a'], undefined],
    [['/a'], '/a'],
    [undefined, null],
  ])('takes %o and %o for two', (a, b) => {
    expect(same(a, b)).toBe(false)
  })
})

describe('keyOf()', () => {
  it('tells a URL by itself and its name, and the rest by what they are', () => {
    const file = { name: 'a', data: 'text' }
    expect(keyOf('/a')).toBe('/a')
    expect(keyOf(new URL('https://a.example/b'))).toBe('https://a.example/b')
    expect(keyOf({ url: '/a', name: 'b' })).toBe(keyOf({ url: '/a', name: 'b', size: 3 }))
    expect(keyOf({ url: '/a', name: 'b' })).not.toBe(keyOf({ url: '/a', name: 'c' }))
    expect(keyOf(file)).toBe(file)
  })
})

describe('nameOf()', () => {
  afterEach(() => void vi.unstubAllGlobals())

  it.each([
    ['/album/a%20b.jpg', 'a b.jpg'],
    ['/album/100%.jpg', '100%.jpg'],
    ['http://', 'http://'], // which is no URL, as the job says
    [{ url: 'https://a b/' }, 'https://a b/'],
    [{ url: '/a', name: 'b' }, 'b'],
  ])('calls %j what its user knows it by: %s', (file, name) => {
    vi.stubGlobal('document', { baseURI: 'https://app.test/' })
    expect(nameOf(file)).toBe(name)
  })
})

describe('sizeOf()', () => {
  it('is that of the file, or as it was told', () => {
    expect(sizeOf(new Blob(['abc']))).toBe(3)
    expect(sizeOf({ url: '/a', size: 7 })).toBe(7)
    expect(sizeOf('/a')).toBeUndefined()
  })
})
