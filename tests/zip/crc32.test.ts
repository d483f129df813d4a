import fc from 'fast-check'
import { crc32 as reference } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../../src/zip/crc32.ts'
import { noise } from './archive.ts'

describe('crc32()', () => {
  it('is 0xCBF43926 of "123456789", the check value of its definition', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })

  it('agrees with zlib at every alignment and length', () => {
    const bytes = noise(400)
    for (let start = 0; start < 8; start++) {
      for (let length = 0; length <= 300; length++) {
        const view = bytes.subarray(start, start + length)
        expect(crc32(view)).toBe(reference(view))
      }
    }
  })

  it('goes on from where it was', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(2000), (bytes, at) => {
        const first = crc32(bytes.subarray(0, at))
        expect(crc32(bytes.subarray(at), first)).toBe(reference(bytes))
      }),
    )
  })
})
