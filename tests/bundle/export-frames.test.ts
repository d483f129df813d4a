/** While pages are shown in frames, their service worker goes on: what it puts into its caches is what is packed. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { renderPage } from '../../src/bundle/render.ts'
import type { Kept } from './cache-storage.ts'
import { at, exported, HTML, openSite, requested } from './exported.ts'

vi.mock(import('../../src/bundle/render.ts'), () => ({ renderPage: vi.fn() }))

beforeEach(openSite)
afterEach(() => vi.unstubAllGlobals())

it('is described as it is when the last page was shown', async () => {
  const page: Kept = {
    url: at('/'),
    body: '<script type=module src=/a.js></script><img src=/none.png><img src=/later.png>',
    headers: HTML,
  }
  const kept = { pages: [page], api: [{ url: at('/list'), body: 'old' }] }
  vi.mocked(renderPage).mockImplementation(async () => {
    kept.api = [{ url: at('/list'), body: 'newer' }]
    kept.pages = [page, { url: at('/later.png'), body: 'now it is there' }]
    return { html: '<p>shown</p>', base: at('/') }
  })
  const { description, text, warnings } = await exported(kept, {
    routes: [at('/')].values(),
    files: ['/b.txt'].values(),
    precacheManifest: ['/c.txt'].values(),
  })
  expect(renderPage).toHaveBeenCalledOnce()
  expect(requested).toEqual(['/c.txt', '/b.txt', '/a.js', '/none.png', '/later.png'].map(at))
  expect(description.responses.map(({ url, cache, size }) => [url, cache, size])).toEqual([
    [at('/'), 'pages', 78],
    [at('/later.png'), 'pages', 15],
    [at('/list'), 'api', 5],
    ...['/c.txt', '/b.txt', '/a.js'].map((path) => [at(path), null, 27 + path.length]),
  ])
  expect(await text('index.html')).toContain('shown')
  expect(warnings).toEqual([
    expect.objectContaining({ code: 'bundle-left-out', url: at('/none.png') }),
  ])
})

/** Deeper than a parser goes. */
const DEEP = '<b>'.repeat(2000)

it.each([
  ['/gone/none', 'bundle-not-rewritten', 'gone/none.html', DEEP],
  ['/', 'bundle-not-rendered', 'index.html', 'as it was fetched'],
])(
  'what is nested too deeply is not rewritten, and that is told: %s',
  async (path, code, name, content) => {
    vi.mocked(renderPage).mockResolvedValue({ html: `<p>shown${DEEP}`, base: at(path) })
    const page = { url: at('/'), body: 'as it was fetched', headers: HTML }
    const route = { url: path, render: true }
    const { text, warnings } = await exported({ pages: [page] }, { routes: [route] })
    expect(await text(name)).toContain(content)
    expect(warnings).toContainEqual(expect.objectContaining({ code, url: at(path) }))
  },
)
