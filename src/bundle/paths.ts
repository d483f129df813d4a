/** Where in a bundle each URL goes, and how one file of it links to another. */

import { crc32 } from '../zip/crc32.ts'
import { fitPart, safeName } from '../zip/names.ts'

/** The folder of what is not the app's own tree. */
export const FOLDER = 'holdall-bundle'

/** Extensions by which browsers know, on a disk, what servers say in a header. The first is the one to add. */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  'text/html': ['html', 'htm'],
  'application/xhtml+xml': ['xhtml', 'xht'],
  'text/css': ['css'],
  'image/svg+xml': ['svg'],
  'text/javascript': ['js', 'mjs'],
  'application/javascript': ['js', 'mjs'],
}

/**
 * The path for the response of `url`: that of the URL, so that the tree can be served as it is; other
 * origins have folders of their own. Safe, and not yet unique.
 *
 * A query becomes eight hexadecimal digits before the extension, its CRC-32. Pages, style sheets,
 * scripts and SVG images get their extension, if they have none that says so.
 *
 * @param type Its content type, without parameters.
 * @param origin Of the app.
 */
export function treePath(url: string, type: string, origin: string): string {
  const parsed = new URL(url)
  const parts = parsed.pathname.slice(1).split('/').map(decoded)
  let last = parts.pop()!
  const extensions = Object.hasOwn(EXTENSIONS, type) ? EXTENSIONS[type] : undefined
  if (last === '') last = extensions === undefined ? 'index' : `index.${extensions[0]}`
  if (parsed.search !== '') last = fitPart(last, `-${hexadecimal(parsed.search)}`)
  if (extensions !== undefined && !extensions.includes(extensionOf(last))) {
    last = `${fitPart(last, '', false)}.${extensions[0]}`
  }
  const folder = parsed.origin === origin ? [] : [FOLDER, 'origins', parsed.host]
  return safeName([...folder, ...parts, last].join('/'))
}

/** A part of a URL's path as text, with no separator in it. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part).replace(/[/\\]/g, '_')
  } catch {
    return part // percent signs that encode no UTF-8 are part of the name
  }
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase()
}

function hexadecimal(text: string): string {
  return crc32(new TextEncoder().encode(text)).toString(16).padStart(8, '0')
}

/** The relative URL that leads from the file at `from` to the one at `to`. */
export function relativeUrl(from: string, to: string): string {
  const start = from.split('/').slice(0, -1)
  const end = to.split('/')
  let same = 0
  while (same < start.length && same < end.length - 1 && start[same] === end[same]) same++
  const up = start.slice(same).map(() => '..')
  const path = [...up, ...end.slice(same).map(encodeURIComponent)].join('/')
  return up.length > 0 ? path : `./${path}`
}
