/** Checkpoints of one archive as they come, each told by what it has more than the one before. */

import { isCount, type Checkpoint } from './checkpoint.ts'
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

/** What a log has more than it had before; plain data. */
export interface CheckpointPart extends Pick<Checkpoint, 'crcs' | 'sizes' | 'omissions'> {
  /** Entries that were finished before. */
  readonly since: number
  /** In order; the last one is where the log ends. */
  readonly places: readonly Place[]
}

/** All that came so far: any of them can be made again from it. */
export class CheckpointLog {
  readonly #places: Place[] = []
  #last: Place | undefined
  #crcs = new Uint32Array(0)
  #sizes: Float64Array<ArrayBuffer> | undefined
  #omissions: Omission[] = []
  /** How much of it was taken as parts. */
  #taken = { offset: 0, places: 0, entry: 0, omissions: 0 }

  /** Takes the next one. One that lies in what came before, as it was made again, or does not follow on it adds nothing. */
  add(delta: CheckpointDelta): void {
    const { offset, entry, position, crc32, source } = delta
    if (offset <= this.offset || delta.since > this.#entries) return
    const place = { offset, entry, position, crc32, ...(source !== undefined && { source }) }
    this.#grow(delta, place)
    if (place.offset - (this.#places.at(-1)?.offset ?? -APART) >= APART) this.#places.push(place)
  }

  /** Takes what was a part of such a log. What is damaged, or does not follow on what is here, adds nothing. */
  addPart(stored: CheckpointPart): void {
    if (!isWhole(stored)) return
    const { places, ...part } = stored
    const last = places.at(-1)
    if (last === undefined || last.offset <= this.offset || part.since > this.#entries) return
    this.#grow(part, last)
    for (const place of places) {
      if (place.offset > (this.#places.at(-1)?.offset ?? -1)) this.#places.push(place)
    }
    this.#take()
  }

  /** What has come since this was called last; `undefined` if nothing has. */
  takePart(): CheckpointPart | undefined {
    const before = this.#taken
    const last = this.#last
    if (last === undefined || last.offset <= before.offset) return undefined
    const places = this.#places.slice(before.places)
    if (places.at(-1) !== last) places.push(last)
    const omissions = this.#omissions.slice(before.omissions)
    this.#take()
    return {
      since: before.entry,
      crcs: this.#crcs.slice(before.entry, last.entry),
      ...(this.#sizes !== undefined && { sizes: this.#sizes.slice(before.entry, last.entry) }),
      ...(omissions.length > 0 && { omissions }),
      places,
    }
  }

  /** Bytes of the archive up to the last one; 0 if there is none. */
  get offset(): number {
    return this.#last?.offset ?? 0
  }

  /** Entries that are known to be finished. */
  get #entries(): number {
    return this.#last?.entry ?? 0
  }

  #take(): void {
    const places = this.#places.length
    const omissions = this.#omissions.length
    this.#taken = { offset: this.offset, places, entry: this.#entries, omissions }
  }

  #grow(
    { since, crcs, sizes, omissions = [] }: Omit<CheckpointDelta, keyof Place>,
    last: Place,
  ): void {
    const { entry } = last
    const known = this.#entries
    this.#last = last
    this.#crcs = grown(this.#crcs, entry, Uint32Array)
    this.#crcs.set(crcs.subarray(0, entry - since), since)
    if (sizes !== undefined) {
      this.#sizes = grown(this.#sizes ?? new Float64Array(0), entry, Float64Array)
      this.#sizes.set(sizes.subarray(0, entry - since), since)
    }
    this.#omissions.push(...omissions.filter((omission) => omission.entry >= known))
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

/** Whether `part` has all that it must: a CRC-32 that is not there would be 0 in the archive. */
function isWhole({ since, places, crcs, sizes, omissions = [] }: CheckpointPart): boolean {
  const known = (array: unknown, type: typeof Uint32Array | typeof Float64Array, entry: number) =>
    array instanceof type && array.length >= entry - since
  return (
    isCount(since) &&
    isListOf(omissions, ({ entry }) => isCount(entry)) &&
    isListOf(
      places,
      ({ offset, entry, position, crc32 }) =>
        [offset, entry, position, crc32].every(isCount) &&
        known(crcs, Uint32Array, entry) &&
        (sizes === undefined || known(sizes, Float64Array, entry)),
    )
  )
}

function isListOf<T extends object>(list: readonly T[], isOne: (item: T) => boolean): boolean {
  return (
    Array.isArray(list) && list.every((item) => typeof item === 'object' && !!item && isOne(item))
  )
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
