/**
 * The files of an archive, by a reader as plain as can be: no writer's idea of it is shared. It insists that the
 * directory, the local headers and the content agree.
 */

import { crc32, inflateRawSync } from 'node:zlib'
import { expect } from 'vitest'

export function entriesOf(archive: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>()
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  expect(end).toBeGreaterThanOrEqual(0)
  let at = archive.readUInt32LE(end + 16)
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50)
    const method = archive.readUInt16LE(at + 10)
    const nameLength = archive.readUInt16LE(at + 28)
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const zip64 = zip64Field(archive, at + 46 + nameLength, archive.readUInt16LE(at + 30))
    const wide = (offset: number): number => {
      const value = archive.readUInt32LE(at + offset)
      return value === 0xffff_ffff ? zip64.shift()! : value
    }
    const [, length, local] = [wide(24), wide(20), wide(42)] // in the order of the field
    const start =
      local! + 30 + archive.readUInt16LE(local! + 26) + archive.readUInt16LE(local! + 28)
    expect(archive.readUInt32LE(local!)).toBe(0x04034b50)
    expect(archive.toString('utf8', local! + 30, local! + 30 + nameLength)).toBe(name)
    const stored = archive.subarray(start, start + length!)
    const data = method === 0 ? stored : inflateRawSync(stored)
    const crc = archive.readUInt32LE(at + 16)
    expect(crc32(data)).toBe(crc)
    const hasDescriptor = (archive.readUInt16LE(local! + 6) & 8) !== 0
    if (!hasDescriptor) expect(archive.readUInt32LE(local! + 14)).toBe(crc)
    entries.set(name, data)
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return entries
}

/** The 64-bit values among the extra fields of a header (APPNOTE §4.5.3). */
function zip64Field(archive: Buffer, start: number, length: number): number[] {
  for (let at = start; at < start + length; at += 4 + archive.readUInt16LE(at + 2)) {
    if (archive.readUInt16LE(at) !== 1) continue
    const count = Math.floor(archive.readUInt16LE(at + 2) / 8)
    return Array.from({ length: count }, (_, index) =>
      Number(archive.readBigUInt64LE(at + 4 + index * 8)),
    )
  }
  return []
}
