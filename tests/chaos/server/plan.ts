/** What happens in a run of chaos: the files, what goes wrong with each, and what must come of it. */

import { crc32 } from '../../../src/zip/crc32.ts'
import type { ArchiveOptions } from '../../../src/manifest/types.ts'
import type { Fault, Served } from './faults.ts'
import { fatal, type Failure } from './fatal.ts'
import { Random } from './random.ts'

export interface FilePlan {
  name: string
  served: Served
  /** What the caller says of it. */
  given: { size?: number; crc32?: number; etag?: string }
  /** How each request for it goes wrong, in their order; after those, as `always` has it. */
  faults: Fault[]
  always?: Fault
  /** How requests for its size go wrong. */
  probe: Fault | undefined
  /** Whether there is a fresh URL for one that was refused. */
  refreshed: boolean
}

export interface Plan {
  readonly seed: number
  readonly files: FilePlan[]
  readonly options: ArchiveOptions
  /** The only ways in which it may fail; it may come out whole if there is none, or if that is so. */
  readonly failures: readonly Failure[]
  /** Whether all of a file's other version is right, too, as nothing of this one may have been read. */
  readonly orElse: Served | undefined
}

/**
 * A job must get over this many faults that bring no byte: fewer than its attempts, as one on a
 * busy machine may take longer than the client waits.
 */
const FAULTS = 4
/** As long as a busy machine may take to answer: nothing else is to look silent. In ms. */
const SILENCE = 1000

/** The plan of `seed`: of nothing else, so that it can be had again. */
export function planOf(seed: number): Plan {
  const random = new Random(seed)
  const count = random.int(1, 7)
  const files = Array.from({ length: count }, (_, index) => fileOf(random, index))
  const options: ArchiveOptions = {
    framing: random.of(['auto', 'store', 'deflate-stored']),
    sizes: random.of(['probe', 'as-given']),
    ...(random.is(0.5) && { concurrency: random.of([1, 2, 6]) }),
    retry: { attempts: FAULTS + 4, silence: SILENCE, delay: 1 },
  }
  // A job ends with its first failure: of which file is then no question.
  const spoilt = random.is(0.4) ? fatal(random, random.of(files)) : undefined
  return { seed, files, options, failures: spoilt?.failures ?? [], orElse: spoilt?.orElse }
}

function fileOf(random: Random, index: number): FilePlan {
  const bytes = random.bytes(sizeOf(random))
  const gzip = random.is(0.12)
  const served: Served = {
    bytes,
    gzip,
    etag: random.of([undefined, `"${index}-1"`, `"${index}-1"`, `W/"${index}-1"`]),
    lastModified: random.of([undefined, 'Tue, 05 Mar 2024 10:00:00 GMT']),
    ranges: random.is(0.7),
    chunked: random.is(0.3),
    longestPart: random.is(0.1) ? random.int(20_000, 200_000) : undefined,
  }
  const known = random.is(0.6)
  const strong = served.etag?.startsWith('"') === true
  const given = {
    ...(known && { size: bytes.length }),
    ...(random.is(0.2) && { crc32: crc32(bytes) }),
    ...(strong && random.is(0.3) && { etag: served.etag! }),
  }
  const refreshed = random.is(0.2)
  const faults = Array.from({ length: random.of([0, 0, 1, 1, 2, 3, FAULTS]) }, () =>
    // Where no length is known, a clean end is the end.
    transient(random, bytes.length, known || !served.chunked),
  )
  if (refreshed && random.is(0.6)) {
    const status = random.of([401, 403])
    faults.splice(random.int(0, faults.length), 0, { kind: 'status', status })
  }
  return {
    name: `${index}.${random.of(['jpg', 'bin', 'txt', 'mp4'])}`,
    served,
    given,
    faults: oneStall(faults),
    probe: probeFault(random),
    refreshed,
  }
}

function sizeOf(random: Random): number {
  const kind = random.next()
  if (kind < 0.05) return random.int(0, 1)
  if (kind < 0.35) return random.int(2, 5000)
  if (kind < 0.65) return random.int(5000, 262_144)
  if (kind < 0.92) return random.int(262_145, 700_000)
  return random.int(1_000_000, 3_000_000)
}

function transient(random: Random, size: number, ends: boolean): Fault {
  const at = random.int(0, size)
  const kinds = [
    () => ({ kind: 'reset', hard: random.is(0.5) }),
    () => ({ kind: 'reset', at, hard: random.is(0.3) }),
    () => ({ kind: 'reset', at, hard: false }),
    () => ({ kind: 'stall', ...(random.is(0.7) && { at }) }),
    () => (ends ? { kind: 'end', at } : { kind: 'reset', at }),
    () => ({
      kind: 'status',
      status: random.of([408, 425, 429, 500, 502, 503, 504]),
      ...(random.is(0.5) && { retryAfter: random.of(['0', 'Tue, 05 Mar 2024 10:00:00 GMT']) }),
    }),
    () => ({ kind: 'refuse-range' }),
    () => ({ kind: 'wrong-start', by: random.of([-1000, -1, 1, 500]) }),
    () => ({ kind: 'ignore-range' }),
    () => ({ kind: 'redirect', status: random.of([301, 302, 303, 307, 308]) }),
    () => ({
      kind: 'drip',
      from: Math.floor(size * random.next()),
      piece: Math.max(1, Math.ceil(size / random.int(2, 12))),
      ms: random.int(1, 15),
    }),
  ] as readonly (() => Fault)[]
  return random.of(kinds)()
}

/** One that stalls takes as long as the client waits; one of them is enough for a file. */
function oneStall(faults: readonly Fault[]): Fault[] {
  const first = faults.findIndex(({ kind }) => kind === 'stall')
  return faults.filter(({ kind }, index) => kind !== 'stall' || index === first)
}

function probeFault(random: Random): Fault | undefined {
  if (random.is(0.6)) return undefined
  return random.of<Fault>([
    { kind: 'status', status: 405 },
    { kind: 'status', status: 500 },
    { kind: 'reset' },
    { kind: 'redirect', status: 302 },
    { kind: 'ignore-range' },
  ])
}
