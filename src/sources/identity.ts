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
}

/** Files that servers send as they are, so a web page in place of one is an error's page. */
const NEVER_A_PAGE =
  /\.(?:7z|avi|avif|bin|bz2|csv|docx?|exe|flac|gif|gz|heic|jpe?g|m4a|mkv|mov|mp[34]|ogg|pdf|png|pptx?|rar|tar|tiff?|wav|webm|webp|xlsx?|zip)$/i

/** What the answers so far say of one file. */
export class Identity {
  readonly #expected: Expected
  #etag: string | undefined
  #lastModified: string | undefined
  /** Length of the file in bytes, as servers say; `undefined` if they do not, or encode it. */
  #total: number | undefined
  #asked = false

  constructor(expected: Expected) {
    this.#expected = expected
    this.#etag = expected.etag
  }

  /** What to make a request for the rest conditional on; nothing where that takes a preflight. */
  condition(url: string): string | undefined {
    if (!this.#asked || isCrossOrigin(url)) return undefined
    return isStrong(this.#etag) ? this.#etag : this.#lastModified
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
    const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('Content-Range') ?? '')
    if (status === 416) {
      const total = numberOf(range?.[2]) ?? this.#total ?? this.#expected.size
      this.#compareTotal(total, url)
      if (total === at) return undefined
      throw this.#changed(url, 'it is shorter now')
    }
    const start = status === 206 ? (numberOf(range?.[1]) ?? at) : 0
    if (status === 206 && start !== at) {
      throw new ResponseFault(`it answered with bytes from ${start}, not ${at}`)
    }
    this.#refusePage(headers, url)
    this.#compareTag('#etag', headers.get('ETag'), url)
    this.#compareTag('#lastModified', headers.get('Last-Modified'), url)
    this.#compareTotal(totalOf(headers, start, numberOf(range?.[2])), url)
    this.#asked = true
    return start
  }

  /** The error for bytes that are not those that were read before. */
  bytesDiffer(url: string): HoldallError {
    return this.#changed(url, 'its bytes differ')
  }

  /** Whether a body that ended at byte `at` was complete, as far as anybody knows. */
  isWhole(at: number): boolean {
    return at >= (this.#total ?? this.#expected.size ?? at)
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
      throw new HoldallError(
        'size-mismatch',
        `Cannot store "${name}": planned ${size} bytes, ${url} announces ${total}; give its true size, or none`,
        { entry: name, url, planned: size, actual: total },
      )
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

/** RFC 9110 §8.8.3: a weak tag does not promise the same bytes. */
function isStrong(etag: string | undefined): boolean {
  return etag !== undefined && !etag.startsWith('W/')
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '*' ? undefined : Number(text)
}

/** The length of the file that an answer speaks of; of one that is encoded, the length is another's. */
function totalOf(headers: Headers, start: number, total: number | undefined): number | undefined {
  if (total !== undefined) return total
  if (!isPlain(headers)) return undefined
  const length = headers.get('Content-Length')
  return length === null ? undefined : start + Number(length)
}

/** Whether the body is the file itself, not a compressed form of it. */
export function isPlain(headers: Headers): boolean {
  return /^(?:|identity)$/i.test(headers.get('Content-Encoding') ?? '')
}
