import { readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bundleFiles, GENERATOR } from '../../src/bundle/export.ts'
import type { BundleOptions } from '../../src/bundle/options.ts'
import type { UrlFile } from '../../src/manifest/types.ts'
import { stubCaches, stubRequest } from './cache-storage.ts'
import { at, CSS, exported, HTML, openSite, requested, type Exported } from './exported.ts'

beforeEach(openSite)
afterEach(() => vi.unstubAllGlobals())

describe('a bundle', () => {
  it('has what opens in its place, and what came beside it', async () => {
    const page = '<meta charset=utf-8><link rel=stylesheet href="/s.css"><img src="/x.png">'
    const revision = '?__WB_REVISION__=1'
    const { names, description, text, files, warnings } = await exported({
      precache: [
        { url: at(`/index.html${revision}`), body: page, headers: HTML },
        { url: at('/s.css'), body: 'a{b:url(x.png)}', headers: CSS },
        {
          url: at('/x.png'),
          body: 'png',
          headers: {
            'Content-Type': 'image/png',
            'Last-Modified': 'Wed, 25 Nov 2026 10:00:00 GMT',
          },
        },
      ],
    })
    expect(warnings).toEqual([])
    expect(names).toEqual([
      'holdall-bundle.json',
      'holdall-bundle/README.txt',
      'index.html',
      'holdall-bundle/originals/index.html',
      's.css',
      'holdall-bundle/originals/s.css',
      'x.png',
    ])
    expect(await text('index.html')).toBe(
      '\uFEFF<meta charset=utf-8><link rel=stylesheet href="./s.css"><img src="./x.png">'.slice(1),
    )
    expect(await text('s.css')).toBe('a{b:url("./x.png")}')
    expect(description).toMatchObject({
      version: 1,
      generator: GENERATOR,
      origin: 'https://app.example',
      scope: at('/'),
      start: 'index.html',
    })
    expect(description.responses[0]).toEqual({
      url: at(`/index.html${revision}`),
      cache: 'precache',
      status: 200,
      statusText: '',
      headers: [['content-type', HTML['Content-Type']]],
      size: page.length,
      crc32: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
      sha256: createHash('sha256').update(page).digest('hex'),
      type: 'text/html',
      path: 'holdall-bundle/originals/index.html',
      page: 'index.html',
    })
    expect(description.responses[2]).toMatchObject({ path: 'x.png', type: 'image/png' })
    expect(description.responses[2]).not.toHaveProperty('page')
    // Large ones go from cache to archive, by whoever packs.
    expect(files.at(-1)).toEqual({
      ...{ name: 'x.png', url: at('/x.png'), cache: 'precache', size: 3 },
      crc32: expect.any(Number) as number,
      lastModified: Date.UTC(2026, 10, 25, 10),
    } satisfies UrlFile)
  })

  it('is the same whatever order its caches have', async () => {
    const kept = ['/a?1', '/a?2', '/A?1', '/a', '/a/b', '/ä', '/a%CC%88'].map((path) => ({
      url: at(path),
      body: path,
    }))
    const [one, other] = [await exported({ a: kept }), await exported({ a: kept.toReversed() })]
    const places = ({ description }: Exported) =>
      description.responses.map(({ url, path }) => [url, path]).toSorted()
    expect(places(one)).toEqual(places(other))
    expect(new Set(one.names).size).toBe(one.names.length)
  })

  it('says that it came from another page than the one at its root', async () => {
    const { names, text, description } = await exported(
      {
        a: [
          { url: at('/'), body: 'root', headers: HTML },
          { url: at('/app/'), body: 'app', headers: HTML },
        ],
      },
      {},
      at('/app/here.html'),
    )
    expect(description).toMatchObject({ scope: at('/app/'), start: 'app/index.html' })
    expect(await text('index.html')).toContain('url=./app/index.html')
    expect(names).toContain('index (2).html')
  })

  it('opens with another page if there is none at its start, and says so', async () => {
    const { description, warnings } = await exported({
      a: [{ url: at('/b.html'), body: 'b', headers: HTML }],
    })
    expect(description.start).toBe('b.html')
    expect(warnings).toEqual([expect.objectContaining({ code: 'bundle-left-out', url: at('/') })])
  })

  it('keeps each of several responses of one URL, and links to the first', async () => {
    const vary = { 'Content-Type': 'text/plain', Vary: 'Accept-Language' }
    const { description, names } = await exported({
      one: [
        { url: at('/a.txt'), body: 'hello', headers: vary, request: { 'accept-language': 'en' } },
        { url: at('/a.txt'), body: 'hallo', headers: vary, request: { 'accept-language': 'de' } },
      ],
      two: [
        { url: at('/a.txt'), body: 'hello', headers: { 'Content-Type': 'text/plain' } },
        { url: at('/a.txt?__WB_REVISION__=x'), body: 'salut' },
      ],
    })
    expect(description.responses.map(({ cache, path, vary: own }) => [cache, path, own])).toEqual(
      [
        ['one', 'a.txt', { 'accept-language': 'en' }],
        ['one', 'holdall-bundle/originals/a.txt', { 'accept-language': 'de' }],
        ['two', 'a.txt', undefined],
        ['two', 'holdall-bundle/originals/a-3eb2b4b5.txt', undefined],
      ].map((row, index) =>
        index === 3
          ? [row[0], expect.stringMatching(/^holdall-bundle\/originals\/a/), undefined]
          : row,
      ),
    )
    expect(new Set(names).size).toBe(names.length)
  })

  it('has nothing of what an import has staged', async () => {
    const { description } = await exported({
      a: [{ url: at('/a.txt'), body: 'a' }],
      'holdall-import:1': [{ url: at('/holdall-import:1/0'), body: 'staged' }],
    })
    expect(description.responses.map(({ url }) => url)).toEqual([at('/a.txt')])
  })

  it('leaves out what no page may read, and says so', async () => {
    const { description, warnings } = await exported({
      a: [
        { url: 'https://cdn.example/x.png', opaque: true },
        { url: at('/a.txt'), body: 'a' },
      ],
    })
    expect(description.responses.map(({ url }) => url)).toEqual([at('/a.txt')])
    expect(warnings[0]).toMatchObject({ code: 'bundle-left-out', url: 'https://cdn.example/x.png' })
  })

  it('has the first of responses of another site that no page can tell apart', async () => {
    const font = { url: 'https://cdn.example/font', hiddenVary: 'accept' }
    const { description, warnings, files } = await exported({
      a: [
        { ...font, body: 'woff2', request: { accept: 'font/woff2' } },
        { ...font, body: 'ttf', request: { accept: 'font/ttf' } },
        { url: at('/'), body: '<meta charset=utf-8>', headers: HTML },
      ],
    })
    expect(description.responses.map(({ url, size }) => [url, size])).toEqual([
      [font.url, 5],
      [at('/'), 20],
    ])
    expect(warnings).toEqual([expect.objectContaining({ code: 'bundle-left-out', url: font.url })])
    expect(files).toContainEqual(
      expect.objectContaining({ cache: 'a', headers: { accept: 'font/woff2' } }),
    )
  })

  it('leaves out what no page can ask for, and says so', async () => {
    stubRequest()
    const list = { url: at('/list'), headers: { Vary: 'sec-ch-ua' } }
    const { description, warnings } = await exported({
      a: [
        { ...list, request: { 'sec-ch-ua': 'a' } },
        { ...list, request: { 'sec-ch-ua': 'b' } },
        { url: at('/') },
      ],
    })
    expect(description.responses.map(({ url }) => url)).toEqual([at('/')])
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'bundle-left-out', url: at('/list') }),
    ])
  })

  it('leaves out what no import takes, and says so', async () => {
    const { description, names, warnings } = await exported(
      {
        '': [{ url: at('/b.txt') }],
        a: [{ url: at('/c.txt'), status: 0 }, { url: at('/') }],
      },
      { files: [{ name: 'link', symlink: 'index.html' }] },
    )
    expect(description.responses.map(({ url }) => url)).toEqual([at('/')])
    expect(names).not.toContain('link')
    expect(warnings.map(({ code, url }) => [code, url])).toEqual(
      [at(''), at('/c.txt'), 'link'].map((url) => ['bundle-left-out', url]),
    )
  })

  it('keeps errors and empty answers, to which nothing links', async () => {
    const { description, text } = await exported({
      a: [
        { url: at('/gone'), body: 'gone', status: 410 },
        { url: at('/nothing'), status: 204 },
        { url: at('/'), body: '<meta charset=utf-8><a href=/gone>', headers: HTML },
      ],
    })
    expect(description.responses.map(({ status, size }) => [status, size])).toEqual([
      [410, 4],
      [204, 0],
      [200, 34],
    ])
    expect(await text('index.html')).toContain(`href="${at('/gone')}"`)
  })

  it('says which pages need a server, in itself too', async () => {
    const { warnings, text } = await exported({
      a: [{ url: at('/'), body: '<script type=module src=a.js></script>', headers: HTML }],
    })
    expect(warnings).toEqual([
      expect.objectContaining({ code: 'bundle-needs-server', url: at('/') }),
    ])
    expect(await text('holdall-bundle/README.txt')).toMatch(
      /index\.html\n[^]*npx http-server\n[^]*python3 -m http\.server\n/,
    )
  })
})

describe('what no cache has', () => {
  it('is fetched: what Workbox would precache, routes, files by their URLs', async () => {
    const { description, names } = await exported(
      {
        a: [
          { url: at('/x.png?__WB_REVISION__=1'), body: 'x' },
          { url: at('/docs/index.html'), body: 'd', headers: HTML },
        ],
      },
      {
        precacheManifest: [
          '/y.png',
          { url: 'x.png', revision: '1' },
          { url: '/z.png', revision: null },
        ],
        routes: ['/docs/', '/text'],
        files: [
          { url: '/manual.pdf', name: 'Manual.pdf' },
          { name: 'extra.txt', data: 'extra' },
        ],
      },
    )
    expect(requested).toEqual(['/y.png', '/z.png', '/manual.pdf', '/text'].map(at))
    expect(names).toEqual(
      expect.arrayContaining(['y.png', 'z.png', 'text', 'Manual.pdf', 'extra.txt']),
    )
    expect(description.responses.find(({ url }) => url === at('/y.png'))).toMatchObject({
      cache: null,
      path: 'y.png',
    })
  })

  it('is not what Workbox has cached, though its revision had the query written anew', async () => {
    const keyOf = (path: string): string => {
      const url = new URL(at(path))
      url.searchParams.set('__WB_REVISION__', '1')
      return url.href
    }
    const { text } = await exported(
      {
        a: [
          { url: keyOf('/x.png?a=b%20c'), body: 'x' },
          { url: keyOf('/y.png?v'), body: 'y' },
          { url: at('/'), body: '<img src="/x.png?a=b%20c"><img src="/y.png?v">', headers: HTML },
        ],
      },
      { precacheManifest: ['/x.png?a=b%20c', '/y.png?v'] },
    )
    expect(requested).toEqual([])
    expect(await text('index.html')).not.toContain('://')
  })

  it('has each name that a file is given, whoever has its URL already', async () => {
    const { names, description } = await exported(
      { a: [{ url: at('/manual.pdf'), body: 'manual' }] },
      {
        files: [
          { url: '/manual.pdf', name: 'Manual in English.pdf' },
          { url: '/manual.pdf', name: 'manual.pdf' },
          { url: '/b.pdf', name: 'one.pdf' },
          { url: '/b.pdf', name: 'two.pdf' },
          { url: '/b.pdf' },
        ],
      },
    )
    expect(requested).toEqual([at('/b.pdf')])
    expect(names.slice(3)).toEqual(['one.pdf', 'manual.pdf', 'Manual in English.pdf', 'two.pdf'])
    expect(description.responses).toHaveLength(2)
  })

  it.each([
    [{ size: 5 }, 'size-mismatch', 5],
    [{ crc32: 1 }, 'crc-mismatch', 1],
    [{ sha256: 'AB'.repeat(32) }, 'sha256-mismatch', 'ab'.repeat(32)],
    [{ sha256: 'none' }, 'invalid-metadata', undefined],
  ])('is compared with what is said of it: %j', async (said, code, planned) => {
    for (const url of ['/manual.pdf', '/fetched.pdf']) {
      const refused = exported(
        { a: [{ url: at('/manual.pdf'), body: 'manual' }] },
        { files: [{ url, ...said }], onError: 'skip' },
      )
      await expect(refused).rejects.toMatchObject({
        code,
        detail: planned === undefined ? {} : { url: at(url), planned },
      })
    }
    const sha256 = createHash('sha256').update('manual').digest('hex').toUpperCase()
    await exported(
      { a: [{ url: at('/manual.pdf'), body: 'manual' }] },
      { files: [{ url: '/manual.pdf', size: 6, sha256 }] },
    )
  })

  it('is fetched with a page that needs it, of the same site', async () => {
    const { names, warnings } = await exported({}, { routes: ['/page', '/page'], start: '/page' })
    expect(requested).toEqual(
      ['/page', '/s.css', '/t.css', '/none.png', '/i.svg', '/2.png'].map(at),
    )
    expect(names).toEqual(expect.arrayContaining(['page.html', 's.css', 't.css', 'i.svg', '2.png']))
    expect(warnings.map(({ code, url }) => [code, url])).toEqual([
      ['bundle-left-out', at('/none.png')],
    ])
  })

  it('fails the bundle if it cannot be had, or is left out', async () => {
    const options = { precacheManifest: ['/none.png'] }
    await expect(exported({ a: [] }, options)).rejects.toMatchObject({
      code: 'source-failed',
      detail: { url: at('/none.png'), status: 404 },
    })
    const { warnings } = await exported({ a: [{ url: at('/a') }] }, { ...options, onError: 'skip' })
    expect(warnings[0]).toMatchObject({ code: 'bundle-left-out', url: at('/none.png') })
  })
})

describe('is refused:', () => {
  it.each<[string, BundleOptions, string]>([
    ['nothing', {}, 'no-files'],
    ['a cache that is not there', { caches: ['none'] }, 'invalid-option'],
    ['a cache that is no name', { caches: [1 as never] }, 'invalid-option'],
    ['what is no list', { routes: '/' as never }, 'invalid-option'],
    ['a policy that there is not', { onError: 'placeholder' as never }, 'invalid-option'],
    ['a URL of another scheme', { routes: ['javascript:alert(1)'] }, 'invalid-url'],
    ['a route that is none', { routes: [null as never] }, 'invalid-option'],
    ['a route without a URL', { routes: [{ url: null as never }] }, 'invalid-option'],
    ['an entry that is none', { precacheManifest: [null as never] }, 'invalid-option'],
    ['a start that is no URL', { start: 'http://' }, 'invalid-option'],
    ['a file that is none', { files: [null as never] }, 'invalid-file'],
    ['no URL', { precacheManifest: ['http://['] }, 'invalid-url'],
  ])('%s', async (_, options, code) => {
    await expect(exported({}, options)).rejects.toMatchObject({ code })
  })

  it('caches, where there are none', async () => {
    stubCaches({})
    vi.stubGlobal('caches', undefined)
    const gathering = {
      baseURL: at('/'),
      signal: new AbortController().signal,
      warn: () => undefined,
      digester: {} as never,
    }
    await expect(bundleFiles({ caches: ['a'] }, gathering)).rejects.toMatchObject({
      code: 'insecure-context',
    })
    await expect(bundleFiles({}, gathering)).rejects.toMatchObject({ code: 'no-files' })
  })
})

it('names the version of the package that wrote it', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
  expect(GENERATOR).toBe(`holdall ${version}`)
})
