/** Entries with content, and the archive of them at any chunking: what the laws of the encoder need. */

import { encodeArchive, type OpenContent } from '../../src/zip/encode.ts'
import type { Checkpoint } from '../../src/zip/checkpoint.ts'
import {
  planArchive,
  type ArchivePlan,
  type EntryInput,
  type PlanOptions,
} from '../../src/zip/plan.ts'

export interface Entry extends EntryInput {
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Pseudo-random bytes, the same each time. */
export function noise(length: number, seed = 1): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let state = (seed * 2_654_435_761) | 1
  for (let index = 0; index < length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[index] = state
  }
  return bytes
}

export const NOW = Date.UTC(2024, 4, 17, 10, 30, 42)

export function plan(entries: readonly Entry[], options?: PlanOptions): ArchivePlan {
  return planArchive(
    entries.map(({ bytes: _, ...entry }) => entry),
    { now: NOW, ...options },
  )
}

/** Opens the content of `entries` in chunks of `length` bytes; in one piece where that was planned. */
export function opener(entries: readonly Entry[], length: number): OpenContent {
  return (index, position) => {
    const { bytes, whole, size, crc32 } = entries[index]!
    const rest = bytes.slice(position)
    if (whole && size !== undefined && crc32 === undefined) return rest
    return (async function* () {
      for (let at = 0; at < rest.length; at += length) yield rest.slice(at, at + length)
    })()
  }
}

/** The archive's bytes, and the checkpoint after each chunk. */
export async function encode(
  archive: ArchivePlan,
  open: OpenContent,
  from?: Checkpoint,
): Promise<{ bytes: Buffer; checkpoints: Checkpoint[] }> {
  const chunks: Uint8Array[] = []
  const checkpoints: Checkpoint[] = []
  const encoder = encodeArchive(archive, open, from)
  for await (const chunk of encoder) {
    chunks.push(chunk.slice())
    checkpoints.push(encoder.checkpoint())
  }
  return { bytes: Buffer.concat(chunks), checkpoints }
}
