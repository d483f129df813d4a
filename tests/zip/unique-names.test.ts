import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { planArchive, type EntryInput } from '../../src/zip/plan.ts'
import { UniqueNames } from '../../src/zip/unique-names.ts'

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

  it.each([
    ['STRASSE', 'straße'],
    ['ΣΊΣΥΦΟΣ', 'σίσυφος'],
    ['\u212bngström', 'a\u030angström'],
    ['a\u200db', 'ab'],
    ['ﬁsh', 'fish'],
  ])('takes %s and %s for the same', (one, other) => {
    expect(claim(one, other)).toEqual([one, `${other} (2)`])
    expect(claim(`${one}/x`, `${other}/x`)).toEqual([`${one}/x`, `${other}/x (2)`])
  })

  it.each([
    [
      ['d/', 'd/', 'd/'],
      ['d/', 'd (2)/', 'd (3)/'],
    ],
    [
      ['d/', 'd/x/y', 'd/', 'd/x/y', 'D/z', 'd/', 'd/x'],
      ['d/', 'd/x/y', 'd (2)/', 'd (2)/x/y', 'd (2)/z', 'd (3)/', 'd (3)/x'],
    ],
    [
      ['d/', 'd/', 'd/x', 'D/y', 'd/', 'd/z'],
      ['d/', 'd (2)/', 'd/x', 'D/y', 'd (3)/', 'd (3)/z'],
    ],
    [
      ['d/', 'd/e/', 'd/', 'd/x'],
      ['d/', 'd/e/', 'd (2)/', 'd (2)/x'],
    ],
    [
      ['a/d/', 'a/d/x', 'a/d/', 'a/d/x', 'b/d/x'],
      ['a/d/', 'a/d/x', 'a/d (2)/', 'a/d (2)/x', 'b/d/x'],
    ],
    [
      ['a', 'a/', 'a/b', 'a/c/d'],
      ['a', 'a (2)/', 'a (2)/b', 'a (2)/c/d'],
    ],
    [
      ['a', 'a/b', 'a (2)'],
      ['a', 'a (2)/b', 'a (2) (2)'],
    ],
    [
      ['x', 'd/x', 'x'],
      ['x', 'd/x', 'x (2)'],
    ],
    [
      ['a/b', 'a/b/c', 'a/b', 'A/B/c'],
      ['a/b', 'a/b (2)/c', 'a/b (3)', 'A/b (2)/c (2)'],
    ],
    [
      ['archive.tar', 'archive.tar/x'],
      ['archive.tar', 'archive.tar (2)/x'],
    ],
    [
      [`a.${'x'.repeat(253)}`, `a.${'x'.repeat(253)}`],
      [`a.${'x'.repeat(253)}`, `a.${'x'.repeat(249)} (2)`],
    ],
    [
      [`${'ü'.repeat(125)}.jpeg`, `${'ü'.repeat(125)}.jpeg`],
      [`${'ü'.repeat(125)}.jpeg`, `${'ü'.repeat(123)} (2).jpeg`],
    ],
  ])('of %j makes %j, too', (names, unique) => {
    expect(claim(...names)).toEqual(unique)
  })

  it('lets nothing be unpacked through a link', () => {
    const link = { kind: 'symlink', size: 1, whole: true } as const
    const names = (...inputs: EntryInput[]): string[] =>
      planArchive(inputs).entries.map(({ name }) => name)
    expect(names({ name: 'a', ...link }, { name: 'A/b' })).toEqual(['a', 'A (2)/b'])
    expect(names({ name: 'a/b' }, { name: 'a', ...link })).toEqual(['a/b', 'a (2)'])
    expect(names({ name: 'a', ...link }, { name: 'a/' })).toEqual(['a', 'a (2)/'])
    expect(names({ name: 'a', ...link }, { name: 'a', ...link })).toEqual(['a', 'a (2)'])
  })

  it.each<[string, (index: number) => string]>([
    ['files of one name', () => 'photo.jpg'],
    ['folders of one name', () => 'folder/'],
    ['long names that must be shortened', () => `${'ü'.repeat(125)}.jpeg`],
    ['files in a folder that gave way', (i) => (i === 0 ? 'a' : i % 2 ? `a (${i})` : `a/${i}`)],
    ['folders in a folder that gave way', (i) => (i === 0 ? 'a' : `a/${i}/${i}`)],
  ])('takes as many steps as there are %s', (_, nameOf) => {
    const steps = (count: number): number => {
      const has = vi.spyOn(Map.prototype, 'has')
      const get = vi.spyOn(Map.prototype, 'get')
      const names = Array.from({ length: count }, (__, index) => ({ name: nameOf(index) }))
      const { entries } = planArchive(names)
      const calls = has.mock.calls.length + get.mock.calls.length
      vi.restoreAllMocks()
      expect(new Set(entries.map(({ name }) => name)).size).toBe(count)
      return calls
    }
    const few = steps(500)
    expect(few).toBeGreaterThan(500)
    expect(steps(2000)).toBeLessThan(few * 4.2)
  })

  it('names a file in thirty thousand folders, each in the next, without reading all names again', () => {
    const lower = vi.spyOn(String.prototype, 'toLowerCase')
    planArchive([{ name: `${'a/'.repeat(30_000)}b` }])
    const characters = lower.mock.contexts.reduce<number>(
      (sum, text) => sum + String(text).length,
      0,
    )
    vi.restoreAllMocks()
    expect(characters).toBeGreaterThan(30_000)
    expect(characters).toBeLessThan(100_000)
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
