/** What became of the entries so far: a checkpoint keeps it, and the directory is made of it. */

import type { Checkpoint } from './checkpoint.ts'
import { entryLength } from './measure.ts'
import type { ArchivePlan } from './plan.ts'
import { RecordWriter } from './record-writer.ts'
import { centralDirectoryHeader, endOfCentralDirectory, HEADER_ROOM } from './records.ts'

export class Outcome {
  readonly #plan: ArchivePlan
  readonly #crcs: Uint32Array<ArrayBuffer>
  readonly #sizes: Float64Array<ArrayBuffer>
  /** From the start of the archive to each local header; and where the last entry ends. */
  readonly #offsets: Float64Array<ArrayBuffer>

  constructor(plan: ArchivePlan) {
    const { length } = plan.entries
    this.#plan = plan
    this.#crcs = new Uint32Array(length)
    this.#sizes = new Float64Array(length)
    this.#offsets = new Float64Array(length + 1)
  }

  /** Takes over what `from` knows, and gives the length of the archive up to its entry. */
  restore(from: Checkpoint): number {
    const writer = new RecordWriter(1024)
    this.#crcs.set(from.crcs.subarray(0, from.entry))
    for (let index = 0; index < from.entry; index++) {
      const entry = this.#plan.entries[index]!
      const size = entry.size ?? from.sizes![index]!
      this.#sizes[index] = size
      this.#offsets[index + 1] = this.#offsets[index]! + entryLength(writer, entry, size)
    }
    return this.#offsets[from.entry]!
  }

  /** The entry at `index` is finished, and the archive is `end` bytes long. */
  add(index: number, crc: number, size: number, end: number): void {
    this.#crcs[index] = crc
    this.#sizes[index] = size
    this.#offsets[index + 1] = end
  }

  /** What a checkpoint keeps of the first `count` entries. */
  upTo(count: number): Pick<Checkpoint, 'crcs' | 'sizes'> {
    return {
      crcs: this.#crcs.slice(0, count),
      ...(this.#plan.length === undefined && { sizes: this.#sizes.slice(0, count) }),
    }
  }

  /** The central directory and the records after it, in chunks of at most `room` bytes. */
  *directory(writer: RecordWriter, room: number): Generator<Uint8Array<ArrayBuffer>, void, void> {
    const { entries, comment } = this.#plan
    const offset = this.#offsets[entries.length]!
    let size = 0
    for (const [index, entry] of entries.entries()) {
      const text = entry.name.length + entry.comment.length
      if (writer.length + HEADER_ROOM + text * 3 > room) yield writer.take()
      const start = writer.length
      const crc = this.#crcs[index]!
      centralDirectoryHeader(writer, entry, crc, this.#sizes[index]!, this.#offsets[index]!)
      size += writer.length - start
    }
    if (writer.length + HEADER_ROOM + comment.length * 3 > room) yield writer.take()
    endOfCentralDirectory(writer, { entries: entries.length, offset, size }, comment)
    yield writer.take()
  }
}
