/** URLs that can be fetched at all. */

import { HoldallError } from '../errors.ts'

/**
 * `url`, absolute.
 *
 * @param what It is of, for messages.
 * @param remedy Where it is no URL.
 * @param name Of the file, if it has one.
 * @throws {HoldallError} `invalid-url`, which tells no password of a URL.
 */
export function fetchable(
  url: string,
  baseURL: string | undefined,
  what: string,
  remedy: string,
  name?: string,
): URL {
  const invalid = (shown: string, why: string, cause?: unknown): HoldallError =>
    new HoldallError(
      'invalid-url',
      `Cannot fetch ${what} from "${shown}": ${why}`,
      { entry: name ?? shown, url: shown },
      { cause },
    )
  let parsed: URL
  try {
    parsed = new URL(url, baseURL)
  } catch (cause) {
    const why = baseURL === undefined ? 'it is not an absolute URL' : 'it is not a URL'
    const shown = withoutUser(url)
    throw invalid(shown, `${why}; ${remedy}`, shown === url ? cause : undefined)
  }
  const { protocol, username, password, host, pathname } = parsed
  if (username + password !== '') {
    const why = 'its URL holds a user name or password, which fetch() refuses; send them in headers'
    throw invalid(`${protocol}//${host}${pathname}`, why)
  }
  if (!['http:', 'https:', 'blob:', 'data:'].includes(protocol)) {
    throw invalid(url, `${protocol} URLs cannot be fetched; use http: or https:`)
  }
  return parsed
}

/** What may be shown of a URL that does not parse: where in it a name and password would end, nobody can tell. */
function withoutUser(url: string): string {
  return url.replace(/^([^:/\\]*:)?([/\\\s]*).*@/s, '$1$2…@')
}
