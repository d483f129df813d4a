/** Compares the bytes of a file with the SHA-256 that its caller gave. */

import { sha256 } from '@noble/hashes/sha2.js'
import { HoldallError } from '../errors.ts'
import type { ManifestFile } from '../manifest/types.ts'
import type { Content } from '../zip/encode.ts'

/**
 * The content of `file` from byte `position` on, which fails at its end if it is another than was told.
 *
 * A digest cannot begin half-way: what comes before `position` is read, too, and not given.
 *
 * In JavaScript, as the Web's own digest takes a file in one piece only.
 *
 * @param open Opens the content, from a byte on.
 * @throws {HoldallError} `sha256-mismatch`.
 */
export async function withDigest(
  file: ManifestFile,
  position: number,
  open: (position: number) => Content | Promise<Content>,
): Promise<Content> {
  const content = await open(0)
  if (!(content instanceof Uint8Array)) return digested(file, position, content)
  compare(file, sha256(content))
  return content.subarray(position)
}

async function* digested(
  file: ManifestFile,
  position: number,
  chunks: Exclude<Content, Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  const hash = sha256.create()
  let left = position
  for await (const chunk of chunks) {
    hash.update(chunk)
    const given = chunk.subarray(Math.min(left, chunk.length))
    left -= chunk.length - given.length
    if (given.length > 0) yield given
  }
  compare(file, hash.digest())
}

function compare({ name, sha256: planned, source }: ManifestFile, digest: Uint8Array): void {
  const actual = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  if (planned === undefined || actual === planned) return
  const url = source?.type === 'url' ? source.url : undefined
  throw new HoldallError(
    'sha256-mismatch',
    `Cannot store "${name}"${url === undefined ? '' : ` from ${url}`}: planned SHA-256 ${planned}, its bytes have ${actual}; the file has changed or the manifest is wrong`,
    { entry: name, ...(url !== undefined && { url }), planned, actual },
  )
}
