/** From a list of entries to an archive that is settled to the last byte, before any is fetched. */

import { checkArchiveComment, checkedList, checkEntry, checkNameLength } from './checks.ts'
import type { EntryInput } from './entry.ts'
import { Measure } from './measure.ts'
import { safeName, trimEnd, type NameWarning } from './names.ts'
import { PLACEHOLDER_SUFFIX, textEntry } from './omissions.ts'
import { checkPlanOptions } from './option-checks.ts'
import { compressedSize, MAX_32, type EntryHeader, type Framing } from './records.ts'
import { dosTimestamp } from './timestamp.ts'
import { UniqueNames } from './unique-names.ts'

export type { EntryInput }

/** What becomes of a file that cannot be had; see `ArchiveOptions.onError`. */
export type OnError = 'abort' | 'skip' | 'placeholder'

/** What applies to the whole archive. */
export interface PlanOptions {
  /** Two entries of one name. Default: `'rename'`. */
  readonly duplicates?: 'rename' | 'error'
  /**
   * What entries do whose CRC-32 or size is not known beforehand. `auto` is `deflate-stored`,
   * which streaming readers can follow. Default: `'auto'`.
   */
  readonly framing?: 'auto' | 'store' | 'deflate-stored'
  readonly comment?: string
  /**
   * What becomes of an entry whose content cannot be had: the archive fails; or the entry is left out,
   * and a last one, `holdall-report.txt`, says which and why; or a text is in its place,
   * `NAME.error.txt`. Where entries may be left out, no length can be promised. Default: `'abort'`.
   */
  readonly onError?: OnError
  /** The modification time of entries that have none, in ms since 1970. Default: the present. */
  readonly now?: number
}

/** One entry, settled. */
export interface PlannedEntry extends EntryHeader {
  /** In bytes; `undefined` if unknown. */
  readonly size: number | undefined
  /** `undefined` if unknown. */
  readonly crc32: number | undefined
}

/** An archive, settled. Plain data: it can be cloned, stored, and sent to another thread. */
export interface ArchivePlan {
  readonly version: 1
  readonly entries: readonly PlannedEntry[]
  readonly comment: string
  /** The archive's exact length in bytes; `undefined` if a size is unknown, or entries may be left out. */
  readonly length: number | undefined
  /** The same if no entry will be left out: a guess, where some may be. */
  readonly expectedLength: number | undefined
  readonly onError: OnError
  /** The entry that says which others were left out, if there will be any; only with `'skip'`. */
  readonly report: PlannedEntry | undefined
  /** Tells archives apart: two plans with the same one give the same records. */
  readonly fingerprint: string
  /** Names that are not as asked for. */
  readonly warnings: readonly NameWarning[]
}

/**
 * Settles names, framings, and where all sizes are known, every offset and the exact length.
 *
 * The length is measured on the very records that `encodeArchive` writes.
 *
 * @param toDos Modification times (ms since 1970) in the DOS format. Default: in this machine's time zone.
 * @throws {HoldallError} `invalid-file`, `missing-name`, `name-too-long`, `duplicate-name`, `invalid-size`, `invalid-crc32`,
 *   `invalid-metadata`, `comment-too-long`, `invalid-option`.
 */
export function planArchive(
  inputs: Iterable<EntryInput>,
  options: PlanOptions = {},
  toDos: (lastModified: number) => number = dosTimestamp,
): ArchivePlan {
  const { duplicates = 'rename', framing = 'auto', comment = '', now = Date.now() } = options
  const { onError = 'abort' } = options
  checkPlanOptions(options)
  checkArchiveComment(comment)
  const names = new UniqueNames(duplicates)
  const warnings: NameWarning[] = []
  const entries: PlannedEntry[] = []
  const measure = new Measure()
  const clock = rememberingLast(toDos)
  const defaults = { framing, now, clock, onError }
  let index = 0
  for (const input of checkedList(inputs)) {
    checkEntry(input, index++)
    const entry = planEntry(input, names, warnings, defaults)
    entries.push(entry)
    measure.add(entry)
  }
  const expectedLength = measure.end(comment)
  return {
    version: 1,
    entries,
    comment,
    length: onError === 'abort' ? expectedLength : undefined,
    expectedLength,
    onError,
    report: onError === 'skip' ? reportEntry(names, defaults) : undefined,
    fingerprint: measure.fingerprint + (onError === 'abort' ? '' : `-${onError}`),
    warnings,
  }
}

/**
 * The exact length in bytes of the archive of `entries`.
 *
 * @returns `undefined` if the size of any of them is unknown.
 * @throws {HoldallError} As `planArchive` does.
 */
export function archiveLength(
  entries: Iterable<EntryInput>,
  options?: PlanOptions,
): number | undefined {
  return planArchive(entries, options).length
}

interface EntryDefaults {
  readonly framing: NonNullable<PlanOptions['framing']>
  readonly now: number
  readonly onError: OnError
  readonly clock: (lastModified: number) => number
}

/** `convert`, which need not be asked twice in a row: a thousand entries often share one time. */
function rememberingLast(convert: (value: number) => number): (value: number) => number {
  let last = NaN
  let result = NaN
  return (value) => {
    if (value !== last) {
      last = value
      result = convert(value)
    }
    return result
  }
}

const DEFAULT_MODE = { file: 0o644, directory: 0o755, symlink: 0o777 }

function planEntry(
  input: EntryInput,
  names: UniqueNames,
  warnings: NameWarning[],
  { framing: option, now, clock, onError }: EntryDefaults,
): PlannedEntry {
  const kind = input.kind ?? (endsInSlash(input.name) ? 'directory' : 'file')
  const name = claimName(input.name, kind === 'directory', names, warnings)
  // Its placeholder, perhaps with a number, must have a name that can be written, too.
  if (onError === 'placeholder') checkNameLength(`${name}${PLACEHOLDER_SUFFIX} (100000)`)
  const size = kind === 'directory' ? 0 : input.size
  const lastModified = input.lastModified ?? now
  const known = input.crc32 !== undefined || input.whole === true || kind === 'directory'
  const sized = size !== undefined && known
  const framing: Framing = sized ? 'sized' : option === 'store' ? 'store' : 'deflate-stored'
  return {
    name,
    kind,
    framing,
    zip64: size === undefined || compressedSize(framing, size) >= MAX_32,
    lastModified,
    dosTimestamp: clock(lastModified),
    mode: input.mode ?? DEFAULT_MODE[kind],
    comment: input.comment ?? '',
    size,
    crc32: kind === 'directory' ? 0 : input.crc32,
  }
}

/** Named last, so that an entry of this name keeps it. */
function reportEntry(names: UniqueNames, { now, clock }: EntryDefaults): PlannedEntry {
  return textEntry({
    name: names.claim('holdall-report.txt', 'file'),
    lastModified: now,
    dosTimestamp: clock(now),
  })
}

function endsInSlash(name: string): boolean {
  return name.endsWith('/') || name.endsWith('\\')
}

function claimName(
  asked: string,
  directory: boolean,
  names: UniqueNames,
  warnings: NameWarning[],
): string {
  const trimmed = directory ? trimEnd(asked, '/\\') : asked
  const safe = safeName(trimmed)
  const unique = names.claim(safe, directory ? 'directory' : 'file')
  const to = directory ? `${unique}/` : unique
  checkNameLength(to)
  if (unique !== safe) {
    const message = `"${asked}" is "${to}" in the archive: another entry has its name`
    warnings.push({ code: 'name-renamed', message, from: asked, to })
  } else if (safe !== trimmed && safe !== trimmed.normalize('NFC')) {
    const message = `"${asked}" is "${to}" in the archive: not every system could unpack its name`
    warnings.push({ code: 'name-changed', message, from: asked, to })
  }
  return to
}
