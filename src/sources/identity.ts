/** Tells whether two answers are of the same file, so that no entry is a mixture of two. */

import { HoldallError } from '../errors.ts'
import { isCrossOrigin, ResponseFault } from './request.ts'

/** What is known of a file before it is fetched. */
export interface Expected {
  /** The file's name, for messages. */
  readonly name: string
  /** In bytes, if it is known. */
  readonly size: number | undefined
  /** Its entity tag, if it is known. */
  readonly etag: string | undefined
  /** Whether its CRC-32 is known, and so compared in the end. */
  readonly checked: boolean
}

/** What tells a file from others at the same URL. Plain data. */
export interface FileIdentity {
  readonly etag?: string
  /** `Last-Modified`, as the server writes it. */
  readonly lastModified?: string
  /** In bytes. */
  readonly total?: number
  /** That no parts of it can be had. */
  readonly whole?: true
  /** That another origin answers, by way of redirects: what takes a preflight is not asked for. */
  readonly foreign?: true
}

/** A part of a file, as a request asks for it; see `RequestOptions`. */
export interface Part {
  readonly range: string
  readonly condition: string | undefined
}

/** Files that servers send as they are, so a web page in place of one is an error's page. */
const NEVER_A_PAGE =
  /\.(?:7z|avi|avif|bin|bz2|csv|docx?|exe|flac|gif|gz|heic|jpe?g|m4a|mkv|mov|mp[34]|ogg|pdf|png|pptx?|rar|tar|tiff?|wav|webm|webp|xlsx?|zip)$/i

/** What the answers so far say of one file. */
export class Identity {
  /** The byte that the body of the last answer began with. */
  start = 0
  readonly #expected: Expected
  #etag: string | undefined
  #lastModified: string | undefined
  /** Length of the file in bytes, as servers say; `undefined` if they do not, or encode it. */
  #total: number | undefined
  #asked = false
  /**
   * Whether parts of the file can be had: not of one that is compressed on the way, as they are of
   * its other form, nor from a server that gave others than were asked for.
   */
  #hasParts = true
  /** Whether the server says that parts can be had, or has given one. */
  #saysParts = false
  /** Whether it is, by way of redirects or not, another origin that answers. */
  #foreign = false
  /** Parts that ended before their first byte. */
  #barren = 0

  /** @param known What earlier answers said of it, of whom a part was read. */
  constructor(expected: Expected, known?: FileIdentity) {
    this.#expected = expected
    this.#etag = known?.etag ?? expected.etag
    this.#lastModified = known?.lastModified
    this.#total = known?.total
    this.#hasParts = known?.whole === undefined
    this.#foreign = known?.foreign === true
    this.#asked = known !== undefined
  }

  get known(): FileIdentity {
    return {
      ...(this.#etag !== undefined && { etag: this.#etag }),
      ...(this.#lastModified !== undefined && { lastModified: this.#lastModified }),
      ...(this.#total !== undefined && { total: this.#total }),
      ...(!this.#hasParts && { whole: true }),
      ...(this.#foreign && { foreign: true }),
    }
  }

  /** Whether the rest of it can be asked for later, at no cost: not where it would have to be read again. */
  get offersParts(): boolean {
    return this.#hasParts && this.#saysParts && this.#told
  }

  /**
   * What to ask for, to go on at byte `at`; `undefined` if it must be all, to be compared.
   *
   * @param until The byte up to which it is wanted. Default: its end.
   *
   * So it is where nothing would tell, of bytes that come later, that they are of another file: no
   * entity tag, no date, no CRC-32. The request is conditional unless that takes a preflight.
   */
  part(at: number, url: string, until?: number): Part | undefined {
    const last = until !== undefined && until > at ? until - 1 : undefined
    if ((at === 0 && last === undefined) || !this.#hasParts || !this.#told) return undefined
    const conditional = this.#asked && !this.#foreign && !isCrossOrigin(url)
    const condition = conditional ? this.#validator : undefined
    return { range: `bytes=${at}-${last ?? ''}`, condition }
  }

  get #validator(): string | undefined {
    return isStrong(this.#etag) ? this.#etag : this.#lastModified
  }

  /** Whether something would tell, of bytes that come later, that they are of another file. */
  get #told(): boolean {
    return this.#validator !== undefined || this.#expected.checked || !this.#asked
  }

  /**
   * Takes note of an answer to a request for the bytes from `at` on.
   *
   * @param until The byte up to which they were asked for. Default: the end.
   * @returns The byte that its body begins with; `undefined` if the file ends at `at`.
   * @throws {ResponseFault} If the answer is another than was asked for.
   * @throws {HoldallError} `source-changed`, `size-mismatch`, `source-failed`.
   */
  check(response: Response, at: number, url: string, until?: number): number | undefined {
    const { headers, status } = response
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('Content-Range') ?? '')
    this.#foreign ||= isCrossOrigin(response.url || url)
    if (status === 416) {
      const told = numberOf(range?.[2])
      this.#compareTotal(told, url)
      const total = told ?? this.#total ?? this.#expected.size
      if (total === at) return undefined
      if (told !== undefined && told < at) throw this.#changed(url, 'it is shorter now')
      throw this.#withoutParts(`it refused the bytes from ${at}`)
    }
    const plain = isPlain(headers)
    // Browsers hide Content-Range of other origins.
    const first = numberOf(range?.[1]) ?? (this.#foreign ? at : undefined)
    if (status === 206 && (first !== at || !plain)) {
      throw this.#withoutParts(`it answered with bytes from ${first}, not ${at}`)
    }
    const start = status === 206 ? at : 0
    this.start = start
    if (!plain) this.#hasParts = false
    this.#saysParts ||= status === 206 || headers.get('Accept-Ranges') === 'bytes'
    this.#refusePage(headers, url)
    this.#compareTag('#etag', headers.get('ETag'), url)
    this.#compareTag('#lastModified', headers.get('Last-Modified'), url)
    const isRest = status === 200 || until === undefined
    const length = isRest ? fileLength(headers, this.#foreign) : undefined
    this.#compareTotal(
      numberOf(range?.[2]) ?? (length === undefined ? undefined : start + length),
      url,
    )
    this.#asked = true
    return start
  }

  /**
   * The error for a body that ended before the byte that had been read up to: of a file that is shorter
   * now, or, where its length is known, perhaps of one that broke off; then the former is its cause.
   */
  endedBefore(url: string): Error {
    const cause = this.#changed(url, 'it is shorter now')
    const known = this.#total ?? this.#expected.size
    return known === undefined ? cause : new ResponseFault('it ended too early', { cause })
  }

  /** The error for bytes that are not those that were read before. */
  bytesDiffer(url: string): HoldallError {
    return this.#changed(url, 'its bytes differ')
  }

  /**
   * Takes note that a part of it ended before its first byte. Of what is stored in a compressed form, which other
   * origins hide, parts are of that form, and browsers make nothing of them: so all is asked for after the second time.
   */
  brokeAtOnce(): void {
    if (this.#foreign && this.start > 0 && ++this.#barren > 1) this.#hasParts = false
  }

  /** Whether a body that ended at byte `at` was complete, as far as anybody knows. */
  isWhole(at: number): boolean {
    return at >= (this.#total ?? this.#expected.size ?? at)
  }

  /** The fault of an answer after which it is asked for all of the file. */
  #withoutParts(how: string): ResponseFault {
    this.#hasParts = false
    return new ResponseFault(how)
  }

  #compareTag(field: '#etag' | '#lastModified', value: string | null, url: string): void {
    const known = field === '#etag' ? this.#etag : this.#lastModified
    const given = value ?? undefined
    if (known !== undefined && given !== undefined && known !== given) {
      throw this.#changed(url, field === '#etag' ? 'its ETag differs' : 'its date differs')
    }
    if (field === '#etag') this.#etag ??= given
    else this.#lastModified ??= given
  }

  #compareTotal(total: number | undefined, url: string): void {
    const { size, name } = this.#expected
    if (total === undefined) return
    if (this.#total !== undefined && total !== this.#total)
      throw this.#changed(url, 'its length differs')
    if (size !== undefined && size !== total) {
      throw sizeMismatch(name, url, size, 'announces', total)
    }
    this.#total = total
  }

  #refusePage(headers: Headers, url: string): void {
    const { name } = this.#expected
    if (!NEVER_A_PAGE.test(name) || !/^text\/html\b/i.test(headers.get('Content-Type') ?? ''))
      return
    throw new HoldallError(
      'source-failed',
      `Cannot fetch "${name}" from ${url}: it answered with a web page in place of the file; is it a page for errors or for signing in?`,
      { entry: name, url, status: 200 },
    )
  }

  #changed(url: string, how: string): HoldallError {
    const { name } = this.#expected
    return new HoldallError(
      'source-changed',
      `Cannot go on with "${name}": ${url} changed while it was read (${how}); try again`,
      { entry: name, url },
    )
  }
}

/** The error for a file of another length than was given. */
export function sizeMismatch(
  entry: string,
  url: string,
  planned: number,
  how: 'gave' | 'announces',
  actual: number,
): HoldallError {
  return new HoldallError(
    'size-mismatch',
    `Cannot store "${entry}": planned ${planned} bytes, ${url} ${how} ${actual}; give its true size, or none`,
    { entry, url, planned, actual },
  )
}

/** RFC 9110 §8.8.3: a weak tag does not promise the same bytes. */
function isStrong(etag: string | undefined): boolean {
  return etag !== undefined && !etag.startsWith('W/')
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '*' ? undefined : Number(text)
}

/** Content that servers compress on the way; then its length on the wire is not its own. */
const COMPRESSIBLE =
  /^(?:text\/|application\/(?:\w[\w.+-]*\+)?(?:json|xml|javascript|wasm)|image\/svg)/i

/**
 * The length of a body, if that can be told and trusted.
 *
 * @param foreign Whether it is another origin's: browsers hide Content-Encoding of those, so what may
 *   be compressed may be of any length.
 */
export function fileLength(headers: Headers, foreign: boolean): number | undefined {
  const length = headers.get('Content-Length')
  const hidden = foreign && COMPRESSIBLE.test(headers.get('Content-Type') ?? '')
  return length === null || hidden || !isPlain(headers) ? undefined : Number(length)
}

/** Whether the body is the file itself, not a compressed form of it. */
export function isPlain(headers: Headers): boolean {
  return /^(?:|identity)$/i.test(headers.get('Content-Encoding') ?? '')
}
