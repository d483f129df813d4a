/** What is needed to go on with an archive from a byte of it, in any thread, at any time. */

import { HoldallError } from '../errors.ts'
import type { Omission } from './omissions.ts'
import { shownAs } from './option-checks.ts'
import type { ArchivePlan } from './plan.ts'
import { STORED_BLOCK } from './records.ts'

/**
 * A place in an archive between two of its chunks. Plain data: it survives `structuredClone` and
 * IndexedDB. Bytes made after it do not exist for who goes on from it.
 */
export interface Checkpoint {
  readonly version: 1
  /** The fingerprint of the plan that it belongs to. */
  readonly plan: string
  /** Bytes of the archive up to here. */
  readonly offset: number
  /** Entries finished up to here, descriptors and all; the next one is under way. */
  readonly entry: number
  /** Bytes of the content of the entry under way that are in the archive. */
  readonly position: number
  /** CRC-32 of those bytes; of all its content, if that was known before they were written. */
  readonly crc32: number
  /** CRC-32 of each finished entry. */
  readonly crcs: Uint32Array<ArrayBuffer>
  /** Size of each finished entry in bytes; absent where the plan knows all sizes. */
  readonly sizes?: Float64Array<ArrayBuffer>
  /** The entries among them that are missing; absent if none is. */
  readonly omissions?: readonly Omission[]
  /** What the source of the entry under way says of itself, for whoever opens it again; plain data. */
  readonly source?: unknown
}

export function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/**
 * Makes sure that `checkpoint` is one of `plan`'s.
 *
 * @throws {HoldallError} `invalid-checkpoint`.
 */
export function checkCheckpoint(checkpoint: Checkpoint, plan: ArchivePlan): void {
  const reason = faultOf(checkpoint, plan)
  if (reason !== undefined) throw invalidCheckpoint(reason)
}

export function invalidCheckpoint(reason: string): HoldallError {
  return new HoldallError(
    'invalid-checkpoint',
    `Cannot go on from the checkpoint: ${reason}; start the archive anew`,
    { reason },
  )
}

function faultOf(checkpoint: Checkpoint, plan: ArchivePlan): string | undefined {
  if (typeof checkpoint !== 'object' || checkpoint === null) return 'it is not an object'
  const { version, plan: fingerprint, offset, entry, position, crc32, crcs, sizes } = checkpoint
  const { omissions } = checkpoint
  if (version !== 1) return `its version is ${shownAs(version)}, this library's is 1`
  if (fingerprint !== plan.fingerprint) return 'it belongs to another list of files'
  if (![offset, entry, position, crc32].every(isCount)) return 'a number in it is damaged'
  if (entry > plan.entries.length) return 'it counts more entries than there are'
  if (!(crcs instanceof Uint32Array) || crcs.length < entry) return 'CRCs are missing from it'
  const under = plan.entries[entry]
  if (position > (under === undefined ? 0 : (under.size ?? Infinity))) {
    return 'it lies beyond the end of its entry'
  }
  if (under?.framing === 'deflate-stored' && position % STORED_BLOCK !== 0) {
    return 'it lies inside a block'
  }
  if (offset > (plan.length ?? Infinity)) return 'it lies beyond the end of the archive'
  if (plan.length === undefined && !(sizes instanceof Float64Array && sizes.length >= entry)) {
    return 'sizes are missing from it'
  }
  return omissions === undefined || areOmissions(omissions, checkpoint, plan)
    ? undefined
    : 'what is left out of it is damaged'
}

function areOmissions(list: unknown, { entry }: Checkpoint, { onError }: ArchivePlan): boolean {
  if (!Array.isArray(list) || onError === 'abort') return false
  let last = -1
  return (list as readonly (Partial<Omission> | null)[]).every((omission) => {
    const { entry: index, reason } = omission ?? {}
    const follows = isCount(index) && index! > last && index! < entry
    last = index ?? last
    return follows && typeof reason === 'string'
  })
}
