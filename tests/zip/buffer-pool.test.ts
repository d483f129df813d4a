import { describe, expect, it } from 'vitest'
import { BufferPool } from '../../src/zip/buffer-pool.ts'
import { encodeArchive } from '../../src/zip/encode.ts'
import { encode, noise, opener, plan } from './archive.ts'

const KIB = 1024
const MIB = 1024 * KIB

describe('BufferPool', () => {
  it('gives what was given to it, of the length that is asked for', () => {
    const buffers = new BufferPool()
    const [small, large] = [new ArrayBuffer(64 * KIB), new ArrayBuffer(MIB)]
    buffers.give(small)
    buffers.give(large)
    expect(buffers.take(MIB)).toBe(large)
    expect(buffers.take(MIB)).not.toBe(large)
    expect(buffers.take(64 * KIB)).toBe(small)
    expect(buffers.take(64 * KIB - 1).byteLength).toBe(64 * KIB - 1)
  })

  it('keeps 8 MiB, those that came last', () => {
    const buffers = new BufferPool()
    const given = Array.from({ length: 9 }, () => new ArrayBuffer(MIB))
    for (const buffer of given) buffers.give(buffer)
    const taken = Array.from({ length: 9 }, () => buffers.take(MIB))
    expect(taken.slice(0, 8)).toEqual(given.slice(1).toReversed())
    expect(given).not.toContain(taken[8])
  })

  it('keeps neither small ones nor one that was transferred', () => {
    const buffers = new BufferPool()
    const small = new ArrayBuffer(KIB)
    const gone = new ArrayBuffer(MIB)
    structuredClone(gone, { transfer: [gone] })
    buffers.give(small)
    buffers.give(gone)
    expect(buffers.take(KIB)).not.toBe(small)
    expect(buffers.take(0)).not.toBe(gone)
  })
})

/** A pool whose buffers are full of something, as those are that were used. */
class UsedBuffers extends BufferPool {
  reused = 0
  readonly #known = new WeakSet<ArrayBuffer>()

  override take(byteLength: number): ArrayBuffer {
    const buffer = super.take(byteLength)
    if (this.#known.has(buffer)) this.reused++
    this.#known.add(buffer)
    new Uint8Array(buffer).fill(0xaa)
    return buffer
  }
}

describe.each(['auto', 'store'] as const)('encodeArchive() with framing %s', (framing) => {
  it('makes the same archive in buffers that were used', async () => {
    const sizes = [0, 1, 300_000, 5 * MIB, 70_000, 65_535, 3 * MIB + 1, 128 * KIB]
    const entries = sizes.map((length, index) => ({
      name: `${index}`,
      bytes: noise(length, index),
      ...(index % 3 > 0 && { size: length }),
      whole: index % 2 === 0 && length < MIB,
    }))
    const settled = plan(entries, { framing })
    const { bytes } = await encode(settled, opener(entries, 40_000))
    const buffers = new UsedBuffers()
    const chunks: Buffer[] = []
    const encoder = encodeArchive(settled, opener(entries, 40_000), undefined, { buffers })
    for await (const chunk of encoder) {
      chunks.push(Buffer.from(chunk))
      buffers.give(chunk.buffer)
    }
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true)
    expect(buffers.reused).toBeGreaterThan(5)
  })
})
