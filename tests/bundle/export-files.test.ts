/** Further files of URLs: each as it is asked for, with all that is said of it. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { parseDescription } from '../../src/bundle/import-description.ts'
import { limitsOf } from '../../src/bundle/import-limits.ts'
import type { UrlFile } from '../../src/manifest/types.ts'
import { at, exported, openSite } from './exported.ts'

beforeEach(openSite)
afterEach(() => vi.unstubAllGlobals())

/** Has the server answer with the language that it is asked for, and says how often it was asked. */
function speak(headers: Record<string, string>): () => number {
  const fetch = vi.fn(async (request: Request) => {
    const language = request.headers.get('Accept-Language') ?? 'none'
    return new Response(language, { headers: { 'Content-Type': 'text/plain', ...headers } })
  })
  vi.stubGlobal('fetch', fetch)
  return () => fetch.mock.calls.length
}

const inLanguage = (language: string, more: Partial<UrlFile> = {}): UrlFile => ({
  url: '/a.txt',
  headers: { 'Accept-Language': language },
  ...more,
})

it('of one URL that differ by their headers are each what is answered to these', async () => {
  const asked = speak({ Vary: 'Accept-Language' })
  const { description, text } = await exported(
    {},
    {
      files: [
        inLanguage('de', { name: 'de.txt' }),
        inLanguage('en', { name: 'en.txt' }),
        inLanguage('en'),
        { url: '/a.txt' },
      ],
    },
  )
  expect(asked()).toBe(3)
  expect(await text('de.txt')).toBe('de')
  expect(await text('en.txt')).toBe('en')
  expect(description.responses.map(({ size, vary }) => [size, vary])).toEqual([
    [2, { 'accept-language': 'de' }],
    [2, { 'accept-language': 'en' }],
    [4, undefined],
  ])
})

it('with integrity are what was compared with it', async () => {
  const fetch = vi.fn(async (_: Request) => new Response('a'))
  vi.stubGlobal('fetch', fetch)
  const compared = { url: '/a.txt', integrity: 'sha256-x' }
  const files = [{ url: '/a.txt' }, compared, compared, { url: '/a.txt' }]
  const { description, warnings } = await exported({}, { files })
  expect(fetch.mock.calls.map(([{ integrity }]) => integrity)).toEqual(['', 'sha256-x'])
  expect(description.responses).toHaveLength(1)
  expect(warnings.filter(({ url }) => url === at('/a.txt'))).toEqual([])
  fetch.mockClear()
  await exported({}, { precacheManifest: [compared], files: ['/a.txt'] })
  expect(fetch).toHaveBeenCalledOnce()
})

it.each(['files', 'routes', 'precacheManifest'])(
  'are told without their password: %s',
  async (list) => {
    const outcome = exported({}, { [list]: ['https://me:secret@app.example/a.txt'] })
    const error = await outcome.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'invalid-url', detail: { url: at('/a.txt') } })
    expect((error as Error).message).not.toContain('secret')
  },
)

it('are described once, where no import could tell several answers apart', async () => {
  speak({})
  const several = ['de', 'en'].map((language) => inLanguage(language, { name: `${language}.txt` }))
  const { description, text, warnings } = await exported({}, { files: several })
  expect(parseDescription(JSON.stringify(description), limitsOf())).toEqual(description)
  expect(description.responses.map(({ path }) => path)).toEqual(['de.txt'])
  expect(await text('en.txt')).toBe('en')
  expect(warnings.filter(({ url }) => url === at('/a.txt'))).toMatchObject([
    { code: 'bundle-left-out' },
  ])
})

it('are described once, and nothing is told, where several answers are the same', async () => {
  const files = [{ url: '/a.txt' }, { url: '/a.txt', credentials: 'omit' as const }]
  const { description, names, warnings } = await exported({}, { files })
  expect(description.responses.map(({ path }) => path)).toEqual(['a.txt'])
  expect(names.filter((name) => name.includes('a.txt'))).toEqual(['a.txt'])
  expect(warnings.filter(({ url }) => url === at('/a.txt'))).toEqual([])
})

it('are taken from a cache that has what is answered to their headers', async () => {
  const asked = speak({})
  const headers = { Vary: 'Accept-Language' }
  const { description } = await exported(
    {
      a: [
        { url: at('/a.txt'), body: 'hello', headers, request: { 'accept-language': 'en' } },
        { url: at('/a.txt'), body: 'hallo!', headers, request: { 'accept-language': 'de' } },
      ],
    },
    { files: [inLanguage('de', { size: 6 }), inLanguage('fr', { size: 2 }), { url: '/a.txt' }] },
  )
  expect(asked()).toBe(1)
  expect(description.responses.map(({ size }) => size)).toEqual([5, 6, 2])
})

it('are compared with the ETag that is said of them', async () => {
  const kept = { a: [{ url: at('/a.txt'), body: 'a', headers: { ETag: 'W/"1"' } }] }
  await exported(kept, { files: [{ url: '/a.txt', etag: '"1"' }] })
  await exported(kept, { files: [{ url: '/a.txt', etag: '1' }] })
  await expect(exported(kept, { files: [{ url: '/a.txt', etag: '"2"' }] })).rejects.toMatchObject({
    code: 'source-changed',
    detail: { url: at('/a.txt') },
  })
  await expect(exported(kept, { files: [{ url: '/b.txt', etag: '"2"' }] })).rejects.toMatchObject({
    code: 'source-failed',
    detail: { url: at('/b.txt') },
  })
})

it('have the date, the mode and the comment that are said of them, wherever they are', async () => {
  const said = { lastModified: 1e12, mode: 0o600, comment: 'mine' }
  const { files } = await exported(
    {
      a: [
        { url: at('/a.txt') },
        { url: at('/s.css'), body: 'a{b:url(a.txt)}', headers: { 'Content-Type': 'text/css' } },
      ],
    },
    {
      files: [
        { url: '/a.txt', ...said },
        { url: '/s.css', name: 's.css', ...said },
        { url: '/b.txt', ...said },
        { url: '/b.txt', name: 'copy.txt', ...said, comment: 'copied' },
      ],
    },
  )
  const seen = (files as UrlFile[]).map(({ name, comment, mode, lastModified }) => ({
    [name!]: [comment, mode, lastModified],
  }))
  expect(seen.slice(3)).toEqual([
    { 'a.txt': ['mine', 0o600, 1e12] },
    { 'b.txt': ['mine', 0o600, 1e12] },
    { 's.css': ['mine', 0o600, 1e12] },
    { 'holdall-bundle/originals/s.css': [undefined, undefined, undefined] },
    { 'copy.txt': ['copied', 0o600, 1e12] },
  ])
})

it.each([
  [{ headers: { 'no name': '' } }, 'invalid-metadata'],
  [{ credentials: 'all' as never }, 'invalid-metadata'],
  [{ mode: -1 }, 'invalid-metadata'],
])('are refused with what no archive takes: %j', async (said, code) => {
  await expect(exported({}, { files: [{ url: '/a.txt', ...said }] })).rejects.toMatchObject({
    code,
  })
})

it('are not waited for each, if nothing answers', async () => {
  vi.useFakeTimers()
  const fetch = vi.fn(() => Promise.reject(new TypeError('Failed to fetch')))
  vi.stubGlobal('fetch', fetch)
  const files = ['/a.txt', '/b.txt', '/c.txt']
  const outcome = exported({ a: [{ url: at('/') }] }, { files, onError: 'skip' })
  await vi.advanceTimersByTimeAsync(60_000)
  vi.useRealTimers()
  expect((await outcome).warnings.filter(({ url }) => url.endsWith('.txt'))).toHaveLength(3)
  expect(fetch).toHaveBeenCalledTimes(5 + 1 + 1)
})

it('are asked for again where a server is busy, though nothing has answered before', async () => {
  vi.useFakeTimers()
  const answers = new Map([['/b.txt', [503, 200]]])
  const fetch = vi.fn(async ({ url }: Request) => {
    const status = answers.get(new URL(url).pathname)?.shift()
    if (status === undefined) throw new TypeError('Failed to fetch')
    return new Response('b', { status })
  })
  vi.stubGlobal('fetch', fetch)
  const outcome = exported({}, { files: ['/a.txt', '/b.txt'], onError: 'skip' })
  await vi.advanceTimersByTimeAsync(60_000)
  vi.useRealTimers()
  const { description } = await outcome
  expect(description.responses.map(({ url }) => url)).toEqual([at('/b.txt')])
  expect(fetch).toHaveBeenCalledTimes(5 + 2)
})
