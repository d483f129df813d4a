import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { safeName, utf8Length } from '../../src/zip/names.ts'
import { UniqueNames } from '../../src/zip/unique-names.ts'
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

describe('UniqueNames', () => {
  const claim = (...names: string[]): string[] => {
    const unique = new UniqueNames('rename')
    return names.map((name) =>
      name.endsWith('/')
        ? `${unique.claim(name.slice(0, -1), 'directory')}/`
        : unique.claim(name, 'file'),
    )
  }

  it.each([
    [
      ['a.txt', 'a.txt', 'a.txt'],
      ['a.txt', 'a (2).txt', 'a (3).txt'],
    ],
    [
      ['A.txt', 'a.TXT'],
      ['A.txt', 'a (2).TXT'],
    ],
    [
      ['é', 'e\u0301'],
      ['é', 'e\u0301 (2)'],
    ],
    [
      ['a', 'a/b', 'a/c'],
      ['a', 'a (2)/b', 'a (2)/c'],
    ],
    [
      ['a/b', 'a'],
      ['a/b', 'a (2)'],
    ],
    [
      ['a (2).txt', 'a.txt', 'a.txt'],
      ['a (2).txt', 'a.txt', 'a (3).txt'],
    ],
    [
      ['d/', 'd/x', 'D/y'],
      ['d/', 'd/x', 'D/y'],
    ],
    [
      ['.env', '.env'],
      ['.env', '.env (2)'],
    ],
  ])('of %j makes %j', (names, unique) => {
    expect(claim(...names)).toEqual(unique)
  })

  it('names ten thousand files of one name', () => {
    const names = claim(...Array.from({ length: 10_000 }, () => 'photo.jpg'))
    expect(new Set(names).size).toBe(10_000)
    expect(names.at(-1)).toBe('photo (10000).jpg')
  })

  it('gives no two entries a name that any file system takes for the same', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'A', 'b', '/', 'é', 'É', '.'),
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(fc.array(name, { maxLength: 30 }), (names) => {
        const { entries } = planArchive(names.map((one) => ({ name: one, kind: 'file' })))
        const keys = entries.map((entry) => entry.name.normalize('NFC').toLowerCase())
        expect(new Set(keys).size).toBe(keys.length)
        const files = new Set(keys)
        for (const key of keys) {
          for (let slash = key.indexOf('/'); slash > 0; slash = key.indexOf('/', slash + 1)) {
            expect(files.has(key.slice(0, slash))).toBe(false)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses a second one where that is wanted', () => {
    expect(() => planArchive([{ name: 'a' }, { name: 'A' }], { duplicates: 'error' })).toThrow(
      expect.objectContaining({ code: 'duplicate-name' }) as Error,
    )
  })

  it('reports what it changed', () => {
    const { warnings } = planArchive([{ name: '../a' }, { name: 'a' }, { name: 'fine' }])
    expect(warnings).toMatchObject([
      { code: 'name-changed', from: '../a', to: 'a' },
      { code: 'name-renamed', from: 'a', to: 'a (2)' },
    ])
  })
})
