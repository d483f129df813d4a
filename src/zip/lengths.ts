/** How many bytes the parts of an archive take, once their content is known. */

import type { PlannedEntry } from './plan.ts'
import { RecordWriter } from './record-writer.ts'
import {
  compressedSize,
  dataDescriptor,
  localFileHeader,
  STORED_BLOCK,
  STORED_BLOCK_HEADER,
} from './records.ts'

/** Bytes from the start of `entry` to `position` of its content. */
export function lengthUpTo(entry: PlannedEntry, position: number): number {
  const blocks = entry.framing === 'deflate-stored' ? Math.floor(position / STORED_BLOCK) : 0
  const writer = new RecordWriter(256)
  localFileHeader(writer, entry, 0, entry.size ?? 0)
  return writer.length + position + blocks * STORED_BLOCK_HEADER
}

/** Bytes that `entry` takes, from its local header to its descriptor; measured in an empty `writer`. */
export function entryLength(writer: RecordWriter, entry: PlannedEntry, size: number): number {
  localFileHeader(writer, entry, 0, size)
  if (entry.framing !== 'sized') dataDescriptor(writer, entry, 0, size)
  const { length } = writer
  writer.clear()
  return length + compressedSize(entry.framing, size)
}
