/** The part of an archive that a request asks for (RFC 9110 §14). */

/** Bytes `start` to `end`, without the latter. */
export interface Range {
  readonly start: number
  readonly end: number
}

/**
 * The part of `length` bytes that `request` asks for.
 *
 * @param etag Of the archive, as `If-Range` must have it.
 * @returns `'unsatisfiable'` if there is no such part; `undefined` if all is to be sent: there is no
 *   `Range`, or one of another form, or more than one, or it is of another archive.
 */
export function rangeOf(
  { headers }: Request,
  etag: string,
  length: number,
): Range | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] =
    /^bytes=[ \t]*(\d*)-(\d*)[ \t]*$/.exec(headers.get('Range') ?? '') ?? []
  if (first === '' && last === '') return undefined
  if ((headers.get('If-Range') ?? etag) !== etag) return undefined
  if (first === '') {
    const start = Math.max(0, length - Number(last))
    return start < length ? { start, end: length } : 'unsatisfiable'
  }
  const start = Number(first)
  const end = last === '' ? length : Math.min(length, Number(last) + 1)
  if (last !== '' && Number(last) < start) return undefined
  return start < length ? { start, end } : 'unsatisfiable'
}
