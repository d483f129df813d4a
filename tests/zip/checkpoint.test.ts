import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Checkpoint } from '../../src/zip/checkpoint.ts'
import { crc32 } from '../../src/zip/crc32.ts'
import { CHUNK_LENGTH, encodeArchive } from '../../src/zip/encode.ts'
import { entriesOf } from '../engine/read-zip.ts'
import { encode, noise, opener, plan, type Entry } from './archive.ts'

const BLOCK = 65_535

/** What a checkpoint is after a night in a file of JSON. */
function kept({ crcs, sizes, ...plain }: Checkpoint): Checkpoint {
  const text = JSON.stringify({ ...plain, crcs: [...crcs], sizes: sizes && [...sizes] })
  const { crcs: numbers, sizes: counts, ...rest } = JSON.parse(text)
  return {
    ...rest,
    crcs: Uint32Array.from(numbers),
    ...(counts !== undefined && { sizes: Float64Array.from(counts) }),
  }
}

const anEntry = fc
  .record({
    name: fc.constantFrom('a', 'ü/b', 'c.txt', 'folder/'),
    length: fc.oneof(
      fc.nat(300),
      fc.constantFrom(BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 65_536, CHUNK_LENGTH),
      fc.nat(400_000),
      fc.nat(1_200_000),
    ),
    how: fc.constantFrom('whole', 'known', 'unknown', 'crc'),
    comment: fc.constantFrom('', 'of an entry'),
  })
  .map(({ length, how, ...fields }): Entry => {
    const bytes = noise(length, length + 1)
    return {
      ...fields,
      bytes,
      ...(how !== 'unknown' && { size: length }),
      ...(how === 'crc' && { crc32: crc32(bytes) }),
      whole: how === 'whole',
    }
  })

describe('a checkpoint', () => {
  it('leads to the same bytes from wherever it was taken, however often', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anEntry, { minLength: 1, maxLength: 6 }),
        fc.constantFrom('auto', 'store'),
        fc.constantFrom(700, 5000, BLOCK - 1, BLOCK, BLOCK + 1, 2 ** 20 + 1, 2 ** 24),
        fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        async (entries, framing, chunking, picks) => {
          const settled = plan(entries, { framing, comment: 'of the archive' })
          const { bytes } = await encode(settled, opener(entries, chunking))
          let from: Checkpoint | undefined
          let at = 0
          // Each time some chunks further, from a plan that went through the post, too.
          for (const pick of picks) {
            const encoder = encodeArchive(structuredClone(settled), opener(entries, chunking), from)
            expect(encoder.offset).toBe(at)
            for (let left = 1 + (pick % 5); left > 0; left--) {
              const { done, value } = await encoder.next()
              if (done) break
              expect(bytes.subarray(at, at + value.length).equals(value)).toBe(true)
              at += value.length
              expect(encoder.offset).toBe(at)
            }
            from = pick % 2 ? kept(encoder.checkpoint()) : structuredClone(encoder.checkpoint())
            expect(from.offset).toBe(at)
            await encoder.return()
          }
          const rest = await encode(settled, opener(entries, 7777), from)
          expect(rest.bytes.equals(bytes.subarray(at))).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  }, 60_000)

  it('inside the directory of many entries leads on', async () => {
    const entries = Array.from({ length: 40_000 }, (_, index) => ({
      name: `folder/${index}`,
      bytes: noise(3, index),
      ...(index % 3 > 0 && { size: 3 }),
      whole: index % 3 === 1,
    }))
    const settled = plan(entries)
    const { bytes, checkpoints } = await encode(settled, opener(entries, 9))
    const inside = checkpoints.filter(({ entry }) => entry === entries.length)
    expect(inside.length).toBeGreaterThan(2)
    for (const checkpoint of inside) {
      const rest = await encode(settled, () => expect.unreachable(), kept(checkpoint))
      expect(rest.bytes.equals(bytes.subarray(checkpoint.offset))).toBe(true)
    }
  })

  it('after all content of an entry does not open it again', async () => {
    const entries = [
      { name: 'passed on', bytes: noise(200_000), size: 200_000, whole: true },
      { name: 'known', bytes: noise(200_000), size: 200_000, crc32: crc32(noise(200_000)) },
    ]
    const settled = plan(entries)
    const { bytes, checkpoints } = await encode(settled, opener(entries, 2 ** 20))
    const ends = checkpoints.filter(({ position }) => position === 200_000)
    expect(ends.map(({ entry }) => entry)).toEqual([0, 1])
    for (const checkpoint of ends) {
      const open = opener(entries, 1000)
      const rest = await encode(
        settled,
        (index, position) => {
          expect(index).toBeGreaterThan(checkpoint.entry)
          return open(index, position, true)
        },
        checkpoint,
      )
      expect(rest.bytes.equals(bytes.subarray(checkpoint.offset))).toBe(true)
    }
  })

  it('between a header and its content fails if that is another now', async () => {
    const entries = [
      { name: 'small', bytes: noise(50_000, 1), size: 50_000, whole: true },
      { name: 'passed on', bytes: noise(200_000, 2), size: 200_000, whole: true },
      ...Array.from({ length: 30 }, (_, index) => {
        const bytes = noise(60_000, index + 3)
        return { name: `of a chunk ${index}`, bytes, size: 60_000, whole: true }
      }),
    ]
    const changed = entries.map((entry) => ({ ...entry, bytes: noise(entry.size, 99) }))
    const settled = plan(entries)
    const { bytes, checkpoints } = await encode(settled, opener(entries, 2 ** 20))
    const between = checkpoints.filter(({ position, crc32: crc }) => position === 0 && crc > 0)
    expect(between.map(({ entry }) => entry)).toContain(1)
    expect(between.length).toBeGreaterThan(1)
    for (const checkpoint of between) {
      const rest = await encode(settled, opener(entries, 777), kept(checkpoint))
      expect(rest.bytes.equals(bytes.subarray(checkpoint.offset))).toBe(true)
      const another = encode(settled, opener(changed, 777), kept(checkpoint))
      await expect(another).rejects.toMatchObject({ code: 'crc-mismatch' })
    }
    for (const checkpoint of checkpoints.filter(({ position }) => position === 0)) {
      const rest = await encode(settled, opener(changed, 777), checkpoint).catch(() => undefined)
      if (rest === undefined) continue
      const whole = Buffer.concat([bytes.subarray(0, checkpoint.offset), rest.bytes])
      expect(entriesOf(whole).size).toBe(entries.length)
    }
  })

  it('at the end of a block fails if the content ends there now', async () => {
    for (const size of [undefined, BLOCK + 10]) {
      const entries = [{ name: 'a', bytes: noise(3 * BLOCK), ...(size && { size: 3 * BLOCK }) }]
      const settled = plan(entries)
      const { checkpoints } = await encode(settled, opener(entries, BLOCK))
      const inside = checkpoints.find(({ position }) => position === 2 * BLOCK)!
      await expect(encode(settled, async function* () {}, inside)).rejects.toMatchObject({
        code: 'size-mismatch',
        detail: { entry: 'a', actual: 2 * BLOCK },
      })
    }
  })

  it('is refused at once if it is damaged, or of another plan or version', async () => {
    const entries = [
      { name: 'a', bytes: noise(200_000), size: 200_000 },
      { name: 'b', bytes: noise(10) },
    ]
    for (const known of [true, false]) {
      const some = known ? entries.slice(0, 1) : entries
      const settled = plan(some)
      const open = opener(some, 50_000)
      const { checkpoints } = await encode(settled, open)
      const inside = checkpoints.find(({ position }) => position > 0)!
      const last = checkpoints.at(-1)!
      const bad: [Checkpoint | null | string, string][] = [
        [{ ...last, version: 2 as 1 }, 'version is 2'],
        [{ ...last, version: { toString: false } as never }, 'version is a value of type object'],
        [{ ...last, plan: 'another' }, 'another list'],
        [{ ...last, entry: some.length + 1 }, 'more entries'],
        [{ ...last, offset: -1 }, 'damaged'],
        [{ ...last, crc32: 0.5 }, 'damaged'],
        [{ ...last, crcs: new Uint32Array(0) }, 'CRCs'],
        [{ ...last, position: 1 }, 'beyond the end of its entry'],
        [{ ...inside, position: 262_140 }, 'beyond the end of its entry'],
        [{ ...inside, position: inside.position - 1 }, 'inside a block'],
        [{ ...inside, offset: inside.offset - 1 }, 'before that in its entry'],
        [null, 'not an object'],
        ['text', 'not an object'],
      ]
      if (known) bad.push([{ ...last, offset: settled.length! + 1 }, 'the end of the archive'])
      else {
        const { sizes: _, ...without } = last
        bad.push([without, 'sizes'], [{ ...last, sizes: new Float64Array(1) }, 'sizes'])
        bad.push([{ ...last, sizes: new Float64Array([NaN, NaN]) }, 'before that in its entry'])
      }
      for (const [checkpoint, reason] of bad) {
        expect(() => encodeArchive(settled, open, checkpoint as Checkpoint)).toThrow(
          expect.objectContaining({
            code: 'invalid-checkpoint',
            message: expect.stringContaining(reason) as string,
          }) as Error,
        )
      }
    }
  })

  it('beyond the end of an archive whose length nobody knew fails in the end', async () => {
    const entries = [{ name: 'a', bytes: noise(10) }]
    const { bytes, checkpoints } = await encode(plan(entries), opener(entries, 5))
    const beyond = { ...checkpoints.at(-1)!, offset: bytes.length + 1 }
    await expect(encode(plan(entries), opener(entries, 5), beyond)).rejects.toMatchObject({
      code: 'invalid-checkpoint',
    })
  })
})
