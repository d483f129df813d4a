/** Opens sources before their turn, a bounded way ahead, so that no request is waited for in line. */

import { isHoldallError } from '../errors.ts'
import type { ManifestFile, SourceInput } from '../manifest/types.ts'
import { crc32 } from '../zip/crc32.ts'
import type { Content } from '../zip/encode.ts'
import { withDigest } from './digest.ts'
import { Lanes, type Lane } from './lanes.ts'
import { readBlob, readSource, type SourceContext } from './open.ts'
import { isTransient } from './patience.ts'
import { after, collect, wholeIfSmall } from './read-stream.ts'
import { changedSince } from './rest.ts'

/** Files up to this size (bytes) are read whole before their turn, and larger ones only opened. */
export const WHOLE_UP_TO: number = 256 * 1024

/** Bytes of files that may be read, or under way, before their turn; of all jobs that share it. */
const BUDGET = 32 * 1024 * 1024

/** What an opened body that nobody reads holds in memory, at most: the rest is held back. In bytes. */
const OPEN_BODY = 1024 * 1024

/** Local files that are opened at once, before their turn. */
const LOCAL = 8

/** Sources that are opened before their turn. */
const EARLY: ReadonlySet<string> = new Set<SourceInput['type']>(['url', 'blob', 'handle', 'cached'])

/** A server that failed may be well again after this many times the first wait for it. */
const RECOVERY = 10

/** A file, and how its content is wanted. */
export interface Wanted {
  readonly file: ManifestFile
  /** In one piece. */
  readonly whole: boolean
  /** In chunks of which each is done with when the next is asked for. */
  readonly copied: boolean
  /** In one piece where it is opened early and turns out to be as small as it is said to be, which is not sure. */
  readonly gathered: boolean
  /** With some of it read before the encoder takes any. */
  readonly held: boolean
}

/** What was opened before its turn. */
interface Early {
  readonly content: Promise<Content>
  /** Bytes that it may hold in memory. */
  readonly cost: number
  /** When it failed, by `performance.now()`. */
  failed?: number
}

/**
 * The contents of a list of files, to be taken in order.
 *
 * Of the files that are wanted whole, or are said to be as small, as many are fetched at once as do their origin good, and as
 * have room in the budget. A larger one is opened when it is next in line, and read when its turn has
 * come: an open body that nobody reads is held back by the network, not by memory.
 */
export class Ahead {
  readonly #files: readonly Wanted[]
  readonly #context: SourceContext
  readonly #lanes: Lanes
  readonly #jobs: () => number
  readonly #opened = new Map<number, Early>()
  /** The first file that was not looked at yet. */
  #next = 0
  /** Whether the last file looked at is a large one that has not been taken. */
  #held = false
  #bytes = 0
  /** Whether no file has turned out to be longer than it was said to be. */
  #believes = true

  /**
   * @param concurrency Requests at once to one origin. Default: as `Lanes` finds.
   * @param jobs How many jobs share the budget at the moment. Default: this one alone.
   */
  constructor(
    files: readonly Wanted[],
    context: Omit<SourceContext, 'answered'>,
    concurrency: number | undefined,
    jobs: () => number = () => 1,
  ) {
    this.#jobs = jobs
    this.#files = files
    this.#lanes = new Lanes(concurrency)
    this.#context = {
      ...context,
      answered: (url, fault) => {
        this.#lanes.of(url).answered(url, fault)
        this.#lookAhead()
      },
    }
  }

  /** The content of the file at `index`, from byte `position` on; and those after it get under way. */
  open(index: number, position: number): Content | Promise<Content> {
    const wanted = this.#files[index]!
    const early = this.#opened.get(index)
    this.#opened.delete(index)
    if (early !== undefined) this.#bytes -= early.cost
    const content =
      early?.content.catch((error) => this.#openAgain(error, early, wanted, index)) ??
      this.#open(wanted, index, position)
    if (index + 1 >= this.#next) {
      this.#next = index + 1
      this.#held = false
    }
    this.#lookAhead()
    return content
  }

  #lookAhead(): void {
    const { length } = this.#files
    const end = Math.min(length, (this.#context.end?.index ?? length) + 1)
    while (this.#next < end && !this.#held) {
      const wanted = this.#files[this.#next]!
      const { source } = wanted.file
      const gathered = wanted.gathered && this.#believes
      // Streams and functions are the page's, and are asked in their turn, as what is in memory.
      if (source !== undefined && EARLY.has(source.type)) {
        const most = BUDGET / this.#jobs()
        const cost = wanted.whole ? wanted.file.size! : gathered ? WHOLE_UP_TO : OPEN_BODY
        if (this.#opened.size > 0 && this.#bytes + cost > most) return
        if (source.type === 'url' && !this.#lanes.of(source.url).free) return
        if (source.type !== 'url' && this.#opened.size >= LOCAL) return
        const begins = begun(this.#open(wanted, this.#next, 0))
        const content = gathered ? this.#gather(begins, this.#next) : begins
        const early: Early = { content, cost }
        content.catch(() => (early.failed = performance.now())) // told to who takes it in its turn
        this.#opened.set(this.#next, early)
        this.#bytes += cost
      }
      this.#held = !wanted.whole && !gathered && source !== undefined && source.type !== 'bytes'
      this.#next++
    }
  }

  /**
   * All of the file at `index`, if it is small. A longer one is let go until its turn, and no other is believed: bodies
   * that nobody reads would keep connections from whoever the page, or what has its turn, asks.
   */
  async #gather(begins: Promise<Content>, index: number): Promise<Content> {
    const chunks = (await begins) as Chunks
    const content = await wholeIfSmall(chunks, WHOLE_UP_TO)
    if (content instanceof Uint8Array) return content
    this.#believes = false
    const early = this.#opened.get(index)
    if (early !== undefined) {
      this.#opened.delete(index)
      this.#bytes -= early.cost
      this.#held = true // until its turn: nothing that follows is to be under way before it
      await chunks.return()
    }
    return content
  }

  /** What failed when it was opened early, of a server that may be well by now; unless that was tried in vain since. */
  async #openAgain(
    error: unknown,
    { failed = Infinity }: Early,
    wanted: Wanted,
    index: number,
  ): Promise<Content> {
    const { source } = wanted.file
    if (source?.type !== 'url' || !isHoldallError(error, 'source-failed')) throw error
    const { status } = error.detail
    const lasts = status !== undefined && !isTransient(status)
    const lane = this.#lanes.of(source.url)
    const since = performance.now() - RECOVERY * this.#context.patience.delay
    if (failed < lane.inVain || failed > since || lasts) throw error
    try {
      return await begun(this.#open(wanted, index, 0))
    } catch (again) {
      lane.inVain = performance.now()
      throw again
    }
  }

  #open(wanted: Wanted, index: number, position: number): Content | Promise<Content> {
    const { file } = wanted
    if (file.sha256 === undefined) return this.#openAt(wanted, index, position)
    const crcTaken = (): number => this.#context.crcTaken(index)
    return withDigest(file, position, (start) => this.#openAt(wanted, index, start), crcTaken)
  }

  #openAt(
    { file, whole, copied, held }: Wanted,
    index: number,
    position: number,
  ): Content | Promise<Content> {
    const { source, name, size = 0 } = file
    // What was read whole once is so again: all of it was known before the first byte was sent.
    if (whole && position > 0) return this.#rest(file, index, position)
    if (source?.type === 'bytes') return source.bytes.subarray(position)
    if (whole && source?.type === 'blob') return readBlob(source.blob, name, position)
    let crc = 0
    const take = (chunk: Uint8Array): void => {
      crc = crc32(chunk, crc)
    }
    // The encoder knows the CRC-32 of what it took; not of what is collected, held, or read again for a digest.
    const own = whole || (held && position === 0) || file.sha256 !== undefined
    const crcTaken = own ? () => crc : this.#context.crcTaken
    const chunks = readSource(file, index, position, this.#context, whole || copied, crcTaken)
    const counted =
      source?.type === 'url' ? this.#inLane(this.#lanes.of(source.url), chunks) : chunks
    if (whole) return collect(counted, size - position, take)
    return own ? tapped(counted, take) : counted
  }

  /** The rest of a small file, which must be the one that was read before. */
  async #rest(file: ManifestFile, index: number, position: number): Promise<Content> {
    const wanted = { file, whole: true, copied: true, gathered: false, held: false }
    const bytes = (await this.#openAt(wanted, index, 0)) as Uint8Array
    if (crc32(bytes) !== this.#context.crcTaken(index)) throw changedSince(file)
    return bytes.subarray(position)
  }

  /** `chunks`, which count as a request from now on: what comes after must not take their place. */
  #inLane(lane: Lane, chunks: Chunks): Chunks {
    lane.active++
    const freed = (): void => {
      lane.active--
      this.#lookAhead()
    }
    return (async function* (): Chunks {
      try {
        yield* chunks
      } finally {
        freed()
      }
    })()
  }
}

/** `chunks`, of each of which `take` is told. */
async function* tapped(chunks: Chunks, take: (chunk: Uint8Array) => void): Chunks {
  for await (const chunk of chunks) {
    take(chunk)
    yield chunk
  }
}

type Chunks = AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>

/** `content`, its first chunk there: a generator does nothing before that is asked for. */
export async function begun(content: Content | Promise<Content>): Promise<Content> {
  const opened = content instanceof Promise ? await content : content
  if (opened instanceof Uint8Array) return opened
  const chunks = opened as Chunks
  const { done, value } = await chunks.next()
  return after(done === true ? [] : [value], chunks)
}
