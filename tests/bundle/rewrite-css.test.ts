import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rewriteCss } from '../../src/bundle/rewrite-css.ts'
import { links } from './links.ts'

const rewrite = (css: string): string =>
  rewriteCss(css, links('docs/a.css', 'https://app.example/docs/a.css'))

describe('a URL of CSS', () => {
  it.each([
    ['a{b:url(/img/x.png)}', 'a{b:url("../img/x.png")}'],
    ['a{b:URL( /img/x.png )}', 'a{b:url("../img/x.png")}'],
    ['a{b:url("/img/x.png")}', 'a{b:url("../img/x.png")}'],
    ["a{b:url( '/img/x.png#y' )}", 'a{b:url( "../img/x.png#y" )}'],
    ['a{b:url(\\/img\\/x\\2e png)}', 'a{b:url("../img/x.png")}'],
    ['a{b:src("/img/x.png")}', 'a{b:src("../img/x.png")}'],
    [
      'a{b:image-set("/img/x.png" 1x, url(/img/x.png?s=2) 2x)}',
      'a{b:image-set("../img/x.png" 1x, url("../img/x-11111111.png") 2x)}',
    ],
    ['@import "/style.css" screen;', '@import "../style.css" screen;'],
    ["@IMPORT/**/'/style.css' layer(a);", '@IMPORT/**/"../style.css" layer(a);'],
    ['@import url(/style.css);', '@import url("../style.css");'],
    [
      '@font-face{src:url(https://cdn.example/f.woff2) format("woff2")}',
      '@font-face{src:url("../holdall-bundle/origins/cdn.example/f.woff2") format("woff2")}',
    ],
    ['a{b:url(none.png)}', 'a{b:url("https://app.example/docs/none.png")}'],
    ['a{b:url(none.png?a\\"b)}', 'a{b:url("https://app.example/docs/none.png?a%22b")}'],
    [':root{--x:url(/img/x.png)}', ':root{--x:url("../img/x.png")}'],
    [
      '@namespace svg url(http://www.w3.org/2000/svg); a{b:url(/img/x.png)}',
      '@namespace svg url(http://www.w3.org/2000/svg); a{b:url("../img/x.png")}',
    ],
  ])('%s becomes %s', (css, expected) => {
    expect(rewrite(css)).toBe(expected)
  })

  it.each([
    '/* url(/img/x.png) */',
    'a{content:"/img/x.png"}',
    'a{b:url(data:image/png;base64,AAAA)}',
    'a{b:url(#place)}',
    'a{b:url()}',
    'a{b:url(bad"url)}',
    'a[href="/img/x.png"]{c:d}',
    '@import url(data:text/css,a) ; b{c:"/style.css"}',
    'a{b:image-set("#x" type("image/png"))}',
    '@charset "utf-8";\r\n\tA { b : c }',
  ])('stays in %s', (css) => {
    expect(rewrite(css)).toBe(css)
  })

  it('is all that changes', () => {
    const noUrl = fc.string({ unit: 'binary' }).filter((text) => !/["'(@\\]/.test(text))
    fc.assert(
      fc.property(noUrl, (css) => rewrite(css) === css),
      { numRuns: 50 },
    )
  })

  it('of whatever kind comes to an end', () => {
    for (const part of ['url(', '(', '"', '@import ', '/*', '\\', 'a{']) {
      expect(typeof rewrite(part.repeat(30_000))).toBe('string')
    }
  })
})
