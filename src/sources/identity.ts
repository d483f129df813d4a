/** Tells whether two answers are of the same file, so that no entry is a mixture of two. */

import type { HoldallError } from '../errors.ts'
import { contentRange, isPlain, lengthOf, tellsLengths } from './lengths.ts'
import { isCrossOrigin, ResponseFault } from './request.ts'
import { changed, otherTag, refusePage, sizeMismatch, untagged } from './wrong-file.ts'

/** What is known of a file before it is fetched. */
export interface Expected {
  /** The file's name, for messages. */
  readonly name: string
  /** In bytes, if it is known. */
  readonly size: number | undefined
  /** The entity tag that it must have, if one was given. */
  readonly etag: string | undefined
  /** Whether its CRC-32 is known, and so compared in the end. */
  readonly checked: boolean
  /** See `HttpContext`. */
  readonly pastServiceWorker?: boolean | undefined
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

/** What the answers so far say of one file. */
export class Identity {
  /** The byte that the body of the last answer began with. */
  start = 0
  readonly #expected: Expected
  /** As answers have it; one that was given and never shown tells no version from another. */
  #etag: string | undefined
  #lastModified: string | undefined
  /** Length of the file in bytes, as servers say; `undefined` if they do not, or encode it. */
  #total: number | undefined
  /** What was announced of a body that may be of a compressed form: parts that end there have brought the file, if not. */
  #announced: number | undefined
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
  /** Whether the last answer was a part: that one has ended does not say that the file has. */
  #isPart = false
  /** Where that part ends, as far as it was announced. */
  #partEnd: number | undefined
  /** The byte at which a part ended, perhaps with the file, whose length nobody has told. */
  #unsure = 0

  /** @param known What earlier answers said of it, of whom a part was read. */
  constructor(expected: Expected, known?: FileIdentity) {
    this.#expected = expected
    this.#etag = known?.etag
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
   *
   * Where a part has perhaps ended with the file, its last byte is asked for again: a server that gives no more than
   * that one has no more. Beyond the end it would answer 416, which many do without the headers of CORS.
   */
  part(at: number, url: string, until?: number): Part | undefined {
    const last = until !== undefined && until > at ? until - 1 : undefined
    if ((at === 0 && last === undefined) || !this.#hasParts || !this.#told) return undefined
    const conditional = this.#asked && !this.#foreign && !isCrossOrigin(url)
    const condition = conditional ? this.#validator : undefined
    return { range: `bytes=${this.#first(at)}-${last ?? ''}`, condition }
  }

  /** The byte to ask for, to go on at byte `at`. */
  #first(at: number): number {
    return at > 0 && at === this.#unsure ? at - 1 : at
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
   * @returns The byte that its body begins with; `undefined` if the file ends at `at`.
   * @throws {ResponseFault} If the answer is another than was asked for.
   * @throws {HoldallError} `source-changed`, `size-mismatch`, `source-failed`.
   */
  check(response: Response, at: number, url: string): number | undefined {
    const { headers, status } = response
    const { first, last, total } = contentRange(headers)
    this.#isPart = status === 206
    this.#foreign ||= isCrossOrigin(response.url || url)
    if (status === 416) return this.#beyond(at, total, url)
    const plain = isPlain(headers)
    const from = this.#first(at)
    // Browsers hide Content-Range of other origins.
    if (this.#isPart && ((first ?? (this.#foreign ? from : undefined)) !== from || !plain)) {
      throw this.#withoutParts(`it answered with bytes from ${first}, not ${from}`)
    }
    this.start = this.#isPart ? from : 0
    if (!plain) this.#hasParts = false
    this.#saysParts ||= this.#isPart || headers.get('Accept-Ranges') === 'bytes'
    refusePage(headers, this.#expected, url, this.#asked)
    this.#compareTags(headers, at, url)
    if (!this.#isPart && plain) this.#announced = lengthOf(response)
    const tells = tellsLengths(headers, this.#foreign)
    const length = tells ? lengthOf(response) : undefined
    const end = length === undefined ? undefined : this.start + length
    this.#compareTotal(!this.#isPart ? end : tells ? total : undefined, url)
    this.#partEnd = last === undefined ? end : last + 1
    const isOdd =
      (end ?? this.#partEnd) !== this.#partEnd || (this.#partEnd ?? 0) > (this.#total ?? Infinity)
    if (this.#isPart && isOdd) throw this.#withoutParts('it announced another part')
    this.#asked = true
    return this.start
  }

  /**
   * Takes note that there is nothing from byte `at` on.
   *
   * @param total The length that the answer tells. Another origin's may be that of a compressed form.
   */
  #beyond(at: number, total: number | undefined, url: string): undefined {
    if (!this.#foreign) this.#compareTotal(total, url)
    if ((this.#total ?? this.#expected.size ?? total) === at) {
      this.#total = at
      return
    }
    if (!this.#foreign && total !== undefined && total < at) {
      throw changed(this.#expected.name, url, 'it is shorter now')
    }
    throw this.#withoutParts(`it refused the bytes from ${at}`)
  }

  /**
   * The error for a body that ended before the byte that had been read up to: of a file that is shorter
   * now, or, where its length is known, perhaps of one that broke off; then the former is its cause.
   */
  endedBefore(url: string): Error {
    const cause = changed(this.#expected.name, url, 'it is shorter now')
    const known = this.#total ?? this.#expected.size
    return known === undefined && this.start === 0
      ? cause
      : new ResponseFault('it ended too early', { cause })
  }

  /** The error for bytes that are not those that were read before. */
  bytesDiffer(url: string): HoldallError {
    return changed(this.#expected.name, url, 'its bytes differ')
  }

  /**
   * Takes note that a part of it ended before its first byte. Of what is stored in a compressed form, which other
   * origins hide, parts are of that form, and browsers make nothing of them: so all is asked for after the second time.
   */
  brokeAtOnce(): void {
    if (this.#foreign && this.start > 0 && ++this.#barren > 1) this.#hasParts = false
  }

  /**
   * Whether a body that ended at byte `at` was the last, as far as anybody knows.
   *
   * @param until The byte up to which it was asked for. Default: the end.
   * @throws {ResponseFault} If it was longer than that part of the file, so not that part.
   */
  isWhole(at: number, until?: number): boolean {
    const total = this.#total ?? this.#expected.size
    if (!this.#isPart) return at >= (total ?? at)
    if (at > (this.#partEnd ?? total ?? at)) throw this.#withoutParts('it gave more than a part')
    if (total !== undefined) return at >= total
    if (at === this.#announced) return true
    const isAskedAgain = at === this.#unsure
    this.#unsure = at
    return isAskedAgain && until === undefined && at - this.start === 1
  }

  /** Whether a body that ended at byte `at` was all of the part that was announced, so that the next is due. */
  isWholePart(at: number): boolean {
    return this.#isPart && at === (this.#partEnd ?? at)
  }

  /** The fault of an answer after which it is asked for all of the file; that is done once. */
  #withoutParts(how: string): ResponseFault {
    const fault = new ResponseFault(how)
    fault.wantsAll = this.#hasParts
    this.#hasParts = false
    return fault
  }

  /** The error for an answer that differs from earlier ones: of a part, the whole file has the last word. */
  #differs(how: string, url: string): Error {
    return this.#isPart ? this.#withoutParts(how) : changed(this.#expected.name, url, how)
  }

  /**
   * Compares what tells versions apart. Entity tags are compared weakly (RFC 9110 §8.8.3.2), as bytes are, too, where
   * all of a file is sent again; a part must show that it is of the same version.
   */
  #compareTags(headers: Headers, at: number, url: string): void {
    const { etag: wanted, checked, name } = this.#expected
    const etag = headers.get('ETag') ?? undefined
    const date = headers.get('Last-Modified') ?? undefined
    if (areOther(opaque(this.#etag ?? wanted), opaque(etag))) {
      if (this.#etag === undefined && !this.#isPart) throw otherTag(name, url, wanted!, etag!)
      throw this.#differs('its ETag differs', url)
    }
    if (areOther(this.#lastModified, date)) throw this.#differs('its date differs', url)
    const isSame =
      (isStrong(etag) && etag === this.#etag) || (date !== undefined && date === this.#lastModified)
    // What was asked for on condition of a date need not repeat it (RFC 9110 §15.3.7).
    const onDate = !this.#foreign && !isStrong(this.#etag)
    if (this.#isPart && at > 0 && this.#asked && !isSame && !checked && !onDate) {
      throw this.#withoutParts('it does not tell whether it has changed')
    }
    this.#etag ??= etag
    this.#lastModified ??= date
    if (wanted !== undefined && this.#etag === undefined && !checked) throw untagged(name, url)
  }

  #compareTotal(total: number | undefined, url: string): void {
    const { size, name } = this.#expected
    if (total === undefined) return
    if (this.#total !== undefined && total !== this.#total) {
      throw this.#differs('its length differs', url)
    }
    if (size !== undefined && size !== total) {
      throw sizeMismatch(name, url, size, 'announces', total)
    }
    this.#total = total
  }
}

/** RFC 9110 §8.8.3: a weak tag does not promise the same bytes. */
function isStrong(etag: string | undefined): boolean {
  return etag !== undefined && !etag.startsWith('W/')
}

/** Whether both are known, and differ. */
function areOther(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other
}

/** What two tags have in common that are equivalent: all but whether they are weak, and quotes, which some leave out. */
export function opaque(etag: string | undefined): string | undefined {
  return etag?.replace(/^(?:W\/)?("?)(.*)\1$/, '$2')
}
