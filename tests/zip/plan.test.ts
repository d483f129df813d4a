import { describe, expect, it } from 'vitest'
import { archiveLength, planArchive, type EntryInput } from '../../src/zip/plan.ts'

const GIGABYTE = 2 ** 30

/** What an archive takes beside its content, by the tables of APPNOTE §4.3. */
function overhead(name: number, { zip64 = 0, descriptor = 0 }): number {
  const local = 30 + name + 9 + (zip64 > 0 ? 20 : 0)
  const central = 46 + name + 9 + (zip64 > 0 ? 28 : 0)
  return local + descriptor + central
}

describe('archiveLength()', () => {
  it('is the sum of the records of the specification', () => {
    const sized = { size: 1000, whole: true }
    expect(archiveLength([{ name: 'abc', ...sized }])).toBe(1000 + overhead(3, {}) + 22)
    expect(archiveLength([{ name: 'abc', size: 1000 }], { framing: 'store' })).toBe(
      1000 + overhead(3, { descriptor: 16 }) + 22,
    )
    expect(archiveLength([{ name: 'abc', size: 1000 }])).toBe(
      1000 + 5 + overhead(3, { descriptor: 16 }) + 22,
    )
  })

  it.each([
    [0xffff_fffe, 0],
    [0xffff_ffff, 1],
    [0x1_0000_0000, 1],
  ])('of a stored entry of %d bytes takes 64-bit fields: %d', (size, zip64) => {
    const descriptor = zip64 ? 24 : 16
    // The directory begins beyond 4 GiB in any case, and the entry before it.
    expect(archiveLength([{ name: 'a', size }], { framing: 'store' })).toBe(
      size + overhead(1, { zip64, descriptor }) + 22 + 76,
    )
  })

  it('counts five bytes for each 65,535 in stored blocks', () => {
    const length = (size: number): number => archiveLength([{ name: 'a', size }])! - size
    const fixed = length(1) - 5
    for (const [size, blocks] of [
      [0, 1],
      [65_535, 1],
      [65_536, 2],
      [131_070, 2],
      [10 * GIGABYTE, Math.ceil((10 * GIGABYTE) / 65_535)],
    ] as const) {
      const wide = size > GIGABYTE ? 20 + 28 + 8 + 76 : 0
      expect(length(size)).toBe(fixed + 5 * blocks + wide)
    }
  })

  it.each([
    [65_534, 0],
    [65_535, 76],
    [65_536, 76],
  ])('of %d entries has %d bytes of ZIP64 records at its end', (count, extra) => {
    const entries = Array.from({ length: count }, (_, index) => ({
      name: `${index}`.padStart(5, '0'),
      size: 0,
      whole: true,
    }))
    expect(archiveLength(entries)).toBe(count * overhead(5, {}) + 22 + extra)
  })

  it('gives a small entry beyond 4 GiB an offset of 64 bits', () => {
    const big = { name: 'a', size: 5 * GIGABYTE, crc32: 0 }
    const small = { name: 'b', size: 3, crc32: 0 }
    expect(archiveLength([big, small])! - archiveLength([big])!).toBe(3 + overhead(1, {}) + 28)
  })

  it('is unknown if a size is', () => {
    expect(archiveLength([{ name: 'a', size: 1 }, { name: 'b' }])).toBeUndefined()
  })
})

describe('planArchive()', () => {
  it.each<[EntryInput, string]>([
    [{ name: 'a', size: -1 }, 'invalid-size'],
    [{ name: 'a', size: 1.5 }, 'invalid-size'],
    [{ name: 'a', size: 2 ** 53 }, 'invalid-size'],
    [{ name: 'a', size: NaN }, 'invalid-size'],
    [{ name: 'a', crc32: -1 }, 'invalid-crc32'],
    [{ name: 'a', crc32: 2 ** 32 }, 'invalid-crc32'],
    [{ name: 'a', mode: 0o10000 }, 'invalid-metadata'],
    [{ name: 'a', lastModified: NaN }, 'invalid-metadata'],
    [{ name: 'a', comment: 'ü'.repeat(40_000) }, 'comment-too-long'],
    [{ name: 'ü'.repeat(40_000) }, 'name-too-long'],
  ])('refuses %o with %s', (entry, code) => {
    expect(() => planArchive([{ name: 'good' }, entry])).toThrow(
      expect.objectContaining({ code }) as Error,
    )
  })

  it('refuses a comment in which readers would find the end of the archive', () => {
    expect(() => planArchive([], { comment: 'a PK\x05\x06 b' })).toThrow(
      expect.objectContaining({ code: 'invalid-option', detail: { option: 'comment' } }) as Error,
    )
    expect(() => planArchive([], { comment: 'ü'.repeat(40_000) })).toThrow(
      expect.objectContaining({ code: 'comment-too-long', detail: { length: 80_000 } }) as Error,
    )
  })

  it('refuses a name that only a repair makes too long', () => {
    // U+0958 has three bytes in UTF-8, and six in Normalization Form C.
    const name = Array.from({ length: 400 }, () => '\u0958'.repeat(40)).join('/')
    expect(Buffer.byteLength(name)).toBeLessThan(65_535)
    expect(() => planArchive([{ name }])).toThrow(
      expect.objectContaining({ code: 'name-too-long' }) as Error,
    )
  })

  it('takes directories by their kind, or by the slash that their names end in', () => {
    const { entries, warnings } = planArchive([
      { name: 'a/' },
      { name: 'b\\' },
      { name: 'c', kind: 'directory', size: 5, crc32: 6 },
      { name: 'd//', kind: 'file' },
    ])
    expect(entries.map(({ name, kind }) => [name, kind])).toEqual([
      ['a/', 'directory'],
      ['b/', 'directory'],
      ['c/', 'directory'],
      ['d', 'file'],
    ])
    expect(entries[2]).toMatchObject({ size: 0, crc32: 0, framing: 'sized', mode: 0o755 })
    expect(warnings.map(({ to }) => to)).toEqual(['d'])
  })

  it.each([
    [{ size: 1, whole: true }, 'sized', 'sized'],
    [{ size: 1, crc32: 1 }, 'sized', 'sized'],
    [{ size: 1 }, 'deflate-stored', 'store'],
    [{ crc32: 1 }, 'deflate-stored', 'store'],
    [{ whole: true }, 'deflate-stored', 'store'],
    [{}, 'deflate-stored', 'store'],
  ] as const)('frames %j as %s, or %s where that is asked for', (entry, auto, store) => {
    const framing = (option?: 'auto' | 'store' | 'deflate-stored'): string | undefined =>
      planArchive([{ name: 'a', ...entry }], option && { framing: option }).entries[0]?.framing
    expect(framing()).toBe(auto)
    expect(framing('auto')).toBe(auto)
    expect(framing('deflate-stored')).toBe(auto)
    expect(framing('store')).toBe(store)
  })

  it('gives entries of unknown size fields of 64 bits', () => {
    const { entries } = planArchive([{ name: 'a' }, { name: 'b', size: 1 }])
    expect(entries.map(({ zip64 }) => zip64)).toEqual([true, false])
  })

  it('gives an entry 64 bits for its blocks, if not for its size', () => {
    const blocks = Math.ceil(0xffff_ffff / 65_540)
    const last = 0xffff_fffe - 5 * blocks
    const zip64 = (size: number, framing: 'auto' | 'store'): boolean | undefined =>
      planArchive([{ name: 'a', size }], { framing }).entries[0]?.zip64
    expect(zip64(last, 'auto')).toBe(false)
    expect(zip64(last + 1, 'auto')).toBe(true)
    expect(zip64(last + 1, 'store')).toBe(false)
  })

  it('tells archives apart by their fingerprints', () => {
    const of = (entry: EntryInput): string => planArchive([entry], { now: 0 }).fingerprint
    const base = { name: 'a', size: 1, lastModified: 1e12 }
    const others: EntryInput[] = [
      { ...base, name: 'b' },
      { ...base, size: 2 },
      { ...base, lastModified: 1e12 + 5000 },
      { ...base, mode: 0o600 },
      { ...base, crc32: 5 },
      { ...base, comment: 'c' },
      { ...base, kind: 'symlink' },
      { ...base, whole: true },
      { name: 'a', lastModified: 1e12 },
    ]
    expect(of({ ...base })).toBe(of(base))
    const all = [base, ...others].map(of)
    const comment = planArchive([base], { now: 0, comment: 'c' }).fingerprint
    const store = planArchive([base], { now: 0, framing: 'store' }).fingerprint
    expect(new Set([...all, comment, store]).size).toBe(others.length + 3)
  })

  it('tells long archives apart by their first entries, too', () => {
    const of = (first: EntryInput): string => {
      const others = Array.from({ length: 1000 }, (_, index) => ({
        name: `file ${index}`,
        size: 1,
      }))
      return planArchive([first, ...others], { now: 0 }).fingerprint
    }
    // What the directory alone says, and what the local header says as well.
    const fingerprints = [{}, { comment: 'c' }, { mode: 0o600 }, { lastModified: 1e12 }].map(
      (more) => of({ name: 'first', size: 1, ...more }),
    )
    expect(new Set(fingerprints).size).toBe(4)
  })

  it('survives structuredClone', () => {
    const plan = planArchive([{ name: 'a', size: 1 }, { name: 'b/' }])
    expect(structuredClone(plan)).toEqual(plan)
  })
})
