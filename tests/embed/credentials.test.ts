import { describe, expect, it } from 'vitest'
import { isOfPage, withoutCookies } from '../../src/embed/credentials.ts'
import type { WireFile } from '../../src/worker/protocol.ts'

const page = { origin: 'https://shop.example', baseURL: 'https://shop.example/album/' }

describe('withoutCookies()', () => {
  it.each<[string, WireFile, WireFile]>([
    ['a URL', 'https://files.example/a', { url: 'https://files.example/a', credentials: 'omit' }],
    [
      'a file',
      { url: 'https://files.example/a', name: 'a', size: 1 },
      { url: 'https://files.example/a', name: 'a', size: 1, credentials: 'omit' },
    ],
    [
      'what would have them by default',
      { url: 'https://files.example/a', credentials: 'same-origin' },
      { url: 'https://files.example/a', credentials: 'omit' },
    ],
    ['a data: URL', 'data:,a', { url: 'data:,a', credentials: 'omit' }],
  ])('asks for %s without', (_, file, expected) => {
    expect(withoutCookies(file, page)).toEqual(expected)
  })

  it('refuses a file that is to be fetched with them, by name', () => {
    const file = { url: 'https://files.example/a', name: 'A.pdf', credentials: 'include' } as const
    expect(() => withoutCookies(file, page)).toThrow(
      expect.objectContaining({
        code: 'invalid-metadata',
        message: expect.stringContaining('A.pdf') as string,
        detail: { entry: 'A.pdf', field: 'credentials' },
      }),
    )
  })

  it.each(['https://files.example/a', 'https://shop.example/a'])(
    'reads no cache of the hosting origin: %s',
    (url) => {
      expect(() => withoutCookies({ url, cache: 'secrets' }, page)).toThrow(
        expect.objectContaining({
          code: 'invalid-metadata',
          detail: { entry: url, field: 'cache' },
        }),
      )
    },
  )

  it.each<[string, WireFile]>([
    ['files of the page, which asks for them itself', { url: 'a.jpg', credentials: 'include' }],
    ['text', { name: 'a', data: 'a' }],
    ['what stays with the page', { name: 'a', data: { remote: 0 } }],
    ['folders', { name: 'a/', directory: true }],
    ['what is no file', null as unknown as WireFile],
  ])('leaves %s as they are', (_, file) => {
    expect(withoutCookies(file, page)).toBe(file)
  })
})

describe('isOfPage()', () => {
  it.each([
    ['a.jpg', true],
    ['/a.jpg', true],
    ['https://shop.example/a.jpg', true],
    ['blob:https://shop.example/1', true],
    ['http://shop.example/a.jpg', false],
    ['https://shop.example:8443/a.jpg', false],
    ['//files.example/a.jpg', false],
    ['blob:https://files.example/1', false],
    ['data:,a', false],
    ['https://', false],
  ])('of %s is %s', (url, expected) => {
    expect(isOfPage(url, page)).toBe(expected)
    expect(isOfPage({ url }, page)).toBe(expected)
  })
})
