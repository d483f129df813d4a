/** What an answer says of lengths, and whether they are those of the file itself. */

/** Content that servers compress on the way, or keep compressed; as large CDNs list it. */
const COMPRESSIBLE =
  /^(?:text\/|font\/|image\/(?:svg|bmp|x-icon|vnd\.mic)|application\/(?:\w[\w.+-]*\+)?(?:x-|vnd\.ms-)?(?:json|xml|javascript|ndjson|wasm|pdf|protobuf|rtf|font|otf|ttf|opentype|truetype|eot))/i

/** Whether the body is the file itself, not a compressed form of it. */
export function isPlain(headers: Headers): boolean {
  return /^(?:|identity)$/i.test(headers.get('Content-Encoding') ?? '')
}

/**
 * Whether lengths are of the file itself, and not of a compressed form of it.
 *
 * @param foreign Whether it is another origin's: browsers hide Content-Encoding of those, so what may
 *   be compressed may be of any length.
 */
export function tellsLengths(headers: Headers, foreign: boolean): boolean {
  return isPlain(headers) && !(foreign && COMPRESSIBLE.test(headers.get('Content-Type') ?? ''))
}

/** Of the body, in bytes. A field that is there twice counts, if both say the same (Fetch, "extract a length"). */
export function bodyLength(headers: Headers): number | undefined {
  return numberOf(/^(\d+)(?:\s*,\s*\1)*$/.exec(headers.get('Content-Length') ?? '')?.[1])
}

/** The same of an answer, which may be one that has no body (RFC 9110 §15.3.5). */
export function lengthOf({ headers, status }: Response): number | undefined {
  return status === 204 || status === 205 ? 0 : bodyLength(headers)
}

/** `Content-Range` (RFC 9110 §14.4). */
export interface ContentRange {
  /** The byte that the part begins with. */
  readonly first: number | undefined
  readonly last: number | undefined
  /** Length of the file in bytes. */
  readonly total: number | undefined
}

export function contentRange(headers: Headers): ContentRange {
  const field = headers.get('Content-Range') ?? ''
  const [, first, last, total] = /^bytes (?:(\d+)-(\d+)|\*)\/(?:(\d+)|\*)$/i.exec(field) ?? []
  return { first: numberOf(first), last: numberOf(last), total: numberOf(total) }
}

function numberOf(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits)
}
