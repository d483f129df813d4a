/** Errors for archives that would not be what was planned. */

import { HoldallError } from '../errors.ts'
import { invalidCheckpoint } from './checkpoint.ts'
import type { ArchivePlan, PlannedEntry } from './plan.ts'

/** A source gave more or fewer bytes than were planned. */
export function sizeMismatch(
  { name, size: planned = 0 }: PlannedEntry,
  actual: number,
): HoldallError {
  return new HoldallError(
    'size-mismatch',
    `Cannot store "${name}": planned ${planned} bytes, the source gave ${actual > planned ? 'more' : actual}; give its true size, or none`,
    { entry: name, planned, actual },
  )
}

/** Makes sure that `entry` has room for as many bytes as were `received`. */
export function checkRoom(entry: PlannedEntry, received: number): void {
  if (entry.size !== undefined && received > entry.size) throw sizeMismatch(entry, received)
}

/** A source that was left at `position`, with more to come, has no more. */
export function endsEarly({ name, size }: PlannedEntry, position: number): HoldallError {
  return new HoldallError(
    'size-mismatch',
    `Cannot go on with "${name}": it had more than ${position} bytes and now has not; start the archive anew`,
    { entry: name, planned: size ?? position + 1, actual: position },
  )
}

/** An entry is missing that cannot be left out any more, or from an archive that allows no such thing. */
export function mayNotBeMissing({ name }: PlannedEntry, reason: string): HoldallError {
  return new HoldallError('source-failed', `Cannot pack "${name}": ${reason}`, { entry: name })
}

/** A source gave other bytes than were planned. */
export function crcMismatch(
  { name, crc32: planned = 0 }: PlannedEntry,
  actual: number,
): HoldallError {
  const hex = (crc: number): string => crc.toString(16).padStart(8, '0')
  return new HoldallError(
    'crc-mismatch',
    `Cannot store "${name}": planned CRC-32 ${hex(planned)}, its bytes have ${hex(actual)}; the file has changed or the manifest is wrong`,
    { entry: name, planned, actual },
  )
}

/** Makes sure that content has the CRC-32 that its header in the archive says already; 0 if there is none. */
export function checkHeader(entry: PlannedEntry, given: number, crc: number): void {
  if (given > 0 && given !== crc) throw crcMismatch({ ...entry, crc32: given }, crc)
}

/** Makes sure that an archive of `actual` bytes is what was planned, and reaches to its checkpoint. */
export function checkEnd({ length }: ArchivePlan, actual: number, checkpoint: number): void {
  if (length !== undefined && length !== actual) throw lengthMismatch(length, actual)
  if (actual < checkpoint) throw invalidCheckpoint('it lies beyond the end of the archive')
}

/** The records written are not those that were planned. */
function lengthMismatch(planned: number, actual: number): HoldallError {
  return new HoldallError(
    'length-mismatch',
    `Cannot finish the archive: planned ${planned} bytes, wrote ${actual}; this is a fault in holdall, please report it`,
    { planned, actual },
  )
}
