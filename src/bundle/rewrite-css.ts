/** The URLs of CSS, by its tokens (CSS Syntax Level 3): all else stays as it is. */

import { tokenize, TokenType, type CSSToken } from '@csstools/css-tokenizer'
import type { Links } from './links.ts'

/** Functions of which a string is a URL: CSS Values 4, CSS Images 4. */
const URL_FUNCTIONS: ReadonlySet<string> = new Set(['url', 'src'])
const IMAGE_SETS: ReadonlySet<string> = new Set(['image-set', '-webkit-image-set', 'image'])

/**
 * `css` with the URLs of `links`.
 *
 * Those are the tokens `url(…)`, the strings in `url()`, `src()` and `image-set()`, and the string of
 * `@import`. A namespace is a name, not a place, and stays.
 */
export function rewriteCss(css: string, links: Links): string {
  const functions: string[] = []
  let rule = ''
  let out = ''
  for (const token of tokenize({ css })) {
    const [type] = token
    out += rewritten(token, functions.at(-1), rule, links) ?? token[1]
    if (type === TokenType.AtKeyword) rule = token[4].value.toLowerCase()
    else if (type !== TokenType.Whitespace && type !== TokenType.Comment) {
      // A string is what is imported if it comes first.
      if (rule === 'import' || type === TokenType.Semicolon || type === TokenType.OpenCurly)
        rule = ''
    }
    if (type === TokenType.Function) functions.push(token[4].value.toLowerCase())
    else if (type === TokenType.OpenParen) functions.push('')
    else if (type === TokenType.CloseParen) functions.pop()
  }
  return out
}

/** What `token` becomes, if it is a URL that does not stay. */
function rewritten(
  token: CSSToken,
  inside: string | undefined,
  rule: string,
  links: Links,
): string | undefined {
  if (rule === 'namespace') return undefined
  if (token[0] === TokenType.URL) {
    const link = links.to(token[4].value, true)
    return link && `url(${quoted(link.url)})`
  }
  if (token[0] !== TokenType.String) return undefined
  const isUrl =
    inside === undefined ? rule === 'import' : URL_FUNCTIONS.has(inside) || IMAGE_SETS.has(inside)
  const link = isUrl ? links.to(token[4].value, true) : undefined
  return link && quoted(link.url)
}

/** A string of CSS. URLs have no line ends. */
function quoted(url: string): string {
  return `"${url.replace(/["\\]/g, '\\$&')}"`
}
