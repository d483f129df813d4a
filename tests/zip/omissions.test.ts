import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HoldallError } from '../../src/errors.ts'
import { crc32 } from '../../src/zip/crc32.ts'
import { encodeArchive, type OpenContent } from '../../src/zip/encode.ts'
import { planArchive, type OnError } from '../../src/zip/plan.ts'
import { entriesOf } from '../engine/read-zip.ts'
import { encode, noise, NOW, opener, plan, type Entry } from './archive.ts'

const REPORT = 'holdall-report.txt'

function entry(name: string, length: number, fields: Partial<Entry> = {}): Entry {
  return { name, bytes: noise(length, length + 1), ...fields }
}

/** Opens what `open` does, but for the entries at `indices`. */
function without(indices: readonly number[], open: OpenContent): OpenContent {
  return (index, position, mayBeMissing) =>
    indices.includes(index) ? { missing: `gone ${index}` } : open(index, position, mayBeMissing)
}

const ENTRIES = [
  entry('a.bin', 100, { size: 100, whole: true }),
  entry('folder/b.bin', 300_000, { size: 300_000 }),
  entry('c.bin', 200_000),
  entry('d.bin', 70_000, { size: 70_000, whole: true }),
]

describe('an archive without some of its entries', () => {
  it('leaves them out, and says so at its end', async () => {
    const settled = plan(ENTRIES, { onError: 'skip' })
    expect(settled.length).toBeUndefined()
    const { bytes } = await encode(settled, without([1, 3], opener(ENTRIES, 5000)))
    const entries = entriesOf(bytes)
    expect([...entries.keys()]).toEqual(['a.bin', 'c.bin', REPORT])
    expect(entries.get('c.bin')!.equals(ENTRIES[2]!.bytes)).toBe(true)
    expect(String(entries.get(REPORT))).toBe(
      '2 of 4 files could not be had, and are not in this archive:\n\nfolder/b.bin\n  gone 1\n\nd.bin\n  gone 3\n',
    )
  })

  it('has texts in their place', async () => {
    const settled = plan(ENTRIES, { onError: 'placeholder' })
    const { bytes } = await encode(settled, without([1, 3], opener(ENTRIES, 5000)))
    const entries = entriesOf(bytes)
    expect([...entries.keys()]).toEqual([
      'a.bin',
      'folder/b.bin.error.txt',
      'c.bin',
      'd.bin.error.txt',
    ])
    expect(String(entries.get('folder/b.bin.error.txt'))).toBe('gone 1\n')
  })

  it.each(['skip', 'placeholder'] as const)(
    'is as ever if none is missing: %s',
    async (onError) => {
      const usual = await encode(plan(ENTRIES), opener(ENTRIES, 5000))
      const settled = plan(ENTRIES, { onError })
      const { bytes } = await encode(settled, opener(ENTRIES, 5000))
      expect(bytes.equals(usual.bytes)).toBe(true)
      expect(settled.expectedLength).toBe(plan(ENTRIES).length)
    },
  )

  it('can be without all', async () => {
    const all = without([0, 1, 2, 3], opener(ENTRIES, 5000))
    const { bytes } = await encode(plan(ENTRIES, { onError: 'skip' }), all)
    expect([...entriesOf(bytes).keys()]).toEqual([REPORT])
  })

  it('never has two of one name', async () => {
    const names = [REPORT, 'x', 'x.error.txt', 'X.error.txt/y', 'x (2).error.txt', 'z']
    const entries = names.map((name) => entry(name, 10))
    const skipping = await encode(
      plan(entries, { onError: 'skip' }),
      without([1], opener(entries, 9)),
    )
    expect([...entriesOf(skipping.bytes).keys()].at(-1)).toBe('holdall-report (2).txt')
    const replacing = await encode(
      plan(entries, { onError: 'placeholder' }),
      without([1, 5], opener(entries, 9)),
    )
    const seen = [...entriesOf(replacing.bytes).keys()]
    expect(seen).toHaveLength(6)
    expect(new Set(seen.map((name) => name.toLowerCase())).size).toBe(6)
    expect(seen[1]).toBe('x.error (2).txt')
  })

  it('is refused a name that leaves no room for that of its placeholder', () => {
    const name = 'long/'.repeat(13_105)
    expect(() => planArchive([{ name: `${name}a` }], { onError: 'placeholder' })).toThrow(
      expect.objectContaining({ code: 'name-too-long' }),
    )
    expect(() => planArchive([{ name: `${name}a` }], { onError: 'skip' })).not.toThrow()
  })

  it('keeps reasons within what one reads', async () => {
    const missing = 'x'.repeat(100_000)
    const entries = [entry('a', 1)]
    const { bytes } = await encode(plan(entries, { onError: 'placeholder' }), () => ({ missing }))
    expect(entriesOf(bytes).get('a.error.txt')!.length).toBe(2001)
  })

  it('is none where no entry may be missing', async () => {
    await expect(encode(plan(ENTRIES), without([2], opener(ENTRIES, 99)))).rejects.toMatchObject({
      code: 'source-failed',
      message: 'Cannot pack "c.bin": gone 2',
    })
  })

  it('is none where a part of the entry is in it', async () => {
    const settled = plan(ENTRIES, { onError: 'skip' })
    const { checkpoints } = await encode(settled, opener(ENTRIES, 70_000))
    const inside = checkpoints.find(({ entry: index, position }) => index === 2 && position > 0)!
    const failing = encode(settled, without([2], opener(ENTRIES, 99)), inside)
    await expect(failing).rejects.toMatchObject({ code: 'source-failed' })
  })

  it('comes out the same from every checkpoint', async () => {
    const anEntry = fc
      .record({
        name: fc.constantFrom('a', 'ü/b', 'c.txt', 'a.error.txt'),
        length: fc.oneof(fc.nat(300), fc.nat(400_000)),
        how: fc.constantFrom('whole', 'known', 'unknown'),
        gone: fc.boolean(),
      })
      .map(({ length, how, name, gone }) => ({
        ...entry(name, length, {
          ...(how !== 'unknown' && { size: length }),
          whole: how === 'whole',
        }),
        gone,
      }))
    await fc.assert(
      fc.asyncProperty(
        fc.array(anEntry, { minLength: 1, maxLength: 8 }),
        fc.constantFrom<OnError[]>('skip', 'placeholder'),
        fc.constantFrom(700, 65_536, 2 ** 20),
        async (entries, onError, chunking) => {
          const settled = plan(
            entries.map(({ gone: _, ...one }) => one),
            { onError },
          )
          const gone = entries.flatMap((one, index) => (one.gone ? [index] : []))
          const open = without(gone, opener(entries, chunking))
          const { bytes, checkpoints } = await encode(settled, open)
          for (const checkpoint of checkpoints) {
            const kept = structuredClone(checkpoint)
            const again = without(gone, opener(entries, 777))
            const rest = await encode(settled, again, kept)
            expect(rest.bytes.equals(bytes.subarray(checkpoint.offset))).toBe(true)
          }
        },
      ),
      { numRuns: 60 },
    )
  }, 60_000)

  it('is right, or fails, if others are missing when it is gone on with', async () => {
    const anEntry = fc.record({
      length: fc.oneof(fc.nat(300), fc.integer({ min: 60_000, max: 300_000 })),
      how: fc.constantFrom('whole', 'known', 'crc', 'unknown'),
      gone: fc.boolean(),
      goneLater: fc.boolean(),
    })
    let failed = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(anEntry, { minLength: 1, maxLength: 6 }),
        fc.constantFrom<OnError[]>('skip', 'placeholder'),
        fc.constantFrom(700, 65_536, 2 ** 20),
        async (all, onError, chunking) => {
          const entries = all.map(({ length, how }, index) => {
            const bytes = noise(length, index + 1)
            const known = { size: length, crc32: crc32(bytes) }
            return entry(`${index}${'x'.repeat(index)}`, length, {
              bytes,
              ...(how === 'crc' && known),
              ...(['whole', 'known'].includes(how) && { size: length }),
              whole: how === 'whole',
            })
          })
          const settled = plan(entries, { onError })
          const indices = (key: 'gone' | 'goneLater'): number[] =>
            all.flatMap((one, index) => (one[key] ? [index] : []))
          const first = await encode(settled, without(indices('gone'), opener(entries, chunking)))
          for (const checkpoint of first.checkpoints) {
            const again = without(indices('goneLater'), opener(entries, 777))
            const rest = await encode(settled, again, checkpoint).catch((error: HoldallError) => {
              expect(error.code).toBe('source-failed')
            })
            if (rest === undefined) {
              failed++
              continue
            }
            const whole = Buffer.concat([first.bytes.subarray(0, checkpoint.offset), rest.bytes])
            for (const [name, bytes] of entriesOf(whole)) {
              const made = entries.find((one) => one.name === name)
              if (made !== undefined) expect(bytes.equals(made.bytes)).toBe(true)
            }
          }
        },
      ),
      { numRuns: 60 },
    )
    expect(failed).toBeGreaterThan(0)
  }, 60_000)

  it('refuses a checkpoint whose omissions are damaged, or of another kind of archive', async () => {
    const settled = plan(ENTRIES, { onError: 'skip' })
    const open = without([0, 1], opener(ENTRIES, 70_000))
    const { checkpoints } = await encode(settled, open)
    const last = checkpoints.at(-1)!
    expect(last.omissions).toEqual([
      { entry: 0, reason: 'gone 0' },
      { entry: 1, reason: 'gone 1' },
    ])
    const [first, second] = last.omissions!
    const damaged = [
      [second, first],
      [first, first],
      [{ entry: 4, reason: 'gone' }],
      [{ entry: -1, reason: 'gone' }],
      [{ entry: 0 }],
      [null],
      'none',
    ]
    for (const omissions of damaged) {
      const bad = { ...last, omissions: omissions as never }
      expect(() => encodeArchive(settled, open, bad)).toThrow(
        expect.objectContaining({ code: 'invalid-checkpoint' }),
      )
    }
    const other = plan(ENTRIES, { onError: 'placeholder' })
    expect(() => encodeArchive(other, open, last)).toThrow(
      expect.objectContaining({ code: 'invalid-checkpoint' }),
    )
  })

  it('tells the time of its report as that of the plan', () => {
    expect(plan(ENTRIES, { onError: 'skip' }).report).toMatchObject({ lastModified: NOW })
  })
})
