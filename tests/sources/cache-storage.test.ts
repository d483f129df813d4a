import { afterEach, describe, expect, it, vi } from 'vitest'
import { surveyCache, type CachedResponse } from '../../src/sources/cache-storage.ts'
import { crc32 } from '../../src/zip/crc32.ts'
import { stubCaches } from '../bundle/cache-storage.ts'
import { read } from './context.ts'

const url = 'https://app.example/a.txt'
const vary = { Vary: 'Accept-Language' }

afterEach(() => vi.unstubAllGlobals())

async function textOf(headers?: Record<string, string>, position = 0): Promise<string> {
  const source = { type: 'cached', cache: 'kept', url, ...(headers && { headers }) } as const
  let text = ''
  const crcTaken = (): number => crc32(new TextEncoder().encode('0123456789'.slice(0, position)))
  for await (const chunk of read(source, position, { crcTaken })) {
    text += new TextDecoder().decode(chunk)
  }
  return text
}

describe('a file of a cache', () => {
  it.each([
    [0, '0123456789'],
    [4, '456789'],
    [10, ''],
  ])('is read from byte %i on', async (position, expected) => {
    stubCaches({ kept: [{ url, body: '0123456789' }] })
    expect(await textOf(undefined, position)).toBe(expected)
  })

  it('is the response whose Vary fits its headers, or any', async () => {
    stubCaches({
      kept: [
        { url, body: 'hello', headers: vary, request: { 'accept-language': 'en' } },
        { url, body: 'hallo', headers: vary, request: { 'accept-language': 'de' } },
      ],
    })
    expect(await textOf({ 'Accept-Language': 'de' })).toBe('hallo')
    expect(await textOf()).toBe('hello')
    await expect(textOf({})).rejects.toMatchObject({ code: 'source-failed' })
  })

  it('is the response whose request has its very headers, whatever its Vary', async () => {
    const hidden = { url, hiddenVary: 'x-form' }
    stubCaches({
      kept: [
        { ...hidden, body: 'one', request: { 'x-form': '1', accept: '*/*' } },
        { ...hidden, body: 'two', request: { 'x-form': '2', accept: '*/*' } },
      ],
    })
    const [, second] = (await surveyCache('kept', new AbortController().signal))!
    expect(await textOf((second as CachedResponse).request)).toBe('two')
  })

  it.each([
    ['its cache', {}],
    ['it', { kept: [] }],
  ])('is not there any more, if %s is gone', async (_, kept) => {
    stubCaches(kept)
    await expect(textOf()).rejects.toMatchObject({
      code: 'source-failed',
      detail: { entry: 'file.bin', url },
      message: expect.stringContaining('the cache "kept"') as string,
    })
  })

  it('says where it was, in a thread without caches', async () => {
    vi.stubGlobal('caches', undefined)
    await expect(textOf()).rejects.toMatchObject({ code: 'source-failed' })
  })
})

describe('surveyCache()', () => {
  it('reads each response, and tells those of one URL from each other', async () => {
    const other = 'https://app.example/b.txt'
    stubCaches({
      kept: [
        { url, body: '123456789', headers: vary, request: { 'accept-language': 'en', 'x-a': 'b' } },
        { url, body: '', headers: vary, request: { 'accept-language': 'de' } },
        { url: other, status: 204 },
        { url: `${other}?`, opaque: true },
      ],
    })
    const found = await surveyCache('kept', new AbortController().signal)
    expect(found).toMatchObject([
      {
        ...{ url, status: 200, size: 9, crc32: 0xcbf43926, varies: true, base: url },
        vary: { 'accept-language': 'en' },
        sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
      },
      { url, size: 0, crc32: 0, varies: true, vary: { 'accept-language': 'de' } },
      { url: other, status: 204, size: 0, varies: false, vary: {} },
      { url: `${other}?`, opaque: true },
    ])
    stubCaches({ kept: [{ url: other, isBlocked: true }, { url }] })
    expect(await surveyCache('kept', new AbortController().signal)).toMatchObject([
      { url: other, opaque: true },
      { url, size: 0 },
    ])
    expect(await surveyCache('none', new AbortController().signal)).toBeUndefined()
  })
})
