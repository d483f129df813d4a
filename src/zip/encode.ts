/** The encoder: a plan and the content of its entries in, the chunks of the archive out. */

import { checkCheckpoint, type Checkpoint } from './checkpoint.ts'
import type { CheckpointDelta } from './checkpoint-log.ts'
import type { BufferPool } from './buffer-pool.ts'
import { CHUNK_LENGTH, type Content, type OpenContent, type Opened } from './content.ts'
import type { ArchivePlan } from './plan.ts'
import type { Omission } from './omissions.ts'
import { Run } from './run.ts'
import type { Received } from './tally.ts'

export { CHUNK_LENGTH, type Content, type OpenContent, type Opened }

/** The running encoder: a generator of chunks, which can say between any two of them where it is. */
export interface ArchiveEncoder extends AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  /** Where the archive is after the last chunk that was given. */
  checkpoint(): Checkpoint
  /** The same, without what was told of the first `since` entries. */
  checkpointSince(since: number): CheckpointDelta
  /** Index of the entry under way: as many are finished. */
  readonly entry: number
  /** Bytes of the entry under way that were given. */
  readonly position: number
  /** Bytes of the archive that were given. */
  readonly offset: number
  /** How much of the entry under way its source has given, and the CRC-32 of that. */
  readonly received: Received
  /** The entries so far that are missing, and why. */
  readonly omissions: readonly Omission[]
}

/** What an encoder may be given by whoever runs it. */
export interface EncodeOptions {
  /** What checkpoints inside the entry at `index` shall keep of its source; see `Checkpoint`. */
  readonly sourceOf?: (index: number) => unknown
  /**
   * Whether the content of the entry at `index` fails at its end if it is wrong: then it is opened, too, where a
   * checkpoint has all of it, for nobody has seen that end. Default: none does.
   */
  readonly isChecked?: (index: number) => boolean
  /**
   * Where buffers for chunks come from, each of just as many bytes as are asked for, with anything in them: so
   * that those of chunks that were used can be used again; but none that did not come from here, as a chunk may be a
   * view of what `open` gave. Default: they are all new.
   */
  readonly buffers?: Pick<BufferPool, 'take'>
}

/**
 * Makes the archive of `plan`, in chunks of at most `CHUNK_LENGTH` bytes, no faster than they are
 * taken.
 *
 * The same plan and content give the same bytes, at every chunking of the content, and from every
 * checkpoint on. Only one chunk is held. Large pieces of content are passed on without a copy, so
 * a chunk may be a view of what `open` gave.
 *
 * The generator's `return()` closes the content under way. It waits neither for content that is being
 * opened, nor for more than the next piece of what is being read: abort the source to end that, too.
 *
 * @param from Where to go on. Default: the start.
 * @throws {HoldallError} `invalid-checkpoint` at once. While it runs: `size-mismatch`,
 *   `crc-mismatch`, and whatever `open` and the content throw.
 */
export function encodeArchive(
  plan: ArchivePlan,
  open: OpenContent,
  from?: Checkpoint,
  options: EncodeOptions = {},
): ArchiveEncoder {
  if (from !== undefined) checkCheckpoint(from, plan)
  const run = new Run(plan, open, from, options)
  const chunks = run.chunks()
  return Object.defineProperties(chunks as ArchiveEncoder, {
    return: {
      value: () => {
        run.leave()
        return Object.getPrototypeOf(chunks).return.call(chunks)
      },
    },
    checkpoint: { value: () => run.checkpoint() },
    checkpointSince: { value: (since: number) => run.checkpointSince(since) },
    entry: { get: () => run.entry },
    position: { get: () => run.position },
    offset: { get: () => run.offset },
    received: { get: () => run.received },
    omissions: { get: () => run.omissions },
  })
}
