import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeName, utf8Length } from '../../src/zip/names.ts'
import { planArchive } from '../../src/zip/plan.ts'

describe('safeName()', () => {
  it.each([
    ['plain.txt', 'plain.txt'],
    ['a/b (1)/c-d_e.tar.gz', 'a/b (1)/c-d_e.tar.gz'],
    ['.htaccess', '.htaccess'],
    ['写真/桜.jpg', '写真/桜.jpg'],
    ['/etc/passwd', 'etc/passwd'],
    ['//server/share', 'server/share'],
    ['C:\\Users\\a.txt', 'Users/a.txt'],
    ['c:a.txt', 'a.txt'],
    ['../../a', 'a'],
    ['a/../../b', 'a/b'],
    ['a/./b//c', 'a/b/c'],
    ['back\\slash', 'back/slash'],
    ['nul\0byte', 'nul_byte'],
    ['line\r\nbreak\x7f', 'line__break_'],
    ['who?*:"<>|', 'who_______'],
    ['CON', '_CON'],
    ['con.txt', '_con.txt'],
    ['a/Lpt1.tar.gz', 'a/_Lpt1.tar.gz'],
    ['console.log', 'console.log'],
    ['dots...', 'dots'],
    ['spaces  /and. /x', 'spaces/and/x'],
    ['photo\u202egpj.exe', 'photo_gpj.exe'],
    ['e\u0301.txt', 'é.txt'],
    ['\ud800lone', '\ufffdlone'],
    ['', 'unnamed'],
    ['..', 'unnamed'],
    ['/', 'unnamed'],
  ])('makes %j %j', (name, safe) => {
    expect(safeName(name)).toBe(safe)
  })

  it('shortens a part to 255 bytes, and keeps its extension', () => {
    const safe = safeName(`${'ü'.repeat(300)}.jpeg`)
    expect(utf8Length(safe)).toBeLessThanOrEqual(255)
    expect(safe).toMatch(/^ü+\.jpeg$/)
  })

  it.each([
    ['shortened to a device', `con${' '.repeat(300)}x.txt`, '_con.txt'],
    ['a device of 255 bytes', `nul.${'x'.repeat(251)}`, `_nul.${'x'.repeat(250)}`],
    ['with a long end that is no extension', `a.${'x'.repeat(300)}`, `a.${'x'.repeat(253)}`],
    ['shortened before an emoji of two units', `${'x'.repeat(253)}😀`, 'x'.repeat(253)],
    ['of nothing but spaces to be shortened', `a/${' '.repeat(300)}x`, 'a'],
    ['that is shortened to end badly', `${'x'.repeat(254)} y`, 'x'.repeat(254)],
  ])('repairs a part %s', (_, name, safe) => {
    expect(safeName(name)).toBe(safe)
    expect(safeName(safe)).toBe(safe)
  })

  it.each(['aux', 'PRN', 'con', 'NuL', 'com0', 'COM9', 'lpt1', 'LPT²', 'conin$', 'CONOUT$'])(
    'gives the device %s another name, with an extension and in a folder, too',
    (device) => {
      expect(safeName(device)).toBe(`_${device}`)
      expect(safeName(`${device}.tar.gz`)).toBe(`_${device}.tar.gz`)
      expect(safeName(`${device} .txt`)).toBe(`_${device} .txt`)
      expect(safeName(`a/${device}/b`)).toBe(`a/_${device}/b`)
      expect(safeName(`${device}x`)).toBe(`${device}x`)
    },
  )

  it.each([0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x2028, 0x2029])(
    'keeps U+%i out, which turns text around or ends lines',
    (code) => {
      expect(safeName(`a${String.fromCharCode(code)}b`)).toBe('a_b')
    },
  )

  it.each(['.'.repeat(65_000), ' '.repeat(65_000), '/'.repeat(65_000), '. '.repeat(32_000)])(
    'takes time in proportion to the length of a name (%#)',
    (run) => {
      // Two seconds and more where a regular expression tries every place of a run.
      const start = performance.now()
      safeName(`${run}x`)
      planArchive([{ name: `${run}x` }, { name: `a${run}x`, kind: 'directory' }])
      expect(performance.now() - start).toBeLessThan(1000)
    },
  )

  it('leaves nothing that can hurt, and what is safe as it is', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '.',
        '..',
        '/',
        '\\',
        ' ',
        ':',
        'C:',
        'con',
        'COM1',
        '\0',
        '\n',
        '\u202e',
        'ü',
        'e\u0301',
        '\ud800',
        '😀',
        'a',
        '?',
        '~',
        'nul.txt',
        ' '.repeat(260),
        '.'.repeat(260),
        'x'.repeat(250),
        '<',
        '\u0338',
      ),
      maxLength: 30,
    })
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (name) => {
        const safe = safeName(name)
        expect(safeName(safe)).toBe(safe)
        expect(safe).not.toMatch(/^\/|\\|\/\/|\/$|^$/)
        // oxlint-disable-next-line no-control-regex
        expect(safe).not.toMatch(/[\0-\x1f\x7f-\x9f:*?"<>|]/)
        expect(safe.isWellFormed()).toBe(true)
        expect(safe.normalize('NFC')).toBe(safe)
        for (const part of safe.split('/')) {
          expect(part).not.toMatch(/^\.{1,2}$|[. ]$/)
          expect(part).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i)
          expect(utf8Length(part)).toBeLessThanOrEqual(255)
        }
      }),
      { numRuns: 3000 },
    )
  })
})
