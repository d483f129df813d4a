/** The content of entries, and the pieces that it comes in. */

import type { Missing } from './omissions.ts'
import type { PlannedEntry } from './plan.ts'
import { STORED_BLOCK, STORED_BLOCK_HEADER } from './records.ts'

/** Content of an entry: in one piece, or in chunks. */
export type Content = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/**
 * Opens the content of the entry at `index` of the plan, from byte `position` on. Called in order,
 * once for each entry that is not a directory, when its turn comes; not for one of which all the
 * content is in the archive at the checkpoint, unless `isChecked`.
 *
 * Where it `mayBeMissing`, as the plan's `onError` allows it and not even its header is in the archive yet, the
 * entry may turn out to be missing: then no header of it is written.
 */
export type OpenContent = (
  index: number,
  position: number,
  mayBeMissing: boolean,
) => Opened | Promise<Opened>

/** Content, or why there is none. */
export type Opened = Content | Missing

/**
 * The most bytes in a chunk, but for a record that follows: just 16 full stored blocks, so that those
 * of a large entry fill buffers that are handed over as they are. About 1 MiB.
 */
export const CHUNK_LENGTH: number = 16 * (STORED_BLOCK_HEADER + STORED_BLOCK)

/** Content that comes in pieces of at least this many bytes is passed on as it is, not copied. */
export const PASS_FROM: number = 64 * 1024

/** With this many bytes at hand, they are sent on rather than kept until a source gives more. */
export const SEND_FROM: number = 128 * 1024

/** Content of which there is no more. */
export const NOTHING: Uint8Array<ArrayBuffer> = new Uint8Array(0)

export function inOnePiece({ name }: PlannedEntry, content: Content): Uint8Array<ArrayBuffer> {
  if (content instanceof Uint8Array) return content as Uint8Array<ArrayBuffer>
  throw new TypeError(`The content of "${name}" was planned as whole, and is not a Uint8Array`)
}

export function inChunks(
  content: Content,
): Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>> {
  return (content instanceof Uint8Array ? [content] : content) as Iterable<Uint8Array<ArrayBuffer>>
}

/** Closes content that nobody has begun to read; that which is on its way, when it comes. */
export async function closeUnread(content: Opened | Promise<Opened>): Promise<void> {
  try {
    if (content instanceof Promise) {
      void content.then(closeUnread, () => undefined)
    } else if (Symbol.asyncIterator in content) {
      await content[Symbol.asyncIterator]().return?.()
    } else if (!(content instanceof Uint8Array) && Symbol.iterator in content) {
      content[Symbol.iterator]().return?.()
    }
  } catch {
    // Nobody wants it any more, nor to hear how it ended.
  }
}

/** `bytes` as they are, in pieces of at most a chunk. */
export function* inPieces(
  bytes: Uint8Array<ArrayBuffer>,
): Generator<Uint8Array<ArrayBuffer>, void, void> {
  if (bytes.length <= CHUNK_LENGTH) yield bytes
  else {
    for (let start = 0; start < bytes.length; start += CHUNK_LENGTH) {
      yield bytes.subarray(start, start + CHUNK_LENGTH)
    }
  }
}
