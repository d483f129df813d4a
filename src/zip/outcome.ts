/** What became of the entries so far: a checkpoint keeps it, and the directory is made of it. */

import type { Checkpoint } from './checkpoint.ts'
import { entryLength } from './measure.ts'
import { Omissions, type Omission } from './omissions.ts'
import type { ArchivePlan, PlannedEntry } from './plan.ts'
import { RecordWriter } from './record-writer.ts'
import { centralDirectoryHeader, endOfCentralDirectory, HEADER_ROOM } from './records.ts'

/** An entry that is no part of the plan's list, as it came out. */
export interface Extra {
  readonly entry: PlannedEntry
  readonly crc: number
  readonly size: number
  readonly offset: number
}

export class Outcome {
  readonly #plan: ArchivePlan
  readonly #omissions: Omissions
  readonly #crcs: Uint32Array<ArrayBuffer>
  readonly #sizes: Float64Array<ArrayBuffer>
  /** From the start of the archive to each local header; and where the last entry ends. */
  readonly #offsets: Float64Array<ArrayBuffer>

  constructor(plan: ArchivePlan) {
    const { length } = plan.entries
    this.#plan = plan
    this.#omissions = new Omissions(plan)
    this.#crcs = new Uint32Array(length)
    this.#sizes = new Float64Array(length)
    this.#offsets = new Float64Array(length + 1)
  }

  /** Takes over what `from` knows, and gives the length of the archive up to its entry. */
  restore(from: Checkpoint): number {
    const writer = new RecordWriter(1024)
    this.#crcs.set(from.crcs.subarray(0, from.entry))
    for (const omission of from.omissions ?? []) this.#omissions.add(omission)
    for (let index = 0; index < from.entry; index++) {
      const entry = this.#omissions.entry(index)
      const size = entry?.size ?? from.sizes![index]!
      const length = entry === undefined ? 0 : entryLength(writer, entry, size)
      this.#sizes[index] = size
      this.#offsets[index + 1] = this.#offsets[index]! + length
    }
    return this.#offsets[from.entry]!
  }

  /** The entry at `index` is finished, and the archive is `end` bytes long. */
  add(index: number, crc: number, size: number, end: number): void {
    this.#crcs[index] = crc
    this.#sizes[index] = size
    this.#offsets[index + 1] = end
  }

  /** The entry of `omission` cannot be had; gives what the archive has in its place, if anything. */
  omit(omission: Omission): { readonly entry: PlannedEntry; readonly text: Bytes } | undefined {
    const entry = this.#omissions.add(omission)
    return entry && { entry, text: this.#omissions.text }
  }

  /** The text that says which entries are missing; `undefined` if none is, or each has one of its own. */
  get report(): Bytes | undefined {
    return this.#omissions.report
  }

  get omissions(): readonly Omission[] {
    return this.#omissions.list
  }

  /** What a checkpoint keeps of the entries from `since` up to `count`. */
  upTo(count: number, since = 0): Pick<Checkpoint, 'crcs' | 'sizes' | 'omissions'> {
    const { list } = this.#omissions
    const first = list.findLastIndex(({ entry }) => entry < since) + 1
    const omissions = list.slice(first)
    return {
      ...(omissions.length > 0 && { omissions }),
      crcs: this.#crcs.slice(since, count),
      ...(this.#plan.length === undefined && { sizes: this.#sizes.slice(since, count) }),
    }
  }

  /**
   * The central directory and the records after it, in chunks of at most `room` bytes.
   *
   * @param offset Where it begins in the archive.
   * @param extra The entry after those of the plan, if there is one.
   */
  *directory(
    writer: RecordWriter,
    room: number,
    offset: number,
    extra?: Extra,
  ): Generator<Bytes, void, void> {
    const { comment } = this.#plan
    let size = 0
    let entries = 0
    for (const { entry, crc, size: content, offset: start } of this.#written(extra)) {
      const text = entry.name.length + entry.comment.length
      if (writer.length + HEADER_ROOM + text * 3 > room) yield writer.take()
      const before = writer.length
      centralDirectoryHeader(writer, entry, crc, content, start)
      size += writer.length - before
      entries++
    }
    if (writer.length + HEADER_ROOM + comment.length * 3 > room) yield writer.take()
    endOfCentralDirectory(writer, { entries, offset, size }, comment)
    yield writer.take()
  }

  *#written(extra: Extra | undefined): Generator<Extra, void, void> {
    for (let index = 0; index < this.#crcs.length; index++) {
      const entry = this.#omissions.entry(index)
      if (entry === undefined) continue
      const offset = this.#offsets[index]!
      yield { entry, crc: this.#crcs[index]!, size: this.#sizes[index]!, offset }
    }
    if (extra !== undefined) yield extra
  }
}

type Bytes = Uint8Array<ArrayBuffer>
