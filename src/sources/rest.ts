/** What follows in a file on what was taken of it before, if that is still the same. */

import { HoldallError } from '../errors.ts'
import type { ManifestFile } from '../manifest/types.ts'
import { crc32 } from '../zip/crc32.ts'

/**
 * `chunks` of the whole of `file` from byte `position` on.
 *
 * @param crcTaken The CRC-32 of what was taken before; asked for when that has been read again.
 * @throws {HoldallError} `source-changed`.
 */
export async function* restOf(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  file: ManifestFile,
  position: number,
  crcTaken: () => number,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let left = position
  let crc = 0
  for await (const chunk of chunks) {
    const given = chunk.subarray(Math.min(left, chunk.length))
    if (left > 0) {
      crc = crc32(chunk.subarray(0, chunk.length - given.length), crc)
      left -= chunk.length - given.length
      if (left === 0 && crc !== crcTaken()) throw changedSince(file)
    }
    if (given.length > 0) yield given
  }
  if (left > 0) throw changedSince(file)
}

/** The error for a file that cannot be gone on with. */
export function changedSince({ name, source }: ManifestFile): HoldallError {
  const url = source?.type === 'url' || source?.type === 'cached' ? source.url : ''
  return new HoldallError(
    'source-changed',
    `Cannot go on with "${name}": it changed since a part of it was read; start the archive anew`,
    { entry: name, url },
  )
}
