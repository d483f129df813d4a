import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { archiveHeaders, contentDisposition } from '../../src/engine/response-headers.ts'
import { fileNameOf, parseDisposition } from './disposition.ts'

const plainOf = (name: string): string =>
  parseDisposition(contentDisposition(name)).parameters.get('filename')!

describe('contentDisposition()', () => {
  it.each([
    ['photos.zip', 'photos.zip'],
    ['My photos (2).zip', 'My photos (2).zip'],
    ["it's.zip", "it's.zip"],
    ['a;b=c.zip', 'a;b=c.zip'],
    ['a,b.zip', 'a,b.zip'],
    ['100%.zip', '100%.zip'],
    ['a%22b.zip', 'a%22b.zip'],
    ['%E2%82%AC.zip', '%E2%82%AC.zip'],
    ['€ & ü.zip', '€ & ü.zip'],
    ['u\u0308.zip', 'ü.zip'],
    ['👩‍👩‍👧.zip', '👩‍👩‍👧.zip'],
    ['صور.zip', 'صور.zip'],
    ['写真.zip', '写真.zip'],
    ["*'();.zip", "_'();.zip"],
    ['a"b".zip', 'a_b_.zip'],
    ['a\\b.zip', 'a_b.zip'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\a.zip', 'C__a.zip'],
    ['a\r\nSet-Cookie: b=c.zip', 'a__Set-Cookie_ b=c.zip'],
    ['a\0b.zip', 'a_b.zip'],
    ['a\u0085b\u007f.zip', 'a_b_.zip'],
    ['gnp\u202e.zip', 'gnp_.zip'],
    ['a\u2066b\u2069.zip', 'a_b_.zip'],
    ['a\ud800b.zip', 'a\ufffdb.zip'],
    ['\udc00', '\ufffd'],
    ['.hidden.zip', 'hidden.zip'],
    [' a.zip. ', 'a.zip'],
    ['', 'archive.zip'],
    ['.', 'archive.zip'],
    ['....', 'archive.zip'],
    [' . . ', 'archive.zip'],
    [`${'x'.repeat(300)}.zip`, `${'x'.repeat(300)}.zip`],
    [`${'ü'.repeat(300)}.zip`, `${'ü'.repeat(300)}.zip`],
    ['＂; filename=evil.exe; x=＂.zip', '＂; filename=evil.exe; x=＂.zip'],
  ])('of %j is read as %j', (name, read) => {
    expect(fileNameOf(contentDisposition(name))).toBe(read)
  })

  it('has no extended form where none is needed', () => {
    expect(contentDisposition('a b.zip')).toBe('attachment; filename="a b.zip"')
  })

  it.each([
    ['Übergröße.zip', 'Ubergro_e.zip'],
    ['café.zip', 'cafe.zip'],
    ['ﬁle ①.zip', 'file 1.zip'],
    ['写真.zip', '__.zip'],
    ['100%.zip', '100_.zip'],
    ['＂a＼b／c：d％e＂.zip', '_a_b_c_d_e_.zip'],
  ])('of %j has the plain form %j for those who know no other', (name, plain) => {
    expect(plainOf(name)).toBe(plain)
  })

  const unicode = fc.string({ unit: 'binary', maxLength: 60 })
  const units = fc.array(fc.nat(0xffff)).map((codes) => String.fromCharCode(...codes))
  const nasty = fc
    .array(
      fc.constantFrom('"', '\\', '\r', '\n', '\0', ';', '=', '%', '＂', '＼', '..', '/', "'", 'a'),
    )
    .map((parts) => parts.join(''))

  it('of any text is one field of one line, that cannot leave its folder', () => {
    fc.assert(
      fc.property(fc.oneof(unicode, units, nasty), (name) => {
        const field = contentDisposition(name)
        expect(field).toMatch(/^[\x20-\x7e]+$/)
        const plain = parseDisposition(field).parameters.get('filename')!
        for (const read of [fileNameOf(field), plain]) {
          expect(read).not.toBe('')
          // oxlint-disable-next-line no-control-regex
          expect(read).not.toMatch(/[\0-\x1f\x7f"\\/]|^\.+$/)
        }
        expect(new Headers({ 'Content-Disposition': field }).get('Content-Disposition')).toBe(field)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('archiveHeaders()', () => {
  it('are of an archive to be saved, and never kept', () => {
    expect([...archiveHeaders('ä.zip', 12_345_678_901_234)]).toEqual([
      ['cache-control', 'no-store'],
      ['content-disposition', contentDisposition('ä.zip')],
      ['content-length', '12345678901234'],
      ['content-type', 'application/zip'],
      ['cross-origin-embedder-policy', 'require-corp'],
      ['cross-origin-resource-policy', 'same-origin'],
      ['x-content-type-options', 'nosniff'],
    ])
  })

  it('promise no length that is not known', () => {
    expect(archiveHeaders('a.zip', undefined).has('Content-Length')).toBe(false)
  })
})
