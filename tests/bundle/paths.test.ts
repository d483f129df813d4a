import { describe, expect, it } from 'vitest'
import { relativeUrl, treePath } from '../../src/bundle/paths.ts'

describe('treePath()', () => {
  it.each([
    ['https://app.example/', 'text/html', 'index.html'],
    ['https://app.example/docs/', 'text/html', 'docs/index.html'],
    ['https://app.example/about', 'text/html', 'about.html'],
    ['https://app.example/about.htm', 'text/html', 'about.htm'],
    ['https://app.example/page.php', 'text/html', 'page.php.html'],
    ['https://app.example/style', 'text/css', 'style.css'],
    ['https://app.example/a.mjs', 'text/javascript', 'a.mjs'],
    ['https://app.example/icon', 'image/svg+xml', 'icon.svg'],
    ['https://app.example/photo', 'image/jpeg', 'photo'],
    ['https://app.example/api/1', 'application/json', 'api/1'],
    ['https://app.example/api/', 'application/json', 'api/index'],
    ['https://app.example/a%20b/%C3%A4.png', 'image/png', 'a b/ä.png'],
    ['https://app.example/a%2F..%2Fb.png', 'image/png', 'a_.._b.png'],
    ['https://app.example/%ff.png', 'image/png', '%ff.png'],
    ['https://app.example/a?b=/../c', 'text/html', 'a-6a0ad4ba.html'],
    ['https://app.example/x.png?s=2', 'image/png', 'x-7d84f8dc.png'],
    ['https://app.example/con/a.png', 'image/png', '_con/a.png'],
    [
      'https://cdn.example:8443/x/y.js',
      'text/javascript',
      'holdall-bundle/origins/cdn.example_8443/x/y.js',
    ],
    ['https://app.example/a', 'constructor', 'a'],
  ])('puts %s (%s) at %s', (url, type, path) => {
    expect(treePath(url, type, 'https://app.example')).toBe(path)
  })
})

describe('relativeUrl()', () => {
  it.each([
    ['index.html', 'a.html', './a.html'],
    ['index.html', 'a/b.html', './a/b.html'],
    ['a/b.html', 'index.html', '../index.html'],
    ['a/b/c.html', 'a/d/e.html', '../d/e.html'],
    ['a/b.html', 'a/b.html', './b.html'],
    ['a/b.html', 'a/b.html/c', './b.html/c'],
    ['a', 'b:c/ä #?%.png', './b%3Ac/%C3%A4%20%23%3F%25.png'],
  ])('leads from %s to %s by %s', (from, to, url) => {
    expect(relativeUrl(from, to)).toBe(url)
    const resolved = new URL(url, `https://disk.example/${from}`)
    expect(decodeURIComponent(resolved.pathname)).toBe(`/${to}`)
  })
})
