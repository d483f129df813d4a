/** Checkpoints of one archive as they come, each told by what it has more than the one before. */

import type { Checkpoint } from './checkpoint.ts'
import type { Omission } from './omissions.ts'

/**
 * A checkpoint, less what was told of the first `since` entries: so that each is as small as what lies
 * between it and the last. Plain data.
 */
export interface CheckpointDelta extends Pick<
  Checkpoint,
  'offset' | 'entry' | 'position' | 'crc32' | 'crcs' | 'sizes' | 'omissions' | 'source'
> {
  readonly since: number
}

/** Checkpoints closer together than this (bytes) are not worth keeping, but for the last. */
const APART = 4 * 1024 * 1024

type Place = Pick<Checkpoint, 'offset' | 'entry' | 'position' | 'crc32' | 'source'>

/** All that came so far: any of them can be made again from it. */
export class CheckpointLog {
  readonly #places: Place[] = []
  #last: Place | undefined
  #crcs = new Uint32Array(0)
  #sizes: Float64Array<ArrayBuffer> | undefined
  #omissions: Omission[] = []

  /** Takes the next one. */
  add({ since, crcs, sizes, omissions, ...place }: CheckpointDelta): void {
    const { offset, entry } = place
    this.#last = place
    if (offset - (this.#places.at(-1)?.offset ?? -APART) >= APART) this.#places.push(this.#last)
    this.#crcs = grown(this.#crcs, entry, Uint32Array)
    this.#crcs.set(crcs.subarray(0, entry - since), since)
    if (sizes !== undefined) {
      this.#sizes = grown(this.#sizes ?? new Float64Array(0), entry, Float64Array)
      this.#sizes.set(sizes.subarray(0, entry - since), since)
    }
    if (omissions !== undefined) this.#omissions.push(...omissions)
  }

  /** Bytes of the archive up to the last one; 0 if there is none. */
  get offset(): number {
    return this.#last?.offset ?? 0
  }

  /**
   * The last checkpoint that is not after `offset`, but for those that were not worth keeping.
   *
   * @param plan The fingerprint of the plan that it belongs to.
   * @returns `undefined` if it is best to begin at the start.
   */
  before(offset: number, plan: string): Checkpoint | undefined {
    const last = this.#last
    const place =
      last !== undefined && last.offset <= offset
        ? last
        : this.#places.findLast((candidate) => candidate.offset <= offset)
    if (place === undefined) return undefined
    const omissions = this.#omissions.filter(({ entry }) => entry < place.entry)
    return {
      version: 1,
      plan,
      ...place,
      crcs: this.#crcs.slice(0, place.entry),
      ...(this.#sizes !== undefined && { sizes: this.#sizes.slice(0, place.entry) }),
      ...(omissions.length > 0 && { omissions }),
    }
  }
}

/** `array`, or a larger one with the same numbers, with room for `length`. */
function grown<T extends Uint32Array | Float64Array>(
  array: T,
  length: number,
  type: new (length: number) => T,
): T {
  if (length <= array.length) return array
  const larger = new type(Math.max(length, array.length * 2, 64))
  larger.set(array)
  return larger
}
