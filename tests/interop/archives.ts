/** Archives on disk for others to read, and what is in them. */

import { createHash } from 'node:crypto'
import { createWriteStream, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { scratch } from '../../scripts/scratch.mjs'
import { crc32 } from '../../src/zip/crc32.ts'
import { encodeArchive, type Content } from '../../src/zip/encode.ts'
import { planArchive, type EntryInput, type PlanOptions } from '../../src/zip/plan.ts'
import type { Found } from './readers.ts'

export interface Entry extends EntryInput {
  /** The content; a number is as many bytes of a pattern, which are never held at once. */
  readonly content?: string | Uint8Array<ArrayBuffer> | number
  /** Why it cannot be had, if it cannot. */
  readonly missing?: string
}

const MEBIBYTE = 2 ** 20
const pattern = Uint8Array.from(
  { length: MEBIBYTE },
  (_, index) => (index * 31 + (index >> 8)) & 255,
)

function* repeated(size: number): Generator<Uint8Array<ArrayBuffer>> {
  for (let left = size; left > 0; left -= MEBIBYTE)
    yield pattern.subarray(0, Math.min(left, MEBIBYTE))
}

function bytesOf(content: Entry['content']): Uint8Array<ArrayBuffer> {
  return typeof content === 'string'
    ? new TextEncoder().encode(content)
    : (content as Uint8Array<ArrayBuffer>)
}

function contentOf({ content = '', whole }: Entry): Content {
  if (typeof content === 'number') return repeated(content)
  return whole ? bytesOf(content) : [bytesOf(content)]
}

/** CRC-32 of `size` bytes of the pattern. */
export function patternCrc32(size: number): number {
  let crc = 0
  for (const chunk of repeated(size)) crc = crc32(chunk, crc)
  return crc
}

export interface Archive {
  readonly path: string
  /** What readers must find in it. */
  expected(): Found
  /** Of the contents of all files. */
  readonly bytes: number
  /** SHA-256 of the contents of all files, one after the other. */
  contents(): string
  /** What those must find that read the first file only, and do not say its name. */
  firstFile(): Found
  remove(): void
}

/**
 * Writes the archive of `entries` to a new file.
 *
 * @param inPlace By name, the texts that it has for those that are missing.
 */
export async function write(
  entries: readonly Entry[],
  options?: PlanOptions,
  inPlace: Readonly<Record<string, string>> = {},
): Promise<Archive> {
  const folder = scratch('archive')
  const path = join(folder, 'archive.zip')
  const plan = planArchive(
    entries.map(({ content: _, missing: __, ...entry }) => entry),
    { now: Date.UTC(2024, 1, 29, 12, 0, 0), ...options },
  )
  const chunks = encodeArchive(plan, (index) => {
    const { missing } = entries[index]!
    return missing === undefined ? contentOf(entries[index]!) : { missing }
  })
  await pipeline(Readable.from(chunks), createWriteStream(path))
  return {
    path,
    expected: () => {
      const files = plan.entries.flatMap(({ name, kind }, index) =>
        kind === 'directory' || entries[index]!.missing !== undefined
          ? []
          : [[name, found(entries[index]!)] as const],
      )
      const texts = Object.entries(inPlace).map(
        ([name, content]) => [name, found({ name, content })] as const,
      )
      return Object.fromEntries([...files, ...texts])
    },
    bytes: entries.reduce((sum, { content = '' }) => sum + lengthOf(content), 0),
    contents: () => {
      const hash = createHash('sha256')
      for (const entry of entries) for (const chunk of chunksOf(entry)) hash.update(chunk)
      return hash.digest('hex')
    },
    firstFile: () => ({ first: found(entries.find(({ missing }) => missing === undefined)!) }),
    remove: () => rmSync(folder, { recursive: true }),
  }
}

function lengthOf(content: NonNullable<Entry['content']>): number {
  return typeof content === 'number' ? content : bytesOf(content).length
}

function chunksOf(entry: Entry): Iterable<Uint8Array> {
  return contentOf({ ...entry, whole: false }) as Iterable<Uint8Array>
}

function found(entry: Entry): Found[string] {
  const hash = createHash('sha256')
  let size = 0
  for (const chunk of chunksOf(entry)) {
    hash.update(chunk)
    size += chunk.length
  }
  return { size, sha256: hash.digest('hex') }
}
