/** What is known of bytes by reading them; and the SHA-256 that a caller gave, compared with it. */

import { sha256 } from '@noble/hashes/sha2.js'
import { HoldallError } from '../errors.ts'
import type { ManifestFile } from '../manifest/types.ts'
import { crc32 } from '../zip/crc32.ts'
import type { Content } from '../zip/encode.ts'
import { readStream } from './read-stream.ts'
import { restOf } from './rest.ts'

/** What tells bytes from others. */
export interface Digests {
  /** In bytes. */
  readonly size: number
  readonly crc32: number
  /** 64 hexadecimal digits, in lower case. */
  readonly sha256: string
}

/** Those of all that `stream` gives, which is read to its end; `null` is no byte. */
export async function digestsOf(
  stream: ReadableStream<Uint8Array> | null,
  signal: AbortSignal,
): Promise<Digests> {
  const hash = sha256.create()
  let size = 0
  let crc = 0
  if (stream !== null) {
    for await (const chunk of readStream(stream, signal, { copied: true })) {
      hash.update(chunk)
      crc = crc32(chunk, crc)
      size += chunk.length
    }
  }
  return { size, crc32: crc, sha256: hexadecimal(hash.digest()) }
}

/**
 * The content of `file` from byte `position` on, which fails at its end if it is another than was told.
 *
 * A digest cannot begin half-way: what comes before `position` is read, too, compared and not given. It may have been
 * of another file, whose digest nobody has seen the end of.
 *
 * In JavaScript, as the Web's own digest takes a file in one piece only.
 *
 * @param open Opens the content, from a byte on.
 * @param crcTaken The CRC-32 of what was taken before `position`.
 * @throws {HoldallError} `sha256-mismatch`, `source-changed`.
 */
export async function withDigest(
  file: ManifestFile,
  position: number,
  open: (position: number) => Content | Promise<Content>,
  crcTaken: () => number,
): Promise<Content> {
  const content = await open(0)
  if (!(content instanceof Uint8Array)) {
    return restOf(digested(file, content), file, position, crcTaken)
  }
  compare(file, sha256(content))
  return content.subarray(position)
}

async function* digested(
  file: ManifestFile,
  chunks: Exclude<Content, Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const hash = sha256.create()
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk as Uint8Array<ArrayBuffer>
  }
  compare(file, hash.digest())
}

function compare({ name, sha256: planned, source }: ManifestFile, digest: Uint8Array): void {
  const actual = hexadecimal(digest)
  if (planned === undefined || actual === planned) return
  const url = source?.type === 'url' ? source.url : undefined
  throw new HoldallError(
    'sha256-mismatch',
    `Cannot store "${name}"${url === undefined ? '' : ` from ${url}`}: planned SHA-256 ${planned}, its bytes have ${actual}; the file has changed or the manifest is wrong`,
    { entry: name, ...(url !== undefined && { url }), planned, actual },
  )
}

/** `bytes` as hexadecimal digits, in lower case. */
export function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
