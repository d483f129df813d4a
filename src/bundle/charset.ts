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
}

/** What starts a text in UTF-8, and is stronger than all that it says of itself (Encoding Standard, §6). */
export const BYTE_ORDER_MARK = '\u{FEFF}'

/** How far into a page browsers look for its encoding (HTML, "prescan a byte stream"), in bytes. */
const PRESCANNED = 1024

/** The text of a page. */
export function decodeHtml(bytes: Uint8Array, { headers }: Pick<Resource, 'headers'>): Decoded {
  const own = prescan(bytes)
  return decode(bytes, headers, own, own === 'utf-8')
}

/** The text of a style sheet. */
export function decodeCss(bytes: Uint8Array, { headers }: Pick<Resource, 'headers'>): Decoded {
  const start = textIn('latin1', bytes.subarray(0, PRESCANNED))
  // Not a rule, but these very bytes (CSS Syntax 3, §3.2).
  const [, label] = /^@charset "([^"]*)";/.exec(start) ?? []
  const own = ownEncoding(label)
  return decode(bytes, headers, own, own === undefined || own === 'utf-8')
}

/** @param isSign Whether what a text says of itself is that it is UTF-8. */
function decode(
  bytes: Uint8Array,
  headers: Resource['headers'],
  own: string | undefined,
  isSign: boolean,
): Decoded {
  const marked = markedEncoding(bytes)
  if (marked !== undefined) return { text: textIn(marked, bytes), saysUtf8: marked === 'utf-8' }
  const encoding = encodingOf(charsetOf(headers)) ?? own ?? guessed(bytes)
  return { text: textIn(encoding, bytes), saysUtf8: isSign && encoding === 'utf-8' }
}

/** As its first bytes say. */
function markedEncoding([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8'
  if (a === 0xff && b === 0xfe) return 'utf-16le'
  return a === 0xfe && b === 0xff ? 'utf-16be' : undefined
}

/** Where nobody says it: what is no UTF-8 is, in most languages of the Web, as old pages are. */
function guessed(bytes: Uint8Array): string {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

function textIn(encoding: string, bytes: Uint8Array): string {
  return new TextDecoder(encoding).decode(bytes)
}

/** The encoding that `label` stands for; a label that nobody knows says nothing. */
function encodingOf(label: string | undefined): string | undefined {
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
  if (encoding === 'x-user-defined') return 'windows-1252'
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

/** What a page says of its own encoding. */
function prescan(bytes: Uint8Array): string | undefined {
  for (const node of nodesOf(textIn('latin1', bytes.subarray(0, PRESCANNED)))) {
    if (!('tagName' in node) || node.tagName !== 'meta') continue
    const isEquivalent = attribute(node, 'http-equiv')?.toLowerCase() === 'content-type'
    const content = isEquivalent ? (attribute(node, 'content') ?? '') : ''
    const label = attribute(node, 'charset') ?? charsetOf([['content-type', content]])
    const encoding = ownEncoding(label)
    if (encoding !== undefined) return encoding
  }
  return undefined
}
