/** Where a byte of an archive lies: for who is to read no more than leads there. */

import type { Checkpoint } from './checkpoint.ts'
import { CHUNK_LENGTH } from './content.ts'
import { entryLength, lengthUpTo } from './measure.ts'
import type { ArchivePlan } from './plan.ts'
import { RecordWriter } from './record-writer.ts'

/** A byte of the content of an entry. */
export interface Place {
  /** The entry's place in the list. */
  readonly entry: number
  /** In bytes of its content. */
  readonly position: number
}

/**
 * What to read to make the archive up to byte `end`: chunks are made whole, so it may be one more than that.
 *
 * @param plan One that knows all sizes.
 * @param from Where the making begins. Default: the start.
 * @returns The last entry of which something is wanted, and the byte up to which; `undefined` if all is.
 */
export function placeOf(
  plan: ArchivePlan,
  end: number,
  from: Pick<Checkpoint, 'entry' | 'position' | 'offset'> = { entry: 0, position: 0, offset: 0 },
): Place | undefined {
  const writer = new RecordWriter(CHUNK_LENGTH)
  const until = end + CHUNK_LENGTH
  const begun = plan.entries[from.entry]
  let start = from.offset
  if (begun !== undefined) start -= from.position && lengthUpTo(writer, begun, from.position)
  for (let entry = from.entry; entry < plan.entries.length; entry++) {
    const planned = plan.entries[entry]!
    if (planned.size === undefined) return undefined
    const next = start + entryLength(writer, planned, planned.size)
    if (next >= until) return { entry, position: Math.min(planned.size, until - start) }
    start = next
  }
  return undefined
}
