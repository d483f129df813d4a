/** Checks of what an entry is to say, against what a ZIP archive can hold. */

import { HoldallError } from '../errors.ts'
import { MAX_FIELD_LENGTH, utf8Length } from './names.ts'
import type { EntryInput } from './entry.ts'
import { invalidOption, shownAs } from './option-checks.ts'
import { MAX_32 } from './records.ts'

const KINDS: readonly unknown[] = ['file', 'directory', 'symlink']

/** The last time that a `Date` can hold, in ms; the first is as far before 1970. */
const LATEST = 8.64e15

/**
 * Makes sure that an entry can be written.
 *
 * @param index Its place in the list.
 * @throws {HoldallError} `invalid-file`, `missing-name`, `name-too-long`, `invalid-size`, `invalid-crc32`, `invalid-metadata`,
 *   `comment-too-long`.
 */
export function checkEntry(input: EntryInput, index: number): void {
  if (typeof input !== 'object' || input === null) {
    const message = `Cannot pack entry ${index}: it is ${shownAs(input)}, and no object with a name`
    throw new HoldallError('invalid-file', message, { index })
  }
  const { name, kind, size, crc32: crc, mode, lastModified, comment } = input
  if (typeof name !== 'string') {
    const message = `Cannot pack entry ${index}: its name is ${shownAs(name)}; give it a string`
    throw new HoldallError('missing-name', message, { index })
  }
  checkNameLength(name)
  if (kind !== undefined && !KINDS.includes(kind)) {
    throw invalidMetadata(name, 'kind', "'file', 'directory' or 'symlink'", kind)
  }
  if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
    throw new HoldallError(
      'invalid-size',
      `Cannot pack "${name}": size must be a whole number of bytes, 0 or more, not ${shownAs(size)}; leave it out if it is unknown`,
      { entry: name, size },
    )
  }
  if (crc !== undefined && !(Number.isInteger(crc) && crc >= 0 && crc <= MAX_32)) {
    throw new HoldallError(
      'invalid-crc32',
      `Cannot pack "${name}": crc32 must be a whole number from 0 to 4294967295, not ${shownAs(crc)}; leave it out if it is unknown`,
      { entry: name, crc32: crc },
    )
  }
  if (mode !== undefined && !(Number.isInteger(mode) && mode >= 0 && mode <= 0o7777)) {
    throw invalidMetadata(name, 'mode', 'POSIX permission bits from 0 to 0o7777', mode)
  }
  if (lastModified !== undefined && !(isNumber(lastModified) && Math.abs(lastModified) <= LATEST)) {
    throw invalidMetadata(name, 'lastModified', 'a date', lastModified)
  }
  if (comment === undefined) return
  if (typeof comment !== 'string') throw invalidMetadata(name, 'comment', 'a string', comment)
  checkComment(comment, name)
}

/**
 * `inputs`, if it can be gone through.
 *
 * @throws {HoldallError} `invalid-option`.
 */
export function checkedList(inputs: Iterable<EntryInput>): Iterable<EntryInput> {
  if (typeof inputs === 'object' && inputs !== null && Symbol.iterator in inputs) return inputs
  throw invalidOption('entries', 'an iterable of entries', inputs)
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number'
}

/** @throws {HoldallError} `name-too-long`. */
export function checkNameLength(name: string): void {
  if (name.length * 3 <= MAX_FIELD_LENGTH) return
  const length = utf8Length(name)
  if (length <= MAX_FIELD_LENGTH) return
  const entry = `${name.slice(0, 60)}…`
  throw new HoldallError(
    'name-too-long',
    `Cannot pack "${entry}": its name takes ${length} bytes, a ZIP archive holds ${MAX_FIELD_LENGTH}; shorten it`,
    { entry, length },
  )
}

function invalidMetadata(
  entry: string,
  field: string,
  wanted: string,
  value: unknown,
): HoldallError {
  const message = `Cannot pack "${entry}": ${field} must be ${wanted}, not ${shownAs(value)}`
  return new HoldallError('invalid-metadata', message, { entry, field })
}

/**
 * Makes sure that the archive's comment can be written, and its end be found in spite of it: readers
 * look for the end record by its signature, from the last byte on.
 *
 * @throws {HoldallError} `comment-too-long`, `invalid-option`.
 */
export function checkArchiveComment(comment: string): void {
  checkComment(comment)
  if (!comment.includes('PK\x05\x06')) return
  throw new HoldallError(
    'invalid-option',
    'Cannot write the comment of the archive: readers would take "PK\\x05\\x06" in it for the end of the directory; leave that out',
    { option: 'comment' },
  )
}

function checkComment(comment: string, entry?: string): void {
  if (comment.length * 3 <= MAX_FIELD_LENGTH) return
  const length = utf8Length(comment)
  if (length <= MAX_FIELD_LENGTH) return
  const of = entry === undefined ? 'the archive' : `"${entry}"`
  throw new HoldallError(
    'comment-too-long',
    `Cannot write the comment of ${of}: it takes ${length} bytes, a ZIP archive holds ${MAX_FIELD_LENGTH}; shorten it`,
    { ...(entry === undefined ? {} : { entry }), length },
  )
}
