/** One pass of the encoder over a plan. */

import type { Checkpoint } from './checkpoint.ts'
import {
  CHUNK_LENGTH,
  inChunks,
  inOnePiece,
  inPieces,
  PASS_FROM,
  type Content,
  type OpenContent,
} from './content.ts'
import { crc32 } from './crc32.ts'
import { entryLength, lengthUpTo } from './lengths.ts'
import { crcMismatch, lengthMismatch, sizeMismatch } from './mismatch.ts'
import type { ArchivePlan, PlannedEntry } from './plan.ts'
import { RecordWriter } from './record-writer.ts'
import {
  centralDirectoryHeader,
  dataDescriptor,
  endOfCentralDirectory,
  localFileHeader,
  STORED_BLOCK,
  STORED_BLOCK_HEADER,
} from './records.ts'

/** With this many bytes at hand, they are sent on rather than kept until a source gives more. */
const SEND_FROM = 128 * 1024

/** Content taken from a source, which may be more than is in the archive yet. */
export interface Received {
  readonly bytes: number
  readonly crc32: number
}

/**
 * One pass over the plan.
 *
 * Whenever a chunk is given, all that was written is given with it, but for a stored block that is
 * not full yet; so `entry`, `position` and the CRC say exactly how far the given bytes go.
 */
export class Run {
  offset = 0
  entry = 0
  position = 0
  #crc = 0
  #receivedBytes = 0
  #receivedCrc = 0
  #given = false
  readonly #plan: ArchivePlan
  readonly #open: OpenContent
  readonly #crcs: Uint32Array<ArrayBuffer>
  readonly #sizes: Float64Array<ArrayBuffer>
  readonly #offsets: Float64Array<ArrayBuffer>
  readonly #writer = new RecordWriter(CHUNK_LENGTH)
  /** A checkpoint inside a record writes that record again, and gives only what comes after. */
  readonly #skipTo: number

  constructor(plan: ArchivePlan, open: OpenContent, from: Checkpoint | undefined) {
    const { length } = plan.entries
    this.#plan = plan
    this.#open = open
    this.#crcs = new Uint32Array(length)
    this.#sizes = new Float64Array(length)
    this.#offsets = new Float64Array(length + 1)
    this.#skipTo = from?.offset ?? 0
    if (from !== undefined) this.#restore(from)
  }

  #restore(from: Checkpoint): void {
    const { entries } = this.#plan
    this.entry = from.entry
    this.position = from.position
    this.#crc = from.crc32
    this.#receivedBytes = from.position
    this.#receivedCrc = from.crc32
    this.#crcs.set(from.crcs.subarray(0, from.entry))
    for (let index = 0; index < from.entry; index++) {
      const entry = entries[index]!
      const size = entry.size ?? from.sizes![index]!
      this.#sizes[index] = size
      this.#offsets[index + 1] = this.#offsets[index]! + entryLength(this.#writer, entry, size)
    }
    this.offset = this.#offsets[this.entry]!
    if (this.position > 0) this.offset += lengthUpTo(entries[this.entry]!, this.position)
  }

  get received(): Received {
    return { bytes: this.#receivedBytes, crc32: this.#receivedCrc }
  }

  checkpoint(): Checkpoint {
    return {
      version: 1,
      plan: this.#plan.fingerprint,
      offset: Math.max(this.offset, this.#skipTo),
      entry: this.entry,
      position: this.position,
      crc32: this.#crc,
      crcs: this.#crcs.slice(0, this.entry),
      ...(this.#plan.length === undefined && { sizes: this.#sizes.slice(0, this.entry) }),
    }
  }

  async *chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    for await (const chunk of this.#archive()) {
      const skipped = Math.min(chunk.length, Math.max(0, this.#skipTo - this.offset))
      this.offset += chunk.length
      if (skipped === chunk.length) continue
      this.#given = true
      yield skipped === 0 ? chunk : chunk.subarray(skipped)
    }
    const { length } = this.#plan
    if (length !== undefined && length !== this.offset) throw lengthMismatch(length, this.offset)
  }

  async *#archive(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    const { entries } = this.#plan
    const writer = this.#writer
    while (this.entry < entries.length) {
      const entry = entries[this.entry]!
      if (writer.length + HEADER_ROOM + entry.name.length * 3 > CHUNK_LENGTH) yield writer.take()
      if (entry.kind === 'directory') {
        localFileHeader(writer, entry, 0, 0)
        this.#finish(entry, 0)
        continue
      }

      let content = this.#open(this.entry, this.position)
      if (!isWhole(entry)) {
        if (this.position === 0) localFileHeader(writer, entry, entry.crc32 ?? 0, entry.size ?? 0)
        if (!this.#given || writer.length >= SEND_FROM) yield writer.take()
        if (content instanceof Promise) content = await content
        if (entry.framing === 'deflate-stored') yield* this.#storedBlocks(entry, content)
        else yield* this.#stored(entry, content)
        continue
      }

      if (content instanceof Promise) {
        if (writer.length >= SEND_FROM) yield writer.take()
        content = await content
      }
      const bytes = inOnePiece(entry, content)
      const size = this.position + bytes.length
      if (size !== entry.size) throw sizeMismatch(entry, size)
      const crc = this.position === 0 ? crc32(bytes) : this.#crc
      if (this.position === 0) localFileHeader(writer, entry, crc, bytes.length)
      if (bytes.length < PASS_FROM) {
        if (writer.length + bytes.length > CHUNK_LENGTH) yield writer.take()
        writer.bytes(bytes)
      } else {
        yield writer.take()
        this.#crc = crc
        for (const piece of inPieces(bytes)) {
          this.position += piece.length
          yield piece
        }
      }
      this.#crc = crc
      this.#finish(entry, size)
    }
    yield* this.#directory()
  }

  /** Content stored as it is, its end told by its size or by a descriptor. */
  async *#stored(
    entry: PlannedEntry,
    content: Content,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    const writer = this.#writer
    for await (const chunk of inChunks(content)) {
      checkRoom(entry, this.#receivedBytes + chunk.length)
      if (chunk.length >= PASS_FROM) {
        if (writer.length > 0) yield writer.take()
        for (const piece of inPieces(chunk)) {
          this.#receive(piece)
          this.#give()
          yield piece
        }
        continue
      }
      if (writer.length + chunk.length > CHUNK_LENGTH) yield writer.take()
      writer.bytes(chunk)
      this.#receive(chunk)
      this.#give()
      if (writer.length >= SEND_FROM) yield writer.take()
    }
    this.#finish(entry, this.#receivedBytes)
  }

  /** Content in stored blocks of DEFLATE (RFC 1951 §3.2.4), of 65,535 bytes each but the last. */
  async *#storedBlocks(
    entry: PlannedEntry,
    content: Content,
  ): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
    const writer = this.#writer
    let block = -1 // where the open block begins in what is written
    for await (const chunk of inChunks(content)) {
      checkRoom(entry, this.#receivedBytes + chunk.length)
      for (let taken = 0; taken < chunk.length;) {
        if (block >= 0 && writer.length - block === BLOCK_LENGTH) {
          this.#closeBlock(block, false)
          block = -1
        }
        if (block < 0) {
          if (writer.length + BLOCK_LENGTH > CHUNK_LENGTH) yield writer.take()
          block = writer.length
          writer.skip(STORED_BLOCK_HEADER)
        }
        const piece = chunk.subarray(taken, taken + block + BLOCK_LENGTH - writer.length)
        writer.bytes(piece)
        this.#receive(piece)
        taken += piece.length
      }
      if (block >= SEND_FROM) {
        yield writer.take(block)
        block = 0
      }
    }
    if (block < 0) {
      if (writer.length + BLOCK_LENGTH > CHUNK_LENGTH) yield writer.take()
      block = writer.length
      writer.skip(STORED_BLOCK_HEADER)
    }
    // No chunk ends between the last block and the descriptor, so that a checkpoint at the end of a
    // block is always before another one.
    this.#closeBlock(block, true)
    this.#finish(entry, this.#receivedBytes)
  }

  #closeBlock(start: number, last: boolean): void {
    const length = this.#writer.length - start - STORED_BLOCK_HEADER
    this.#writer.patch8(start, last ? 1 : 0)
    this.#writer.patch16(start + 1, length)
    this.#writer.patch16(start + 3, ~length & 0xffff)
    this.#give()
  }

  #receive(bytes: Uint8Array): void {
    this.#receivedCrc = crc32(bytes, this.#receivedCrc)
    this.#receivedBytes += bytes.length
  }

  /** All that was received is in what will be given next. */
  #give(): void {
    this.position = this.#receivedBytes
    this.#crc = this.#receivedCrc
  }

  /** Writes what follows the content of `entry`, and goes to the next one. */
  #finish(entry: PlannedEntry, size: number): void {
    const crc = this.#crc
    if (entry.size !== undefined && entry.size !== size) throw sizeMismatch(entry, size)
    if (entry.crc32 !== undefined && entry.crc32 !== crc) throw crcMismatch(entry, crc)
    if (entry.framing !== 'sized') dataDescriptor(this.#writer, entry, crc, size)
    this.#crcs[this.entry] = crc
    this.#sizes[this.entry] = size
    this.#offsets[this.entry + 1] = this.offset + this.#writer.length
    this.entry++
    this.position = 0
    this.#crc = 0
    this.#receivedBytes = 0
    this.#receivedCrc = 0
  }

  *#directory(): Generator<Uint8Array<ArrayBuffer>, void, void> {
    const { entries, comment } = this.#plan
    const writer = this.#writer
    const offset = this.#offsets[entries.length]!
    let size = 0
    for (const [index, entry] of entries.entries()) {
      const room = HEADER_ROOM + (entry.name.length + entry.comment.length) * 3
      if (writer.length + room > CHUNK_LENGTH) yield writer.take()
      const start = writer.length
      const crc = this.#crcs[index]!
      centralDirectoryHeader(writer, entry, crc, this.#sizes[index]!, this.#offsets[index]!)
      size += writer.length - start
    }
    if (writer.length + HEADER_ROOM + comment.length * 3 > CHUNK_LENGTH) yield writer.take()
    endOfCentralDirectory(writer, { entries: entries.length, offset, size }, comment)
    yield writer.take()
  }
}

const BLOCK_LENGTH = STORED_BLOCK_HEADER + STORED_BLOCK
/** More than any record takes beside its name and comment. */
const HEADER_ROOM = 128

/** Whether the content of `entry` must be at hand before its header is written. */
function isWhole({ framing, crc32: crc }: PlannedEntry): boolean {
  return framing === 'sized' && crc === undefined
}

function checkRoom(entry: PlannedEntry, received: number): void {
  if (entry.size !== undefined && received > entry.size) throw sizeMismatch(entry, received)
}
