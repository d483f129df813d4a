/** An archive cut into parts for an upload, each with what it takes to go on after it. */

import type { CheckpointDelta, CheckpointLog, CheckpointPart } from '../zip/checkpoint-log.ts'
import { invalidCheckpoint } from '../zip/checkpoint.ts'
import { crc32 } from '../zip/crc32.ts'
import { readableFromPort } from '../port/readable.ts'
import type { UploadPart } from './upload-target.ts'

/** Some bytes of an archive, and the checkpoints that lie at their end. */
export interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly marks: readonly CheckpointDelta[]
}

/** What comes over `port`. */
export async function* piecesFrom(port: MessagePort): AsyncGenerator<Piece, void, void> {
  const told: { mark: CheckpointDelta; bytes: number }[] = []
  const marked = (mark: unknown, bytes: number): void => {
    told.push({ mark: mark as CheckpointDelta, bytes })
  }
  let taken = 0
  const reader = readableFromPort(port, { marked }).getReader()
  for (;;) {
    const { done, value: bytes } = await reader.read()
    if (done) return
    taken += bytes.length
    const marks: CheckpointDelta[] = []
    while (told.length > 0 && told[0]!.bytes <= taken) marks.push(told.shift()!.mark)
    yield { bytes, marks }
  }
}

/** A part, and what it takes to go on after it. */
export interface CutPart extends UploadPart {
  /** Checkpoints up to one before its end, more than those of the parts before. */
  readonly mark?: CheckpointPart | undefined
  /** Of the bytes between that checkpoint and its end. */
  readonly crc32: number
}

/** The parts that are there already. */
export interface Begun {
  /** How many. */
  readonly parts: number
  /** Bytes that come again, up to the end of the last of them: as checkpoints lie between chunks only. */
  readonly again: number
  /** Of these bytes. */
  readonly crc32: number
}

/**
 * Cuts `pieces` into parts of `size` bytes; the last one may be shorter.
 *
 * @param log Gets the checkpoints; has those of the parts that are there. Absent if none come.
 * @throws {HoldallError} `invalid-checkpoint`, if what comes again is not what is there; what `pieces` throw.
 */
export async function* cutParts(
  pieces: AsyncIterable<Piece>,
  size: number,
  log: CheckpointLog | undefined,
  { parts, again, crc32: known }: Begun,
): AsyncGenerator<CutPart, void, void> {
  let number = parts
  let left = again
  /** What has come since the last checkpoint. */
  let since: Uint8Array<ArrayBuffer>[] = []
  /** Checkpoints among what comes again: that is compared as a whole. */
  let early: readonly CheckpointDelta[] = []
  /** The part under way: Blobs, as what they hold need not be in memory; and one of all its bytes takes a page too long. */
  let held: Blob[] = []
  let length = 0
  const crcOfSince = (): number => since.reduce((crc, bytes) => crc32(bytes, crc), 0)
  const cut = (): CutPart => {
    const body = new Blob(held)
    const offset = number++ * size
    const part = { number, offset, size: length, body, mark: log?.takePart(), crc32: crcOfSince() }
    held = []
    length = 0
    return part
  }
  for await (const { bytes, marks } of pieces) {
    for (let at = 0; at < bytes.length;) {
      const skips = left > 0
      const end = Math.min(bytes.length, at + (skips ? left : size - length))
      const some = bytes.subarray(at, end)
      at = end
      if (log !== undefined) since.push(some)
      if (skips) {
        left -= some.length
        if (left === 0 && crcOfSince() !== known) {
          throw invalidCheckpoint('a file has changed since a part of it was uploaded')
        }
        continue
      }
      held.push(new Blob([some]))
      length += some.length
      if (length === size) yield cut()
    }
    early = [...early, ...marks]
    if (left > 0 || early.length === 0) continue
    for (const mark of early) log?.add(mark)
    early = []
    since = []
  }
  if (length > 0) yield cut()
}
