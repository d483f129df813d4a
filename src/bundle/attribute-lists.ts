/** URLs that stand among other things in an attribute: lists of images, and the place of a refresh. */

import type { Links } from './links.ts'

const SPACE = ' \t\n\f\r'

/** A `srcset` that was rewritten. */
export interface Srcset {
  readonly value: string
  /** Whether one of its images is a file of the bundle. */
  readonly isInside: boolean
}

/**
 * The value of a `srcset` with the URLs of `links` (HTML, "parse a srcset attribute": a URL may have
 * commas in it, though not at its end, and a descriptor in parentheses, too).
 */
export function rewriteSrcset(value: string, links: Links): Srcset {
  let out = ''
  let isInside = false
  let position = 0
  const take = (isPart: (character: string) => boolean): string => {
    const start = position
    while (position < value.length && isPart(value[position]!)) position++
    return value.slice(start, position)
  }
  while (position < value.length) {
    out += take((character) => character === ',' || SPACE.includes(character))
    const text = take((character) => !SPACE.includes(character))
    let end = text.length
    while (end > 0 && text[end - 1] === ',') end--
    const url = text.slice(0, end)
    const link = links.to(url, true)
    isInside ||= link?.found !== undefined
    out += (link?.url ?? url) + text.slice(end)
    if (end < text.length) continue
    let depth = 0
    out += take((character) => {
      if (character === '(') depth++
      else if (character === ')' && depth > 0) depth--
      return character !== ',' || depth > 0
    })
  }
  return { value: out, isInside }
}

/**
 * The `content` of a `<meta http-equiv="refresh">` with the URL of `links` (HTML, "shared declarative
 * refresh steps").
 */
export function rewriteRefresh(content: string, links: Links): string {
  const [before, time] = /^(\s*[\d.]+)(?:\s*[;,]|\s)/.exec(content) ?? []
  if (before === undefined || time === undefined) return content
  const place = content.slice(before.length).trim()
  const named = /^url\s*=/i.exec(place)
  const text = (named === null ? place : place.slice(named[0].length)).trim()
  const quote = text.startsWith('"') || text.startsWith("'") ? text[0]! : ''
  const url = quote === '' ? text : text.slice(1).split(quote, 1)[0]!
  const link = links.to(url, false)
  return link === undefined ? content : `${time}; url=${link.url}`
}
