import { describe, expect, it } from 'vitest'
import type { EntryInput, PlanOptions } from '../../src/zip/plan.ts'
import { encode, opener, plan } from './archive.ts'

/** 10:30:42 on 17 May 2024 wherever this runs: `d5 53` and `b1 58` in DOS time. */
const lastModified = new Date(2024, 4, 17, 10, 30, 42).getTime()

const digits = new TextEncoder().encode('123456789') // its CRC-32 is 0xCBF43926

/** The extended timestamp: modification time only, in seconds. */
const UT = `55 54  05 00  01 ${little(lastModified / 1000)}`

function little(value: number): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes.toString('hex')
}

async function written(
  entries: readonly EntryInput[],
  content: Uint8Array<ArrayBuffer>,
  options?: PlanOptions,
): Promise<Buffer> {
  const all = entries.map((entry) => ({ bytes: content, lastModified, ...entry }))
  return (await encode(plan(all, options), opener(all, 4))).bytes
}

function hex(text: string): string {
  return text.replace(/\/\/.*$/gm, '').replace(/\s+/g, '')
}

describe('the bytes of an archive', () => {
  it('with CRC-32 and size in the header', async () => {
    const bytes = await written([{ name: 'a.txt', size: 9, whole: true }], digits)
    expect(bytes.toString('hex')).toBe(
      hex(`
        504b0304  0a00  0008  0000  d553 b158     // version 1.0, UTF-8, stored
        2639f4cb  09000000  09000000  0500  0900  // CRC-32, compressed, size; name, extra
        612e747874  ${UT}
        313233343536373839

        504b0102  3f03  0a00  0008  0000  d553 b158  // made by 6.3 on Unix
        2639f4cb  09000000  09000000  0500  0900  0000
        0000  0000  0000a481  00000000               // disk, internal, external 0100644, offset
        612e747874  ${UT}

        504b0506  0000  0000  0100  0100  3c000000  35000000  0000
      `),
    )
  })

  it('in stored blocks, of known size', async () => {
    const bytes = await written([{ name: 'a.txt', size: 9 }], digits)
    expect(bytes.toString('hex')).toBe(
      hex(`
        504b0304  1400  0808  0800  d553 b158     // version 2.0, descriptor, deflate
        00000000  00000000  00000000  0500  0900
        612e747874  ${UT}
        01 0900 f6ff  313233343536373839          // the last block, stored, 9 bytes
        504b0708  2639f4cb  0e000000  09000000    // CRC-32, compressed, size

        504b0102  3f03  1400  0808  0800  d553 b158
        2639f4cb  0e000000  09000000  0500  0900  0000
        0000  0000  0000a481  00000000
        612e747874  ${UT}

        504b0506  0000  0000  0100  0100  3c000000  4a000000  0000
      `),
    )
  })

  it('in stored blocks, of unknown size', async () => {
    const bytes = await written([{ name: 'a.txt' }], digits)
    expect(bytes.toString('hex')).toBe(
      hex(`
        504b0304  2d00  0808  0800  d553 b158      // version 4.5
        00000000  ffffffff  ffffffff  0500  1d00
        612e747874
        0100  1000  0000000000000000  0000000000000000  // ZIP64, for the descriptor's sake
        ${UT}
        01 0900 f6ff  313233343536373839
        504b0708  2639f4cb  0e00000000000000  0900000000000000

        504b0102  3f03  2d00  0808  0800  d553 b158
        2639f4cb  ffffffff  ffffffff  0500  2500  0000
        0000  0000  0000a481  ffffffff
        612e747874
        0100  1800  0900000000000000  0e00000000000000  0000000000000000  // size comes first
        ${UT}

        504b0506  0000  0000  0100  0100  58000000  66000000  0000
      `),
    )
  })

  it('stored, with a descriptor', async () => {
    const bytes = await written([{ name: 'a.txt', size: 9 }], digits, { framing: 'store' })
    expect(bytes.toString('hex')).toBe(
      hex(`
        504b0304  1400  0808  0000  d553 b158
        00000000  00000000  00000000  0500  0900
        612e747874  ${UT}
        313233343536373839
        504b0708  2639f4cb  09000000  09000000

        504b0102  3f03  1400  0808  0000  d553 b158
        2639f4cb  09000000  09000000  0500  0900  0000
        0000  0000  0000a481  00000000
        612e747874  ${UT}

        504b0506  0000  0000  0100  0100  3c000000  45000000  0000
      `),
    )
  })

  it('of a directory, with comments', async () => {
    const entries = [{ name: 'd/', mode: 0o700, comment: 'ü' }]
    const bytes = await written(entries, new Uint8Array(0), { comment: 'hi' })
    expect(bytes.toString('hex')).toBe(
      hex(`
        504b0304  1400  0008  0000  d553 b158
        00000000  00000000  00000000  0200  0900
        642f  ${UT}

        504b0102  3f03  1400  0008  0000  d553 b158
        00000000  00000000  00000000  0200  0900  0200
        0000  0000  1000c041  00000000               // 040700, and DOS's bit
        642f  ${UT}  c3bc

        504b0506  0000  0000  0100  0100  3b000000  29000000  0200 6869
      `),
    )
  })

  it('of a symbolic link, and without a timestamp that its field cannot hold', async () => {
    const after2038 = new Date(2050, 0, 1).getTime()
    const entries = [
      { name: 'l', kind: 'symlink' as const, size: 9, whole: true, lastModified: after2038 },
    ]
    const bytes = await written(entries, digits)
    expect(bytes.toString('hex')).toBe(
      hex(`
        504b0304  0a00  0008  0000  0000 218c
        2639f4cb  09000000  09000000  0100  0000
        6c
        313233343536373839

        504b0102  3f03  0a00  0008  0000  0000 218c
        2639f4cb  09000000  09000000  0100  0000  0000
        0000  0000  0000ffa1  00000000               // 0120777
        6c

        504b0506  0000  0000  0100  0100  2f000000  28000000  0000
      `),
    )
  })

  it('of no entries', async () => {
    const bytes = await written([], digits)
    expect(bytes.toString('hex')).toBe(hex(`504b0506 0000 0000 0000 0000 00000000 00000000 0000`))
  })

  it('at the end of 65,535 entries', async () => {
    const entries = Array.from({ length: 65_535 }, (_, index) => ({
      name: String(index).padStart(5, '0'),
      size: 0,
      whole: true,
    }))
    const bytes = await written(entries, new Uint8Array(0))
    const start = 65_535 * 44
    const size = 65_535 * 60
    expect(bytes.subarray(start + size).toString('hex')).toBe(
      hex(`
        504b0606  2c00000000000000  3f03  2d00  00000000  00000000
        ffff000000000000  ffff000000000000
        ${little(size)}00000000  ${little(start)}00000000

        504b0607  00000000  ${little(start + size)}00000000  01000000

        504b0506  0000  0000  ffff  ffff  ffffffff  ffffffff  0000
      `),
    )
  })
})
