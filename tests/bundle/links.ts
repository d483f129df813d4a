/** A bundle of a few files, for what links to them. */

import { Links, type Found } from '../../src/bundle/links.ts'

const FILES: Readonly<Record<string, string>> = {
  'https://app.example/': 'index.html',
  'https://app.example/docs/a.html': 'docs/a.html',
  'https://app.example/docs/b.html': 'docs/b.html',
  'https://app.example/img/x.png': 'img/x.png',
  'https://app.example/img/x.png?s=2': 'img/x-11111111.png',
  'https://app.example/img/a,b.png': 'img/a,b.png',
  'https://app.example/style.css': 'style.css',
  'https://app.example/m.js': 'm.js',
  'https://app.example/legacy.js': 'legacy.js',
  'https://cdn.example/f.woff2': 'holdall-bundle/origins/cdn.example/f.woff2',
}

/** The links of the page at `path`, which has the URL `base`, to files that come with `headers`. */
export function links(
  path = 'docs/a.html',
  base = 'https://app.example/docs/a.html',
  headers: Found['headers'] = [],
): Links {
  return new Links(path, base, (url) => {
    const found = FILES[url.split('#', 1)[0]!]
    return found === undefined ? undefined : { path: found, headers }
  })
}
