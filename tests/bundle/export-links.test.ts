/** Links that stay as they are. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { at, exported, HTML, openSite } from './exported.ts'

beforeEach(openSite)
afterEach(() => vi.unstubAllGlobals())

it('of SVG images and XHTML pages, that lead elsewhere on a disk, are told', async () => {
  const [svg, xhtml] = [
    { 'Content-Type': 'image/svg+xml' },
    { 'Content-Type': 'application/xhtml+xml' },
  ]
  const { warnings } = await exported({
    a: [
      { url: at('/'), body: '<meta charset=utf-8>', headers: HTML },
      { url: at('/1.svg'), body: '<svg><image xlink:href="/x.png"/></svg>', headers: svg },
      { url: at('/2.svg'), body: '<svg><style>a{b:url( /x.png)}</style></svg>', headers: svg },
      { url: at('/3.svg'), body: "<svg><style>@import 'a.css';</style></svg>", headers: svg },
      {
        url: at('/4.svg'),
        body: '<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/><path fill="url(#b)"/><image href="data:,"/></svg>',
        headers: svg,
      },
      { url: at('/5.xhtml'), body: '<html/>', headers: xhtml },
    ],
  })
  expect(warnings.map(({ code, url }) => [code, url])).toEqual(
    ['/1.svg', '/2.svg', '/3.svg', '/5.xhtml'].map((path) => ['bundle-not-rewritten', at(path)]),
  )
})
