import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TooIntricate } from '../../src/bundle/parse-html.ts'
import { rewriteHtml } from '../../src/bundle/rewrite-html.ts'
import { links } from './links.ts'

const rewrite = (html: string): string => rewriteHtml(html, links()).html

describe('a URL of a page', () => {
  it.each([
    // inside
    ['<a href="/docs/b.html#x">', '<a href="./b.html#x">'],
    ['<a href="b.html">', '<a href="./b.html">'],
    ['<A HREF=b.html>', '<A href="./b.html">'],
    ["<a href='../'>", '<a href="../index.html">'],
    ['<a href=" /img/x.png\n">', '<a href="../img/x.png">'],
    ['<a href="https://app.example/img/x.png?s=2">', '<a href="../img/x-11111111.png">'],
    ['<a href="//app.example/style.css">', '<a href="../style.css">'],
    ['<area href="/">', '<area href="../index.html">'],
    ['<img src=/img/x.png alt=x>', '<img src="../img/x.png" alt=x>'],
    ['<img src=/img/x.png/>', '<img src="https://app.example/img/x.png/">'],
    [
      '<img srcset="/img/x.png, /img/x.png?s=2 2x,/img/a,b.png 3x">',
      '<img srcset="../img/x.png, ../img/x-11111111.png 2x,../img/a%2Cb.png 3x">',
    ],
    [
      '<source srcset="/img/x.png 100w (a, b), /img/x.png">',
      '<source srcset="../img/x.png 100w (a, b), ../img/x.png">',
    ],
    [
      '<link rel=preload as=image imagesrcset="/img/x.png 2x">',
      '<link rel=preload as=image imagesrcset="../img/x.png 2x">',
    ],
    [
      '<video src="/img/x.png" poster="/img/x.png">',
      '<video src="../img/x.png" poster="../img/x.png">',
    ],
    ['<object data="/img/x.png">', '<object data="../img/x.png">'],
    ['<form action="/docs/b.html">', '<form action="./b.html">'],
    ['<button formaction="/docs/b.html">', '<button formaction="./b.html">'],
    ['<iframe src="b.html">', '<iframe src="./b.html">'],
    ['<q cite="b.html">', '<q cite="./b.html">'],
    ['<body background="/img/x.png">', '<body background="../img/x.png">'],
    [
      '<a href="https://cdn.example/f.woff2">',
      '<a href="../holdall-bundle/origins/cdn.example/f.woff2">',
    ],
    // of SVG
    ['<svg><image href="/img/x.png"/></svg>', '<svg><image href="../img/x.png"/></svg>'],
    [
      '<svg><use xlink:href="/img/x.png#a"/></svg>',
      '<svg><use xlink:href="../img/x.png#a"/></svg>',
    ],
    [
      '<svg><rect fill="url(/img/x.png#a)"/></svg>',
      '<svg><rect fill="url(&quot;../img/x.png#a&quot;)"/></svg>',
    ],
    // of CSS
    [
      '<p style="background: url(/img/x.png)">',
      '<p style="background: url(&quot;../img/x.png&quot;)">',
    ],
    [
      '<style>a{background:url(/img/x.png)}</style>',
      '<style>a{background:url("../img/x.png")}</style>',
    ],
    [
      '<svg><style>a{fill:url(/img/x.png#a)}</style></svg>',
      '<svg><style>a{fill:url("../img/x.png#a")}</style></svg>',
    ],
    [
      '<svg><style>a{content:"&lt;"; fill:url(/img/x.png)}</style></svg>',
      '<svg><style>a{content:"&lt;"; fill:url("../img/x.png")}</style></svg>',
    ],
    [
      '<svg><style>\n<![CDATA[a > b{fill:url(/img/x.png)}]]></style></svg>',
      '<svg><style>\na > b{fill:url("../img/x.png")}</style></svg>',
    ],
    // among other things
    [
      '<meta http-equiv=refresh content="3; url=/docs/b.html">',
      '<meta http-equiv=refresh content="3; url=./b.html">',
    ],
    [
      `<meta http-equiv=Refresh content="0;URL='/docs/b.html'">`,
      '<meta http-equiv=Refresh content="0; url=./b.html">',
    ],
    [
      '<meta http-equiv=refresh content="0 url=/docs/b.html">',
      '<meta http-equiv=refresh content="0; url=./b.html">',
    ],
    [
      '<meta http-equiv=refresh content=" 1.5 , /docs/b.html">',
      '<meta http-equiv=refresh content=" 1.5; url=./b.html">',
    ],
    [
      '<noscript><img src="/img/x.png"></noscript>',
      '<noscript><img src="../img/x.png"></noscript>',
    ],
    [
      '<template><img src="/img/x.png"></template>',
      '<template><img src="../img/x.png"></template>',
    ],
    [
      '<iframe srcdoc="<img src=/img/x.png>">',
      '<iframe srcdoc="<img src=&quot;../img/x.png&quot;>">',
    ],
    [
      '<a ping="/img/x.png b.html" href=b.html>',
      '<a ping="../img/x.png ./b.html" href="./b.html">',
    ],
    // not inside
    ['<a href="none.html">', '<a href="https://app.example/docs/none.html">'],
    ['<img src="//cdn.example/x.png">', '<img src="https://cdn.example/x.png">'],
    [
      '<form action="/search?a=1&amp;b=2">',
      '<form action="https://app.example/search?a=1&amp;b=2">',
    ],
  ])('%s becomes %s', (html, expected) => {
    expect(rewrite(html)).toBe(expected)
  })

  it.each([
    '<a href="javascript:alert(1)">',
    '<a href="JavaScript&colon;alert(1)">',
    '<a href="mailto:a@b.example">',
    '<img src="data:image/png;base64,AAAA">',
    '<img src="blob:https://app.example/1">',
    '<a href="#place">',
    '<a href="">',
    '<a href="http://[">',
    '<a>',
    '<p data-src="/img/x.png" title="/img/x.png">',
    '<script>const a = "<img src=/img/x.png>"</script>',
    '<textarea><img src="/img/x.png"></textarea>',
    '<!-- <img src="/img/x.png"> -->',
    '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN">\r\n<P>not <b>closed\r\n<table>stray',
    '<p constructor="x" __proto__="y" toString="z">',
    '<meta http-equiv="refresh" content="3">',
    '<meta http-equiv="refresh" content="soon; url=/docs/b.html">',
  ])('stays in %s', (html) => {
    expect(rewrite(html)).toBe(html)
  })

  it('is not relative to a base URL that a template holds', () => {
    const page = '<template><base href="/img/"></template><img src="/img/x.png"><a href="b.html">'
    expect(rewrite(page)).toContain('<img src="../img/x.png"><a href="./b.html">')
  })

  it('is relative to a base URL, which goes', () => {
    const page = '<base href="/img/" target="_top"><img src="x.png"><a href="#a">a</a>'
    expect(rewrite(page)).toBe(
      '<base target="_top"><img src="../img/x.png"><a href="https://app.example/img/#a">a</a>',
    )
    expect(rewrite('<base href="/docs/a.html"><a href="#a">a</a>')).toContain('<a href="#a">')
  })
})

describe('a base URL of a page with scripts', () => {
  const script = '<script src="/m.js"></script>'

  it.each([
    ['/', '../', './style.css', './m.js', './docs/b.html', './docs/a.html'],
    ['/docs/', './', '../style.css', '../m.js', './b.html', './a.html'],
    ['.', './', '../style.css', '../m.js', './b.html', './a.html'],
    ['/img/x.png', '../img/', '../style.css', '../m.js', '../docs/b.html', '../docs/a.html'],
  ])(
    'comes first, relative, and all else is relative to it: %s',
    (href, base, style, file, other, own) => {
      const further =
        '<a href="https://app.example/docs/b.html">b</a><a href="/docs/a.html#a">a</a>'
      const page = `<!doctype html><html><head><meta charset=utf-8>`
      expect(
        rewrite(`${page}<link href="/style.css"><base href="${href}">${script}${further}`),
      ).toBe(
        `<!doctype html><html><head><base href="${base}"><meta charset=utf-8><link href="${style}"><base><script src="${file}"></script><a href="${other}">b</a><a href="${own}#a">a</a>`,
      )
    },
  )

  it('leads places of the page to it', () => {
    expect(rewrite(`<base href="/docs/a.html">${script}<a href="#a">a</a>`)).toContain(
      '<base href="./"><base><script src="../m.js"></script><a href="./a.html#a">',
    )
    expect(rewrite(`<base href="/">${script}<a href="#a">a</a>`)).toContain(
      '<a href="./index.html#a">',
    )
  })

  it('goes if it is of another site, not the first, or of a picture of the page', () => {
    expect(rewrite(`<base href="https://cdn.example/">${script}`)).toMatch(/^<base><script/)
    expect(rewrite(`<base href="/"><base href="/img/">${script}`)).toContain(
      '"../"><base><base><script',
    )
    expect(rewriteHtml(`<base href="/">${script}`, links(), { isStill: true }).html).toBe('<base>')
  })
})

describe('what breaks on a disk', () => {
  it('goes', () => {
    expect(
      rewrite(
        '<meta http-equiv="Content-Security-Policy" content="img-src \'self\'"><link rel=stylesheet href=/style.css crossorigin integrity="sha256-x">',
      ),
    ).toBe('<link rel=stylesheet href="../style.css">')
  })

  it('goes alone, where nothing is between it and what is before it', () => {
    expect(rewrite('<img srcset="../img/x.png 2x" crossorigin>')).toBe(
      '<img srcset="../img/x.png 2x">',
    )
    expect(rewrite('<img srcset="/none.png 2x" crossorigin>')).toBe(
      '<img srcset="https://app.example/none.png 2x" crossorigin>',
    )
    expect(rewrite('<img src="/img/x.png"crossorigin=""integrity=a>')).toBe(
      '<img src="../img/x.png">',
    )
  })

  it('stays where it is of use: on files of other sites', () => {
    const link =
      '<link rel="stylesheet" href="https://cdn.example/s.css" crossorigin integrity="a">'
    expect(rewrite(link)).toBe(link)
  })
})

describe('scripts', () => {
  const legacy = `<script type="module">import.meta.url;window.modern=true</script><link rel="modulepreload" href="/m.js">
<script type="module" crossorigin src="/m.js"></script><script nomodule>fix()</script>
<script nomodule crossorigin id="vite-legacy-entry" data-src="/legacy.js">load()</script>`

  it('run from their classic build, if there is one', () => {
    expect(rewriteHtml(legacy, links())).toEqual({
      html: '\n<script>fix()</script>\n<script id="vite-legacy-entry" data-src="../legacy.js">load()</script>',
      needsServer: false,
    })
  })

  it('for browsers without modules are no classic build if they load nothing', () => {
    const page =
      '<script type=module src="../m.js"></script><script nomodule>alert("Update your browser")</script>'
    expect(rewriteHtml(page, links())).toEqual({ html: page, needsServer: true })
  })

  it.each([
    ['<script type=module src=/m.js></script>', true],
    ['<script type="Module">import "./m.js"</script>', true],
    ['<script type=module>document.title = "a"</script>', false],
    ['<script src=/m.js></script>', false],
    ['<p>none', false],
  ])('of %s need a server: %s', (page, needsServer) => {
    expect(rewriteHtml(page, links()).needsServer).toBe(needsServer)
  })

  it('are not in the picture of a page, but for data', () => {
    const page = `<p>Shown</p><script src=/m.js></script><script type=module>a</script>
<script type="application/json">{}</script><link rel=modulepreload href=/m.js><script type="text/javascript">b</script>`
    expect(rewriteHtml(page, links(), { isStill: true })).toEqual({
      html: '<p>Shown</p>\n<script type="application/json">{}</script>',
      needsServer: false,
    })
  })
})

it('a picture of a page has no scripts in its elements, nor in documents in it', () => {
  const page =
    '<p onclick="a()" data-one=1>Text</p><iframe srcdoc="<b onload=x()>in</b><script>b()</script>"></iframe>'
  expect(rewriteHtml(page, links(), { isStill: true }).html).toBe(
    '<p data-one=1>Text</p><iframe srcdoc="<b>in</b>"></iframe>',
  )
  expect(rewrite(page)).toBe(page)
})

describe('a script of a page in another encoding', () => {
  const [russian, german] = ['windows-1251', 'iso-8859-1']

  it.each([
    ['<script src=/m.js></script>', '<script charset="windows-1251" src="../m.js"></script>'],
    [
      '<script crossorigin src=/m.js></script>',
      '<script charset="windows-1251" src="../m.js"></script>',
    ],
    [
      '<script type=module src=/n.js></script><script nomodule src=/m.js></script>',
      '<script charset="windows-1251" src="../m.js"></script>',
    ],
    ['<SCRIPT\nsrc=/m.js></SCRIPT>', '<SCRIPT charset="windows-1251"\nsrc="../m.js"></SCRIPT>'],
    ['<script src=/m.js charset=utf8></script>', '<script src="../m.js" charset=utf8></script>'],
    [
      '<script src=/m.js charset=none></script>',
      '<script src="../m.js" charset="windows-1251"></script>',
    ],
    ['<script type=module src=/m.js></script>', '<script type=module src="../m.js"></script>'],
    ['<script>a()</script>', '<script>a()</script>'],
    ['<script src=/none.js></script>', '<script src="https://app.example/none.js"></script>'],
    [
      '<iframe srcdoc="<script src=/m.js></script>"></iframe>',
      '<iframe srcdoc="<script src=&quot;../m.js&quot;></script>"></iframe>',
    ],
  ])('is read in that: %s', (before, after) => {
    expect(rewriteHtml(before, links(), { encoding: russian }).html).toBe(after)
  })

  it.each([
    ['utf-8', russian, '<script src=/m.js>', '<script src="../m.js">'],
    [german, 'utf-8', '<script src=/m.js>', '<script charset="windows-1252" src="../m.js">'],
    [
      german,
      'utf-8',
      '<script charset=utf-8 src=/m.js>',
      '<script charset="windows-1252" src="../m.js">',
    ],
  ])('is read as its header says, %s, in a page in %s: %s', (charset, encoding, before, after) => {
    const headers = [['content-type', `text/javascript; charset=${charset}`]] as const
    expect(rewriteHtml(before, links(undefined, undefined, headers), { encoding }).html).toBe(after)
  })
})

describe('hostile HTML', () => {
  it.each([
    ['elements in each other', '<div>'.repeat(300_000)],
    ['elements that are opened again and again', manyFonts(2000)],
  ])('is given up: %s', (_, page) => {
    expect(() => rewrite(page)).toThrow(TooIntricate)
  })

  it.each([
    ['nested frames', nestedFrames(12)],
    ['a million attributes', `<p ${'a=1 '.repeat(20_000)}>`],
    ['open quotes', '<a href="'.repeat(50_000)],
    ['commas', `<img srcset="${','.repeat(200_000)}">`],
    ['parentheses', `<img srcset="a ${'('.repeat(200_000)}">`],
    ['CSS', `<style>${'url('.repeat(50_000)}</style>`],
  ])('ends: %s', (_, page) => {
    expect(typeof rewrite(page)).toBe('string')
  })

  it('never breaks out of its attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const value = text.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
        const { html } = rewriteHtml(`<a href="${value}" id="end">x</a>`, links())
        expect(html).toMatch(/^<a href="[^"]*" id="end">x<\/a>$/)
      }),
      { numRuns: 50 },
    )
  })
})

function manyFonts(count: number): string {
  const fonts = Array.from({ length: count }, (_, size) => `<font size=${size}>`).join('')
  return `${fonts}${'<p>x</p>'.repeat(count)}`
}

function nestedFrames(depth: number): string {
  let page = '<img src="/img/x.png">'
  for (let level = 0; level < depth; level++) {
    page = `<iframe srcdoc="${page.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></iframe>`
  }
  return page
}
