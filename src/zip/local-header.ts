/** How an entry begins: its header alone, or with all of a text that was made for it. */

import { crc32 } from './crc32.ts'
import type { Extra } from './outcome.ts'
import type { PlannedEntry } from './plan.ts'
import type { RecordWriter } from './record-writer.ts'
import { localFileHeader } from './records.ts'

/** Whether the content of `entry` must be at hand before its header is written. */
export function isWhole({ framing, crc32: crc }: PlannedEntry): boolean {
  return framing === 'sized' && crc === undefined
}

/** The header of an entry whose CRC-32 is known beforehand, or follows in a descriptor. */
export function knownHeader(writer: RecordWriter, entry: PlannedEntry): void {
  localFileHeader(writer, entry, entry.crc32 ?? 0, entry.size ?? 0)
}

/**
 * Writes an entry that was made here, whole; so that no chunk ends in it, and it is in the archive as
 * soon as it is known of.
 *
 * @param offset Where it begins in the archive.
 */
export function textRecord(
  writer: RecordWriter,
  entry: PlannedEntry,
  text: Uint8Array<ArrayBuffer>,
  offset: number,
): Extra {
  const size = text.length
  const crc = crc32(text)
  localFileHeader(writer, entry, crc, size)
  writer.reserve(size)
  writer.bytes(text)
  return { entry, crc, size, offset }
}
