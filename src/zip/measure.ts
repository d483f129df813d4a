/** Lengths in the archive, all taken from the records that are written, so that none can drift. */

import { crc32 } from './crc32.ts'
import type { PlannedEntry } from './plan.ts'
import { RecordWriter } from './record-writer.ts'
import {
  centralDirectoryHeader,
  compressedSize,
  dataDescriptor,
  endOfCentralDirectory,
  localFileHeader,
  STORED_BLOCK,
  STORED_BLOCK_HEADER,
} from './records.ts'

/** Adds up the records of an archive by writing them, and forgets their bytes soon. */
export class Measure {
  readonly #local = new Tape()
  readonly #directory = new Tape()
  #entries = 0
  /** Of all contents, in bytes; `NaN` from the first unknown size on. */
  #content = 0

  add(entry: PlannedEntry): void {
    const { size, framing } = entry
    const crc = entry.crc32 ?? 0
    const start = this.#local.length + this.#content

    const local = this.#local.writer
    localFileHeader(local, entry, crc, size ?? 0)
    if (framing !== 'sized') dataDescriptor(local, entry, crc, size ?? 0)
    this.#local.wind()
    this.#content += size === undefined ? NaN : compressedSize(framing, size)

    const offset = Number.isNaN(start) ? 0 : start
    centralDirectoryHeader(this.#directory.writer, entry, crc, size ?? 0, offset)
    this.#directory.wind()
    this.#entries++
  }

  /** The length of the archive with `comment`; `undefined` if the size of any entry is unknown. */
  end(comment: string): number | undefined {
    const offset = this.#local.length + this.#content
    const { writer, length: size } = this.#directory
    endOfCentralDirectory(writer, { entries: this.#entries, offset, size }, comment)
    const length = offset + this.#directory.length
    return Number.isNaN(length) ? undefined : length
  }

  /** Two hashes, over what the records say beforehand. */
  get fingerprint(): string {
    const hex = (hash: number): string => hash.toString(16).padStart(8, '0')
    return `${hex(this.#local.hash)}${hex(this.#directory.hash)}-${this.#entries.toString(36)}`
  }
}

/** Records of which only the length and a hash are kept. */
class Tape {
  readonly writer = new RecordWriter(16 * 1024)
  #forgotten = 0
  #hash = 0

  get length(): number {
    return this.#forgotten + this.writer.length
  }

  get hash(): number {
    return crc32(this.writer.written(), this.#hash)
  }

  /** Forgets what was written once it is much: a hash of a few bytes at a time takes far longer. */
  wind(): void {
    if (this.writer.length < 8 * 1024) return
    this.#hash = this.hash
    this.#forgotten += this.writer.length
    this.writer.clear()
  }
}

/** Bytes that `entry` takes, from its local header to its descriptor. `writer` is empty, and stays so. */
export function entryLength(writer: RecordWriter, entry: PlannedEntry, size: number): number {
  const content = compressedSize(entry.framing, size)
  return headerLength(writer, entry) + content + descriptorLength(writer, entry)
}

/** Bytes that `entry` takes in the directory, if it begins in the first 4 GiB. `writer` is empty, and stays so. */
export function directoryLength(writer: RecordWriter, entry: PlannedEntry, size: number): number {
  centralDirectoryHeader(writer, entry, 0, size, 0)
  return forget(writer)
}

/**
 * Bytes from the start of `entry` to `position` of its content, which is the end of a block where
 * it is in blocks. `writer` is empty, and stays so.
 */
export function lengthUpTo(writer: RecordWriter, entry: PlannedEntry, position: number): number {
  const blocks = entry.framing === 'deflate-stored' ? position / STORED_BLOCK : 0
  return headerLength(writer, entry) + position + blocks * STORED_BLOCK_HEADER
}

function headerLength(writer: RecordWriter, entry: PlannedEntry): number {
  localFileHeader(writer, entry, 0, entry.size ?? 0)
  return forget(writer)
}

function descriptorLength(writer: RecordWriter, entry: PlannedEntry): number {
  if (entry.framing === 'sized') return 0
  dataDescriptor(writer, entry, 0, 0)
  return forget(writer)
}

function forget(writer: RecordWriter): number {
  const { length } = writer
  writer.clear()
  return length
}
