/** Where a byte of an archive lies, compared with what an encoder reads to get there. */

import { describe, expect, it } from 'vitest'
import { CHUNK_LENGTH, encodeArchive } from '../../src/zip/encode.ts'
import { placeOf } from '../../src/zip/locate.ts'
import { planArchive } from '../../src/zip/plan.ts'

const SIZES = [0, 300_000, 5_000_000, 70, 200_000, 3_000_000, 10]
const PIECE = 65_536
const WHOLE = 100

const plan = planArchive(
  SIZES.map((size, index) => ({ name: `${index}.bin`, size, whole: size < WHOLE })),
)

/** The last entry that is read, and how far, until `end` bytes are made. */
async function readUpTo(end: number): Promise<{ entry: number; position: number }> {
  const read = { entry: 0, position: 0 }
  const take = (entry: number, at: number, length: number): Uint8Array<ArrayBuffer> => {
    Object.assign(read, { entry, position: at + length })
    return new Uint8Array(length)
  }
  async function* pieces(entry: number, size: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for (let at = 0; at < size; at += PIECE) yield take(entry, at, Math.min(PIECE, size - at))
  }
  const encoder = encodeArchive(plan, (entry) => {
    const size = SIZES[entry]!
    return size < WHOLE ? take(entry, 0, size) : pieces(entry, size)
  })
  while (encoder.offset < end) await encoder.next()
  await encoder.return()
  return read
}

describe('the place of a byte', () => {
  const ends = Array.from({ length: 30 }, (_, index) => Math.round((index * plan.length!) / 30))

  it.each(ends)('is beyond what is read up to byte %d, and not by much', async (end) => {
    const place = placeOf(plan, end) ?? { entry: SIZES.length - 1, position: SIZES.at(-1)! }
    const read = await readUpTo(end)
    const bytesUpTo = ({ entry, position }: typeof read): number =>
      SIZES.slice(0, entry).reduce((sum, size) => sum + size, position)
    expect(bytesUpTo(place)).toBeGreaterThanOrEqual(bytesUpTo(read))
    expect(bytesUpTo(place) - bytesUpTo(read)).toBeLessThan(2 * CHUNK_LENGTH)
  })

  it('is the same from a checkpoint on', async () => {
    const encoder = encodeArchive(plan, (entry) => new Uint8Array(SIZES[entry]!))
    while (encoder.offset < 3_000_000) await encoder.next()
    const from = encoder.checkpoint()
    expect(from.position).toBeGreaterThan(0)
    await encoder.return()
    for (const end of [3_000_000, 4_500_000, 6_000_000]) {
      expect(placeOf(plan, end, from)).toEqual(placeOf(plan, end))
    }
  })

  it('is not known without the sizes', () => {
    expect(placeOf(planArchive([{ name: 'a' }, { name: 'b', size: 1 }]), 0)).toBe(undefined)
  })
})
