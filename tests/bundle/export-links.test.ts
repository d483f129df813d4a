/** Links that stay as they are. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LONGEST } from '../../src/bundle/disk-form.ts'
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

/** What is told of an SVG image, beside a page and another image. */
async function toldOf(body: string | Blob): Promise<readonly string[]> {
  const { warnings } = await exported({
    a: [
      { url: at('/'), body: '<meta charset=utf-8>', headers: HTML },
      { url: at('/x.png') },
      { url: at('/a.svg'), body, headers: { 'Content-Type': 'image/svg+xml' } },
    ],
  })
  return warnings.map(({ message }) => message)
}

it.each([
  '<a href="https://cdn.example">a</a>',
  '<a href="HTTPS://CDN.EXAMPLE/%7ea?b=1&amp;c=2">a</a>',
  '<image href="x.png"/>',
  '<path style="fill: url(&quot;#a&quot;)"/>',
  "<path style='fill: url(&apos;#a&apos;); mask: url(&#39;#a&#39;)'/>",
])('of SVG images that lead to the same on a disk are not told: %s', async (body) => {
  expect(await toldOf(body)).toEqual([])
})

it.each([
  '<image href="https://app.example/x.png"/>',
  '<image href="/x.png"/>',
  '<path style="fill: url(&quot;x.svg#a&quot;)"/>',
])('of SVG images that lead elsewhere are told, however they are written: %s', async (body) => {
  expect(await toldOf(body)).toEqual([expect.stringContaining(`The links in ${at('/a.svg')} `)])
})

it('of SVG images that are too long to look for any may be there, which is told', async () => {
  const told = await toldOf(new Blob(['<svg/>'.padEnd(LONGEST + 1)]))
  expect(told).toEqual([expect.stringContaining(`Any links in ${at('/a.svg')} `)])
})
