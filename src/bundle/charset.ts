/** Text of bytes that say themselves, or have it said by a header, in which encoding they are. */

import { nodesOf } from './parse-html.ts'
import { header, type Resource } from './resource.ts'
import { attribute } from './scripts.ts'

/** Text, and whether its bytes alone say that they are UTF-8. */
export interface Decoded {
  readonly text: string
  /** Whether there is a sign of it in the bytes; on a disk, there is no header. */
  readonly saysUtf8: boolean
}

/** What starts a text in UTF-8, and is stronger than all that it says of itself (Encoding Standard, §6). */
export const BYTE_ORDER_MARK = '\u{FEFF}'

/** How far into a page browsers look for its encoding (HTML, "prescan a byte stream"), in bytes. */
const PRESCANNED = 1024

/** The text of a page. */
export function decodeHtml(bytes: Uint8Array, { headers }: Pick<Resource, 'headers'>): Decoded {
  const own = prescan(bytes)
  return decode(bytes, charsetOf(headers) ?? own, own)
}

/** The text of a style sheet. */
export function decodeCss(bytes: Uint8Array, { headers }: Pick<Resource, 'headers'>): Decoded {
  const start = latin1(bytes.subarray(0, PRESCANNED))
  // Not a rule, but these very bytes (CSS Syntax 3, §3.2).
  const [, own] = /^@charset "([^"]*)";/.exec(start) ?? []
  return decode(bytes, charsetOf(headers) ?? own, own)
}

function decode(bytes: Uint8Array, label: string | undefined, own: string | undefined): Decoded {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return { text: utf8(bytes), saysUtf8: true }
  if (a === 0xff && b === 0xfe)
    return { text: decoderOf('utf-16le').decode(bytes), saysUtf8: false }
  if (a === 0xfe && b === 0xff)
    return { text: decoderOf('utf-16be').decode(bytes), saysUtf8: false }
  const saysUtf8 = own !== undefined && decoderOf(own).encoding === 'utf-8'
  return { text: decoderOf(label ?? 'utf-8').decode(bytes), saysUtf8 }
}

function utf8(bytes: Uint8Array): string {
  return decoderOf('utf-8').decode(bytes)
}

function latin1(bytes: Uint8Array): string {
  return decoderOf('latin1').decode(bytes)
}

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label)
  } catch {
    return new TextDecoder() // a label that nobody knows says nothing
  }
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
  for (const node of nodesOf(latin1(bytes.subarray(0, PRESCANNED)))) {
    if (!('tagName' in node) || node.tagName !== 'meta') continue
    const charset = attribute(node, 'charset')
    if (charset !== undefined) return charset
    if (attribute(node, 'http-equiv')?.toLowerCase() !== 'content-type') continue
    return charsetOf([['content-type', attribute(node, 'content') ?? '']])
  }
  return undefined
}
