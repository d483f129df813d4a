/** One pass of the encoder over a plan. */

import { invalidCheckpoint, type Checkpoint } from './checkpoint.ts'
import type { CheckpointDelta } from './checkpoint-log.ts'
import {
  CHUNK_LENGTH,
  closeUnread,
  inChunks,
  inOnePiece,
  inPieces,
  NOTHING,
  PASS_FROM,
  SEND_FROM,
  type Content,
  type OpenContent,
  type Opened,
} from './content.ts'
import { crc32 } from './crc32.ts'
import { lengthUpTo } from './measure.ts'
import {
  checkEnd,
  checkHeader,
  checkRoom,
  crcMismatch,
  endsEarly,
  mayNotBeMissing,
  sizeMismatch,
} from './mismatch.ts'
import { isWhole, knownHeader, textRecord } from './local-header.ts'
import { isMissing, type Omission } from './omissions.ts'
import { Leaving } from './leaving.ts'
import { Outcome } from './outcome.ts'
import type { EncodeOptions } from './encode.ts'
import type { ArchivePlan, PlannedEntry } from './plan.ts'
import { RecordWriter } from './record-writer.ts'
import { dataDescriptor, HEADER_ROOM, localFileHeader } from './records.ts'
import { BLOCK_LENGTH, StoredBlocks } from './stored-blocks.ts'
import { Tally, type Received } from './tally.ts'

type Chunks = AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>

/**
 * One pass over the plan.
 *
 * Whenever a chunk is given, all that was written is given with it, but for a stored block that is
 * not full yet; so `entry`, `position` and the CRC say exactly how far the given bytes go.
 */
export class Run {
  entry = 0
  #offset = 0
  #given = false
  /** Content that was opened and is not being read yet. */
  #unread: Opened | Promise<Opened> | undefined
  readonly #leaving = new Leaving()
  readonly #plan: ArchivePlan
  readonly #open: OpenContent
  readonly #options: EncodeOptions
  readonly #outcome: Outcome
  readonly #tally = new Tally()
  readonly #writer: RecordWriter
  /** A checkpoint inside a record writes that record again, and gives only what comes after. */
  readonly #skipTo: number

  constructor(
    plan: ArchivePlan,
    open: OpenContent,
    from: Checkpoint | undefined,
    options: EncodeOptions,
  ) {
    this.#plan = plan
    this.#open = open
    this.#options = options
    this.#writer = new RecordWriter(CHUNK_LENGTH, options.buffers)
    this.#outcome = new Outcome(plan)
    this.#skipTo = from?.offset ?? 0
    if (from !== undefined) this.#restore(from)
  }

  #restore(from: Checkpoint): void {
    this.entry = from.entry
    this.#tally.begin(from.position, from.crc32)
    this.#offset = this.#outcome.restore(from)
    if (this.position > 0) {
      this.#offset += lengthUpTo(this.#writer, this.#plan.entries[this.entry]!, this.position)
    }
    // The other way round is fine: it lies in a record, or in entries that are to be made again.
    if (!(from.offset >= this.#offset)) {
      throw invalidCheckpoint('its place in the archive is before that in its entry')
    }
  }

  get offset(): number {
    return Math.max(this.#offset, this.#skipTo)
  }

  get position(): number {
    return this.#tally.position
  }

  /** Length of the archive with what was written and not given yet. */
  get #end(): number {
    return this.#offset + this.#writer.length
  }

  get received(): Received {
    return this.#tally.received
  }

  get omissions(): readonly Omission[] {
    return this.#outcome.omissions
  }

  checkpoint(): Checkpoint {
    const { since: _, ...place } = this.checkpointSince(0)
    return { version: 1, plan: this.#plan.fingerprint, ...place }
  }

  checkpointSince(since: number): CheckpointDelta {
    const source = this.position > 0 ? this.#options.sourceOf?.(this.entry) : undefined
    return {
      offset: this.offset,
      entry: this.entry,
      position: this.position,
      crc32: this.#tally.crc,
      since,
      ...(source !== undefined && { source }),
      ...this.#outcome.upTo(this.entry, since),
    }
  }

  async *chunks(): Chunks {
    try {
      for await (const chunk of this.#archive()) {
        if (this.#leaving.left) return
        const skipped = Math.min(chunk.length, Math.max(0, this.#skipTo - this.#offset))
        this.#offset += chunk.length
        if (skipped === chunk.length) continue
        this.#given = true
        yield skipped === 0 ? chunk : chunk.subarray(skipped)
      }
      if (!this.#leaving.left) checkEnd(this.#plan, this.#offset, this.#skipTo)
    } finally {
      if (this.#unread !== undefined) await closeUnread(this.#unread)
    }
  }

  /** Nobody takes chunks any more: gives up what is waited for, if it can be, or else what comes. */
  leave(): void {
    this.#leaving.leave()
  }

  async *#archive(): Chunks {
    const { entries } = this.#plan
    const writer = this.#writer
    while (this.entry < entries.length) {
      const entry = entries[this.entry]!
      if (writer.length + HEADER_ROOM + entry.name.length * 3 > CHUNK_LENGTH) yield writer.take()
      if (entry.kind === 'directory') {
        localFileHeader(writer, entry, 0, 0)
        this.#finish(entry, 0, 0)
        continue
      }
      // Its header may be in the archive with none of its content.
      const begun = this.position > 0 || this.#end < this.#skipTo
      const optional = this.#plan.onError !== 'abort' && !begun
      const complete = this.position > 0 && this.position === entry.size
      const over = complete && !this.#options.isChecked?.(this.entry)
      const opened = over ? NOTHING : this.#open(this.entry, this.position, optional)
      this.#unread = opened
      if (opened instanceof Promise) opened.catch(() => undefined) // thrown when its turn has come
      const whole = isWhole(entry)
      const headerFirst = !whole && this.position === 0
      if (headerFirst && !optional) knownHeader(writer, entry)
      if (!whole && !this.#given && writer.length > 0) yield writer.take()
      else if (writer.length >= SEND_FROM && (!whole || opened instanceof Promise)) {
        yield writer.take()
      }
      const content = opened instanceof Promise ? await this.#leaving.before(opened) : opened
      if (content === undefined) return
      if (isMissing(content)) {
        if (!optional) throw mayNotBeMissing(entry, content.missing)
        this.#omit(content.missing)
        continue
      }
      if (headerFirst && optional) knownHeader(writer, entry)
      if (!whole) {
        this.#unread = undefined
        if (entry.framing === 'deflate-stored') yield* this.#storedBlocks(entry, content)
        else yield* this.#stored(entry, content)
        continue
      }

      const bytes = inOnePiece(entry, content)
      this.#unread = undefined
      const size = this.position + bytes.length
      if (size !== entry.size) throw sizeMismatch(entry, size)
      const crc = this.position === 0 ? crc32(bytes) : this.#tally.crc
      if (this.position === 0) {
        checkHeader(entry, this.#tally.crc, crc)
        localFileHeader(writer, entry, crc, bytes.length)
        this.#tally.crc = crc // for a checkpoint between the header and the content
      }
      if (bytes.length < PASS_FROM) {
        if (writer.length + bytes.length > CHUNK_LENGTH) yield writer.take()
        writer.bytes(bytes)
      } else {
        yield writer.take()
        for (const piece of inPieces(bytes)) {
          this.#tally.position += piece.length
          yield piece
        }
      }
      this.#finish(entry, size, crc)
    }
    const report = this.#outcome.report
    const extra = report && textRecord(writer, this.#plan.report!, report, this.#end)
    yield* this.#outcome.directory(writer, CHUNK_LENGTH, this.#end, extra)
  }

  /** The entry under way is missing: goes to the next one, with what there is in its place. */
  #omit(reason: string): void {
    const instead = this.#outcome.omit({ entry: this.entry, reason })
    const text = instead && textRecord(this.#writer, instead.entry, instead.text, this.#end)
    this.#next(text?.crc ?? 0, text?.size ?? 0)
  }

  /** Content stored as it is, its end told by its size or by a descriptor. */
  async *#stored(entry: PlannedEntry, content: Content): Chunks {
    const writer = this.#writer
    for await (const chunk of inChunks(content)) {
      checkRoom(entry, this.received.bytes + chunk.length)
      if (chunk.length >= PASS_FROM) {
        if (writer.length > 0) yield writer.take()
        for (const piece of inPieces(chunk)) {
          this.#tally.receive(piece)
          this.#tally.give()
          yield piece
        }
        continue
      }
      if (writer.length + chunk.length > CHUNK_LENGTH) yield writer.take()
      writer.bytes(chunk)
      this.#tally.receive(chunk)
      this.#tally.give()
      if (writer.length >= SEND_FROM || this.#leaving.left) yield writer.take()
    }
    this.#finish(entry, this.received.bytes, this.received.crc32)
  }

  /** Content in stored blocks; what is in the open one is not given yet. */
  async *#storedBlocks(entry: PlannedEntry, content: Content): Chunks {
    const writer = this.#writer
    const blocks = new StoredBlocks(writer)
    for await (const chunk of inChunks(content)) {
      checkRoom(entry, this.received.bytes + chunk.length)
      for (let taken = 0; taken < chunk.length;) {
        if (blocks.isOpen && blocks.room === 0) {
          blocks.close(false)
          this.#tally.give()
        }
        if (!blocks.isOpen) {
          if (writer.length + BLOCK_LENGTH > CHUNK_LENGTH) yield writer.take()
          blocks.open()
        }
        const piece = chunk.subarray(taken, taken + blocks.room)
        writer.bytes(piece)
        this.#tally.receive(piece)
        taken += piece.length
      }
      if (blocks.before >= SEND_FROM || this.#leaving.left) yield blocks.take()
    }
    if (!blocks.isOpen) {
      // A block that was not the last is in the archive already: an empty one after it would be valid,
      // and one more than its size tells.
      if (this.position > 0) throw endsEarly(entry, this.position)
      if (writer.length + BLOCK_LENGTH > CHUNK_LENGTH) yield writer.take()
      blocks.open()
    }
    // No chunk ends between the last block and the descriptor, so that a checkpoint at the end of a
    // block is always before another one.
    blocks.close(true)
    this.#tally.give()
    this.#finish(entry, this.received.bytes, this.received.crc32)
  }

  /** Writes what follows the content of `entry`, and goes to the next one. */
  #finish(entry: PlannedEntry, size: number, crc: number): void {
    if (entry.size !== undefined && entry.size !== size) throw sizeMismatch(entry, size)
    if (entry.crc32 !== undefined && entry.crc32 !== crc) throw crcMismatch(entry, crc)
    if (entry.framing !== 'sized') dataDescriptor(this.#writer, entry, crc, size)
    this.#next(crc, size)
  }

  #next(crc: number, size: number): void {
    this.#outcome.add(this.entry, crc, size, this.#end)
    this.entry++
    this.#tally.begin()
  }
}
