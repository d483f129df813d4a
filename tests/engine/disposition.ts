/** An independent reading of Content-Disposition, by the grammar of its RFCs. */

import { expect } from 'vitest'

interface Disposition {
  readonly type: string
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * An independent reading of the field: the grammar of RFC 6266 §4.1, with tokens and quoted strings of
 * RFC 9110 §5.6, and extended values of RFC 8187 §3.2.1. Whatever is not of it is an error.
 */
export function parseDisposition(field: string): Disposition {
  let at = 0
  const take = (pattern: RegExp): string => {
    const sticky = new RegExp(pattern, 'y')
    sticky.lastIndex = at
    const [text] = sticky.exec(field) ?? expect.fail(`not of the grammar from ${at} on: ${field}`)
    at += text.length
    return text
  }
  const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/
  const type = take(token)
  const parameters = new Map<string, string>()
  while (at < field.length) {
    take(/[ \t]*;[ \t]*/)
    const name = take(token).toLowerCase()
    take(/=/)
    expect(parameters.has(name)).toBe(false)
    if (name.endsWith('*')) {
      const encoded = take(/UTF-8'[A-Za-z-]*'(?:%[0-9A-F]{2}|[!#$&+.^_`|~0-9A-Za-z-])*/)
      const bytes = encoded.slice(encoded.lastIndexOf("'") + 1).match(/%..|./g) ?? []
      const octets = bytes.map((one) =>
        one.length === 3 ? Number.parseInt(one.slice(1), 16) : one.charCodeAt(0),
      )
      parameters.set(name, new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array(octets)))
    } else if (field[at] === '"') {
      const quoted = take(/"(?:[\t !#-[\]-~]|\\[\t -~])*"/)
      parameters.set(name, quoted.slice(1, -1).replace(/\\(.)/g, '$1'))
    } else parameters.set(name, take(token))
  }
  return { type, parameters }
}

/** What a browser takes for the name: the extended one, else the plain one (RFC 6266 §4.3). */
export function fileNameOf(field: string): string {
  const { type, parameters } = parseDisposition(field)
  expect(type).toBe('attachment')
  for (const name of parameters.keys()) expect(['filename', 'filename*']).toContain(name)
  return parameters.get('filename*') ?? parameters.get('filename') ?? expect.fail('no name')
}
