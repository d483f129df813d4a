/** Header fields of strangers: ranges that are asked for, names that servers give, names that we give. */

import fc from 'fast-check'
import { expect } from 'vitest'
import { archiveHeaders, contentDisposition } from '../../src/engine/response-headers.ts'
import { dispositionName } from '../../src/sources/disposition.ts'
import { rangeOf } from '../../src/sw/range.ts'
import { fileNameOf, parseDisposition } from '../engine/disposition.ts'
import { fuzz } from './fuzz.ts'

const number = fc.oneof(
  fc.nat(200).map(String),
  fc.bigInt(0n, 10n ** 30n).map(String),
  fc.constantFrom('', '-0', '1e3', '0x1', ' 1', '00'),
)
const range = fc.oneof(
  fc.tuple(number, number).map(([first, last]) => `bytes=${first}-${last}`),
  fc
    .array(fc.constantFrom('bytes', '=', '-', ',', '0', '9', ' ', '\t', 'items'))
    .map((all) => all.join('')),
  fc.string(),
)

fuzz(
  'Range and If-Range',
  1,
  fc.property(
    range,
    fc.constantFrom(undefined, '"e"', 'W/"e"', '*'),
    fc.nat(300),
    (asked, tag, length) => {
      const headers = new Map([
        ['range', asked],
        ...(tag === undefined ? [] : [['if-range', tag] as const]),
      ])
      const get = (name: string): string | null => headers.get(name.toLowerCase()) ?? null
      const part = rangeOf({ headers: { get } } as unknown as Request, '"e"', length)
      if (part === undefined || part === 'unsatisfiable') return
      expect(part.start).toBeGreaterThanOrEqual(0)
      expect(part.end).toBeGreaterThan(part.start)
      expect(part.end).toBeLessThanOrEqual(length)
      expect(Number.isSafeInteger(part.start) && Number.isSafeInteger(part.end)).toBe(true)
      expect(tag ?? '"e"').toBe('"e"')
    },
  ),
)

const pieces = fc.constantFrom(
  ...[
    'attachment',
    ';',
    ' ',
    'filename',
    'filename*',
    '=',
    '"',
    '\\',
    "utf-8''",
    '%',
    '%ff',
    '%c3%a9',
  ],
  ...['a', '..', '/', 'x.txt', '\t', ';;', "'"],
)

fuzz(
  'Content-Disposition of a server',
  1 / 3,
  fc.property(
    fc.oneof(
      fc.array(pieces, { maxLength: 200 }).map((all) => all.join('')),
      fc.tuple(pieces, fc.nat(20_000)).map(([piece, count]) => `a;${piece.repeat(count)}`),
      fc.string({ unit: 'binary' }),
    ),
    (field) => {
      const name = dispositionName(field)
      expect(name === undefined || typeof name === 'string').toBe(true)
    },
  ),
)

const archiveName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes)),
  fc
    .array(
      fc.constantFrom(
        '"',
        '\\',
        '\r',
        '\n',
        '\0',
        ';',
        '=',
        '%',
        '＂',
        '＼',
        '..',
        '/',
        "'",
        'a',
        'é',
      ),
    )
    .map((parts) => parts.join('')),
)

fuzz(
  'the name of an archive, in its headers',
  1 / 3,
  fc.property(archiveName, (name) => {
    const field = contentDisposition(name)
    expect(field).toMatch(/^[\x20-\x7e]+$/)
    const plain = parseDisposition(field).parameters.get('filename')!
    for (const read of [fileNameOf(field), plain]) {
      expect(read).not.toMatch(/^$|[\0-\x1f\x7f"\\/]|^\.+$/) // oxlint-disable-line no-control-regex
    }
    expect([...archiveHeaders(name, 5).keys()]).toEqual([...archiveHeaders('a', 5).keys()])
  }),
)
