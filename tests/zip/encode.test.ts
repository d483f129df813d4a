import { inflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isHoldallError } from '../../src/errors.ts'
import { CHUNK_LENGTH, encodeArchive } from '../../src/zip/encode.ts'
import { encode, noise, opener, plan, type Entry } from './archive.ts'

const BLOCK = 65_535

/** What `inflateRawSync` gives with `info`. */
interface Inflated {
  readonly buffer: Buffer
  /** How many bytes it took of what was given to it. */
  readonly engine: { readonly bytesWritten: number }
}

/** One entry of each way to be written, around the lengths where something changes. */
function mixed(): Entry[] {
  const sizes = [0, 1, 1000, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 7]
  return sizes.flatMap((length, index) => {
    const bytes = noise(length, index + 1)
    const size = length
    return [
      { name: `whole/${length}`, bytes, size, whole: true },
      { name: `known/${length}`, bytes, size },
      { name: `unknown/${length}`, bytes },
    ]
  })
}

const CHUNKINGS = [1, 2, 3, 511, 4096, BLOCK - 1, BLOCK, BLOCK + 1, BLOCK + 2, 2 ** 20 + 1, 2 ** 24]

describe.each(['auto', 'store'] as const)('encodeArchive() with framing %s', (framing) => {
  const entries: Entry[] = [
    { name: 'folder/', bytes: noise(0) },
    ...mixed(),
    { name: 'big', bytes: noise(1_200_000), size: 1_200_000 },
    { name: 'big and whole', bytes: noise(1_100_000), size: 1_100_000, whole: true },
  ]
  const archive = plan(entries, { framing, comment: 'a comment' })

  it.each(CHUNKINGS)('gives the same bytes from content in chunks of %d', async (length) => {
    const few = length < 4096 ? entries.filter(({ bytes }) => bytes.length < 140_000) : entries
    const settled = plan(few, { framing })
    const { bytes } = await encode(settled, opener(few, length))
    const reference = await encode(settled, opener(few, 1000))
    expect(bytes.equals(reference.bytes)).toBe(true)
  })

  it('goes on from the checkpoint after every chunk with the same bytes', async () => {
    for (const length of [5000, BLOCK, 2 ** 20, 2 ** 24]) {
      const { bytes, checkpoints } = await encode(archive, opener(entries, length))
      expect(checkpoints.length).toBeGreaterThan(5)
      for (const checkpoint of checkpoints) {
        const rest = await encode(archive, opener(entries, 12_345), structuredClone(checkpoint))
        expect(rest.bytes.equals(bytes.subarray(checkpoint.offset))).toBe(true)
      }
    }
  })

  it('goes on from a checkpoint inside a record', async () => {
    const small = entries.slice(0, 8)
    const settled = plan(small, { framing })
    const { bytes, checkpoints } = await encode(settled, opener(small, 2 ** 20))
    const start = { ...checkpoints[0]!, offset: 0, entry: 0, position: 0, crc32: 0 }
    for (const offset of [1, 17, 40, bytes.length - 30, bytes.length - 1]) {
      const rest = await encode(settled, opener(small, 999), { ...start, offset })
      expect(rest.bytes.equals(bytes.subarray(offset))).toBe(true)
    }
  })

  it('makes no chunk much longer than CHUNK_LENGTH', async () => {
    for await (const chunk of encodeArchive(archive, opener(entries, 2 ** 24))) {
      expect(chunk.length).toBeLessThanOrEqual(CHUNK_LENGTH + 64)
    }
  })
})

describe('encodeArchive()', () => {
  it('writes as many bytes as planned, whatever the entries', async () => {
    const entry = fc.record({
      name: fc.string({ unit: 'binary', maxLength: 60 }),
      length: fc.oneof(fc.nat(300), fc.nat(150_000)),
      known: fc.boolean(),
      whole: fc.boolean(),
      lastModified: fc.integer({ min: -6e12, max: 6e12 }),
      mode: fc.nat(0o7777),
      comment: fc.string({ unit: 'binary', maxLength: 20 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { maxLength: 12 }),
        fc.constantFrom('auto', 'store', 'deflate-stored'),
        fc.string({ maxLength: 30 }),
        async (inputs, framing, comment) => {
          const entries = inputs.map(({ length, known, ...fields }, index) => ({
            ...fields,
            name: fields.name || 'x',
            bytes: noise(length, index),
            ...(known && { size: length }),
          }))
          const archive = plan(entries, { framing, comment })
          const { bytes } = await encode(archive, opener(entries, 70_000))
          if (entries.every(({ size, name }) => size !== undefined || /[/\\]$/.test(name))) {
            expect(archive.length).toBe(bytes.length)
          } else expect(archive.length).toBeUndefined()
        },
      ),
      { numRuns: 100 },
    )
  })

  it.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 16 * BLOCK, 16 * BLOCK + 1])(
    'puts %d bytes in blocks that zlib inflates, to the last byte',
    async (length) => {
      const entries = [{ name: 'a', bytes: noise(length), size: length }]
      const { bytes } = await encode(plan(entries), opener(entries, 70_000))
      const data = bytes.subarray(40)
      const { buffer, engine } = inflateRawSync(data, { info: true }) as unknown as Inflated
      expect(buffer.equals(entries[0]!.bytes)).toBe(true)
      expect(engine.bytesWritten).toBe(length + 5 * Math.max(1, Math.ceil(length / BLOCK)))
    },
  )

  it('fills chunks with small entries, and no further', async () => {
    const entries = Array.from({ length: 3000 }, (_, index) => {
      const bytes = noise((index * 7919) % 3000, index)
      const name = `${index} ${'ü'.repeat((index * 31) % 80)}`
      return { name, bytes, size: bytes.length, whole: index % 5 > 0 }
    })
    entries.splice(50, 0, { name: 'large', bytes: noise(65_000), size: 65_000, whole: true })
    const settled = plan(entries)
    const lengths: number[] = []
    for await (const chunk of encodeArchive(settled, opener(entries, 2 ** 20))) {
      lengths.push(chunk.length)
    }
    expect(Math.max(...lengths)).toBeLessThanOrEqual(CHUNK_LENGTH)
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(settled.length)
  })

  it('fills chunks with directories, and no further', async () => {
    const entries = Array.from({ length: 25_000 }, (_, index) => ({
      name: `folder ${index}/`,
      bytes: noise(0),
    }))
    const lengths: number[] = []
    for await (const chunk of encodeArchive(plan(entries), opener(entries, 1))) {
      lengths.push(chunk.length)
    }
    expect(lengths.length).toBeGreaterThan(2)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(CHUNK_LENGTH)
  })

  it('fills chunks with entries in memory, and no further', async () => {
    const entries = Array.from({ length: 400 }, (_, index) => {
      const bytes = noise(50_000 + index, index)
      return { name: `${index}`, bytes, size: bytes.length, whole: true }
    })
    const settled = plan(entries)
    const lengths: number[] = []
    for await (const chunk of encodeArchive(settled, opener(entries, 2 ** 20))) {
      lengths.push(chunk.length)
    }
    expect(Math.max(...lengths)).toBeLessThanOrEqual(CHUNK_LENGTH)
    expect(Math.min(...lengths.slice(0, -1))).toBeGreaterThan(CHUNK_LENGTH - 60_000)
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(settled.length)
  })

  it('sends no byte of an entry in one piece that has another size', async () => {
    const entries = [{ name: 'a', bytes: noise(200_000), size: 199_999, whole: true }]
    await expect(encodeArchive(plan(entries), opener(entries, 1)).next()).rejects.toMatchObject({
      code: 'size-mismatch',
    })
  })

  it('needs 22 bytes for no entries', async () => {
    const { bytes } = await encode(plan([]), opener([], 1))
    expect(bytes.length).toBe(22)
  })

  it('gives the first header before the content of a stream comes', async () => {
    const encoder = encodeArchive(
      plan([{ name: 'a', bytes: noise(0) }]),
      () => new Promise(() => undefined),
    )
    const { value } = await encoder.next()
    expect(Buffer.from(value!).readUInt32LE(0)).toBe(0x04034b50)
  })

  it('takes no more content than the reader asks for', async () => {
    let taken = 0
    const size = 50 * 2 ** 20
    const encoder = encodeArchive(plan([{ name: 'a', bytes: noise(0), size }]), async function* () {
      for (let at = 0; at < size; at += 2 ** 20) {
        taken++
        yield new Uint8Array(2 ** 20)
      }
    })
    for (let reads = 0; reads < 4; reads++) await encoder.next()
    expect(taken).toBeLessThanOrEqual(5)
    await encoder.return()
  })

  it.each([
    ['one byte short', 999, 1000],
    ['one byte long', 1001, 1000],
    ['empty', 0, 1000],
  ])('fails for content that is %s, naming the entry and both numbers', async (_, actual, size) => {
    for (const whole of [true, false]) {
      for (const framing of ['store', 'deflate-stored'] as const) {
        const entries = [{ name: 'a.bin', bytes: noise(actual), size, whole }]
        const error = await encode(plan(entries, { framing }), opener(entries, 100)).catch(
          (reason: unknown) => reason,
        )
        expect(isHoldallError(error, 'size-mismatch')).toBe(true)
        expect(error).toMatchObject({ detail: { entry: 'a.bin', planned: 1000 } })
      }
    }
  })

  it('fails for content with another CRC-32 than planned', async () => {
    const entries = [{ name: 'a', bytes: noise(100), size: 100, crc32: 7 }]
    const error = await encode(plan(entries), opener(entries, 10)).catch(
      (reason: unknown) => reason,
    )
    expect(isHoldallError(error, 'crc-mismatch')).toBe(true)
    expect(error).toMatchObject({ detail: { entry: 'a', planned: 7 } })
  })

  it('fails with what the content fails with', async () => {
    const reason = new Error('broken')
    const archive = plan([{ name: 'a', bytes: noise(0) }])
    await expect(encode(archive, () => Promise.reject(reason))).rejects.toBe(reason)
    await expect(
      encode(archive, async function* () {
        yield new Uint8Array(10)
        throw reason
      }),
    ).rejects.toBe(reason)
  })
})
