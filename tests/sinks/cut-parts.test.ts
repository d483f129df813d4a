/** How an archive is cut into parts: where they end, and what is known for who goes on after each. */

import { describe, expect, it } from 'vitest'
import { cutParts, type Begun, type CutPart, type Piece } from '../../src/sinks/cut-parts.ts'
import { CheckpointLog, type CheckpointDelta } from '../../src/zip/checkpoint-log.ts'
import { crc32 } from '../../src/zip/crc32.ts'
import { noise } from '../zip/archive.ts'

const ARCHIVE = noise(10_000, 1)

/** A checkpoint at `offset`, of an archive whose entries end at each thousandth byte. */
function markAt(offset: number, since: number): CheckpointDelta {
  const entry = Math.floor(offset / 1000)
  const crcs = Uint32Array.from({ length: entry - since }, (_, index) => since + index + 1)
  return { offset, entry, position: offset % 1000, crc32: 7, crcs, since }
}

/** The archive from byte `from` on, a checkpoint at the end of each piece. */
async function* pieces(length: number, from = 0): AsyncGenerator<Piece, void, void> {
  let since = Math.floor(from / 1000)
  for (let at = from; at < ARCHIVE.length; at += length) {
    const bytes = ARCHIVE.slice(at, at + length)
    const mark = markAt(at + bytes.length, since)
    since = mark.entry
    yield { bytes, marks: [mark] }
  }
}

async function cut(
  given: AsyncIterable<Piece>,
  size: number,
  log: CheckpointLog | undefined,
  begun: Begun = { parts: 0, again: 0, crc32: 0 },
): Promise<CutPart[]> {
  const parts: CutPart[] = []
  for await (const part of cutParts(given, size, log, begun)) parts.push(part)
  return parts
}

const bytesOf = async (parts: readonly CutPart[]): Promise<Buffer> =>
  Buffer.from(await new Blob(parts.map(({ body }) => body)).arrayBuffer())

/** What is known after the first `count` of `parts`. */
function logAfter(parts: readonly CutPart[], count: number): CheckpointLog {
  const log = new CheckpointLog()
  for (const { mark } of parts.slice(0, count)) if (mark !== undefined) log.addPart(mark)
  return log
}

describe('an archive that is cut', () => {
  it.each([1, 2, 3, 511, 4000, 20_000])('is the same from pieces of %i bytes', async (length) => {
    const parts = await cut(pieces(length), 3000, new CheckpointLog())
    expect(parts.map(({ number, offset, size }) => [number, offset, size])).toEqual([
      [1, 0, 3000],
      [2, 3000, 3000],
      [3, 6000, 3000],
      [4, 9000, 1000],
    ])
    expect(Buffer.from(ARCHIVE).equals(await bytesOf(parts))).toBe(true)
  })

  it('is gone on with from each of its parts, whatever its pieces are then', async () => {
    const all = await cut(pieces(700), 3100, new CheckpointLog())
    // Between the checkpoint and the end of each part, an entry ends.
    for (const count of [1, 2, 3]) {
      const log = logAfter(all, count)
      const { offset } = log.before(count * 3100, 'plan')!
      expect(offset).toBe(Math.floor((count * 3100) / 700) * 700)
      const begun = { parts: count, again: count * 3100 - offset, crc32: all[count - 1]!.crc32 }
      const rest = await cut(pieces(130, offset), 3100, log, begun)
      expect(rest[0]!.number).toBe(count + 1)
      expect(Buffer.from(ARCHIVE.subarray(count * 3100)).equals(await bytesOf(rest))).toBe(true)
      const { crcs } = log.before(10_000, 'plan')!
      expect([...crcs], 'nothing is missing of what is known').toEqual([
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
      ])
      const known = logAfter([...all.slice(0, count), ...rest], 4).before(9300, 'plan')!
      expect([...known.crcs]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].slice(0, known.entry))
    }
  })

  it('is not gone on with if what comes again is not what is there', async () => {
    const [first] = await cut(pieces(700), 3000, new CheckpointLog())
    const log = logAfter([first!], 1)
    const begun = { parts: 1, again: 200, crc32: first!.crc32 }
    const changed = cut(pieces(700, 2801), 3000, log, begun)
    await expect(changed).rejects.toMatchObject({ code: 'invalid-checkpoint' })
    expect(first!.crc32).toBe(crc32(ARCHIVE.subarray(2800, 3000)))
  })

  it('needs no checkpoints', async () => {
    const parts = await cut(pieces(700), 3000, undefined)
    expect(parts.map(({ mark }) => mark)).toEqual([undefined, undefined, undefined, undefined])
    expect(Buffer.from(ARCHIVE).equals(await bytesOf(parts))).toBe(true)
  })
})
