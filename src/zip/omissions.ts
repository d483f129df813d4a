/** Files that cannot be had: what is in the archive in their place, and what says so. */

import { fitPart } from './names.ts'
import { directoryLength, entryLength } from './measure.ts'
import type { ArchivePlan, PlannedEntry } from './plan.ts'
import { RecordWriter } from './record-writer.ts'
import { UniqueNames } from './unique-names.ts'

/** In place of content that cannot be had: why, in words for whoever opens the archive. */
export interface Missing {
  readonly missing: string
}

/** An entry that is not in the archive. Plain data, which checkpoints keep. */
export interface Omission {
  /** Its index in the plan. */
  readonly entry: number
  /** Why, in words for whoever opens the archive. */
  readonly reason: string
}

/** What is put after the name of a file that cannot be had, to name the text in its place. */
export const PLACEHOLDER_SUFFIX = '.error.txt'

/** A reason that is longer holds a URL with data in it, which is nothing to read. */
const LONGEST_REASON = 2000

export function isMissing(content: object): content is Missing {
  return 'missing' in content
}

/** What is left out of one archive. */
export class Omissions {
  readonly #plan: ArchivePlan
  readonly #list: Omission[] = []
  /** Of each entry that is left out: what is there in its place, if anything is. */
  readonly #instead = new Map<number, PlannedEntry | undefined>()
  #names: UniqueNames | undefined

  constructor(plan: ArchivePlan) {
    this.#plan = plan
  }

  /** Those so far, in the order of the plan. */
  get list(): readonly Omission[] {
    return this.#list
  }

  /** What the archive has in place of the entry at `index`, once it is known that it cannot be had. */
  add({ entry: index, reason }: Omission): PlannedEntry | undefined {
    const { entries, onError } = this.#plan
    const instead = onError === 'placeholder' ? this.#placeholder(entries[index]!) : undefined
    this.#list.push({ entry: index, reason: reason.slice(0, LONGEST_REASON) })
    this.#instead.set(index, instead)
    return instead
  }

  /** What the archive has for the entry at `index`: itself, a text in its place, or nothing. */
  entry(index: number): PlannedEntry | undefined {
    return this.#instead.has(index) ? this.#instead.get(index) : this.#plan.entries[index]
  }

  /** The text in place of the last entry that was added. */
  get text(): Uint8Array<ArrayBuffer> {
    return encoder.encode(`${this.#list.at(-1)!.reason}\n`)
  }

  /** The text that ends an archive from which files are missing; `undefined` if none is. */
  get report(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#plan.report === undefined || this.#list.length === 0) return undefined
    const told = this.#list.map((omission) => paragraph(this.#plan, omission))
    return encoder.encode([title(this.#plan, told.length), ...told].join(''))
  }

  #placeholder(entry: PlannedEntry): PlannedEntry {
    // Made when it is needed, which is seldom, and the same each time: from all names of the plan.
    this.#names ??= namesOf(this.#plan)
    const start = entry.name.lastIndexOf('/') + 1
    const part = fitPart(entry.name.slice(start), PLACEHOLDER_SUFFIX, false)
    return textEntry({
      ...entry,
      name: this.#names.claim(entry.name.slice(0, start) + part, 'file'),
    })
  }
}

function title({ entries }: ArchivePlan, count: number): string {
  return `${count} of ${entries.length} files could not be had, and are not in this archive:\n`
}

/** What the report says of one that is missing. */
function paragraph({ entries }: ArchivePlan, { entry, reason }: Omission): string {
  return `\n${entries[entry]!.name}\n  ${reason}\n`
}

/** What an archive will be longer than planned, or shorter, by what is missing; but for what 4 GiB and taken names change. */
export class OmittedLength {
  readonly #plan: ArchivePlan
  readonly #writer = new RecordWriter(1024)
  #count = 0
  #change = 0
  /** Bytes of the report after its title. */
  #told = 0

  constructor(plan: ArchivePlan) {
    this.#plan = plan
  }

  /** By those of `list`, of which the first may have been told before. */
  of(list: readonly Omission[]): number {
    const { entries, report } = this.#plan
    for (const omission of list.slice(this.#count)) {
      const entry = entries[omission.entry]!
      this.#change -= this.#lengthOf(entry, entry.size!)
      this.#told += bytesOf(paragraph(this.#plan, omission))
      if (report) continue
      const name = entry.name + PLACEHOLDER_SUFFIX
      this.#change += this.#lengthOf(textEntry({ ...entry, name }), bytesOf(omission.reason) + 1)
    }
    this.#count = list.length
    if (!report || this.#count === 0) return this.#change
    return (
      this.#change + this.#lengthOf(report, bytesOf(title(this.#plan, this.#count)) + this.#told)
    )
  }

  #lengthOf(entry: PlannedEntry, size: number): number {
    return entryLength(this.#writer, entry, size) + directoryLength(this.#writer, entry, size)
  }
}

function bytesOf(text: string): number {
  return encoder.encode(text).length
}

/** An entry for a text that is made while the archive is. */
export function textEntry({
  name,
  lastModified,
  dosTimestamp,
}: Pick<PlannedEntry, 'name' | 'lastModified' | 'dosTimestamp'>): PlannedEntry {
  return {
    name,
    kind: 'file',
    framing: 'sized',
    zip64: false,
    lastModified,
    dosTimestamp,
    mode: 0o644,
    comment: '',
    size: undefined,
    crc32: undefined,
  }
}

function namesOf({ entries }: ArchivePlan): UniqueNames {
  const names = new UniqueNames('rename')
  for (const { name, kind } of entries) {
    if (kind === 'directory') names.claim(name.slice(0, -1), 'directory')
    else names.claim(name, 'file')
  }
  return names
}

const encoder = /* @__PURE__ */ new TextEncoder()
