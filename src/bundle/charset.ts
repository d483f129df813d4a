/** Text of bytes that say themselves, or have it said by a header, in which encoding they are. */

import { nodesOf } from './parse-html.ts'
import { header, type Resource } from './resource.ts'
import { attribute } from './scripts.ts'

/** Text, and whether its bytes can stay as they are. */
export interface Decoded {
  readonly text: string
  /**
   * Whether it is in UTF-8, and there is a sign of that in the bytes, as on a disk there is no header. Style sheets need
   * none: they are read as the page that asks for them, which is in UTF-8 there.
   */
  readonly saysUtf8: boolean
  /** The encoding that it was read in, by its name. */
  readonly encoding: string
  /** Whether nobody says that it is in that. */
  readonly isGuessed: boolean
}

/** What starts a text in UTF-8, and is stronger than all that it says of itself (Encoding Standard, §6). */
export const BYTE_ORDER_MARK = '\u{FEFF}'

/** What old pages are in, in most languages of the Web. */
const OLD = 'windows-1252'

/** How far into a page browsers look for its encoding (HTML, "prescan a byte stream"), in bytes. */
const PRESCANNED = 1024

/** The text of a page. */
export function decodeHtml(bytes: Uint8Array, { headers }: Pick<Resource, 'headers'>): Decoded {
  const own = prescan(bytes)
  return decode(bytes, headers, own, own === 'utf-8', OLD)
}

/**
 * The text of a style sheet.
 *
 * @param ofPage What the page that asks for it is in: so is a style sheet that says nothing (CSS Syntax 3, §3.2).
 */
export function decodeCss(
  bytes: Uint8Array,
  { headers }: Pick<Resource, 'headers'>,
  ofPage: string = OLD,
): Decoded {
  const start = textIn('latin1', bytes.subarray(0, PRESCANNED))
  // Not a rule, but these very bytes (CSS Syntax 3, §3.2).
  const [, label] = /^@charset "([^"]*)";/.exec(start) ?? []
  const own = ownEncoding(label)
  return decode(bytes, headers, own, own === undefined || own === 'utf-8', ofPage)
}

/** The encoding that a header says a response is in, if there is one that says it. */
export function encodingSaid(headers: Resource['headers']): string | undefined {
  return encodingOf(charsetOf(headers))
}

/**
 * @param isSign Whether what a text says of itself is that it is UTF-8.
 * @param old What it is in if nobody says it, and it is no UTF-8.
 */
function decode(
  bytes: Uint8Array,
  headers: Resource['headers'],
  own: string | undefined,
  isSign: boolean,
  old: string,
): Decoded {
  const marked = markedEncoding(bytes)
  const said = marked ?? encodingSaid(headers) ?? own
  const encoding = said ?? (isUtf8(bytes) ? 'utf-8' : old)
  const saysUtf8 = encoding === 'utf-8' && (isSign || marked !== undefined)
  return { text: textIn(encoding, bytes), saysUtf8, encoding, isGuessed: said === undefined }
}

/** As its first bytes say. */
function markedEncoding([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function textIn(encoding: string, bytes: Uint8Array): string {
  return new TextDecoder(encoding).decode(bytes)
}

/** The encoding that `label` stands for; a label that nobody knows says nothing. */
export function encodingOf(label: string | undefined): string | undefined {
  try {
    return label === undefined ? undefined : new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}

/**
 * The encoding that a text says it is in: it could not say so if it were in UTF-16 (HTML, "prescan a byte stream"; CSS
 * Syntax 3, §3.2).
 */
function ownEncoding(label: string | undefined): string | undefined {
  const encoding = encodingOf(label)
  if (encoding === 'x-user-defined') return OLD
  return encoding?.startsWith('utf-16') ? 'utf-8' : encoding
}

/** The parameter `charset` of the content type. */
function charsetOf(headers: Resource['headers']): string | undefined {
  const [, ...parameters] = header(headers, 'content-type').split(';')
  for (const parameter of parameters) {
    const [name, value] = parameter.split('=', 2)
    if (name?.trim().toLowerCase() === 'charset') return value?.trim().replaceAll('"', '')
  }
  return undefined
}

/**
 * The encoding in the content of a `<meta http-equiv>`, which need not be a content type as in a header (HTML, "extracting a
 * character encoding from a meta element").
 */
function charsetIn(content: string): string | undefined {
  const [, value] = /charset[\t\n\f\r ]*=[\t\n\f\r ]*([^]+)/i.exec(content) ?? []
  if (value === undefined) return undefined
  const [quote] = value
  if (quote !== '"' && quote !== "'") return value.split(/[\t\n\f\r ;]/, 1)[0]
  const end = value.indexOf(quote, 1)
  return end < 0 ? undefined : value.slice(1, end)
}

/** What a page says of its own encoding. */
function prescan(bytes: Uint8Array): string | undefined {
  for (const node of nodesOf(textIn('latin1', bytes.subarray(0, PRESCANNED)))) {
    if (!('tagName' in node) || node.tagName !== 'meta') continue
    const isEquivalent = attribute(node, 'http-equiv')?.toLowerCase() === 'content-type'
    const content = isEquivalent ? (attribute(node, 'content') ?? '') : ''
    const label = attribute(node, 'charset') ?? charsetIn(content)
    const encoding = ownEncoding(label)
    if (encoding !== undefined) return encoding
  }
  return undefined
}
