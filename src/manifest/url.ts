/** URLs that can be fetched at all. */

import { HoldallError } from '../errors.ts'

/**
 * `url`, absolute.
 *
 * @param what It is of, for messages.
 * @param remedy Where it is no URL.
 * @param name Of the file, if it has one.
 * @throws {HoldallError} `invalid-url`.
 */
export function fetchable(
  url: string,
  baseURL: string | undefined,
  what: string,
  remedy: string,
  name?: string,
): URL {
  let parsed: URL
  try {
    parsed = new URL(url, baseURL)
  } catch (cause) {
    const why = baseURL === undefined ? 'it is not an absolute URL' : 'it is not a URL'
    throw invalid(`${what} from "${url}": ${why}; ${remedy}`, name, url, cause)
  }
  const { protocol, username, password, host, pathname } = parsed
  if (username !== '' || password !== '') {
    const why = 'its URL holds a user name or password, which fetch() refuses; send them in headers'
    throw invalid(
      `${what} from ${host}: ${why}`,
      name ?? pathname,
      `${protocol}//${host}${pathname}`,
    )
  }
  if (!['http:', 'https:', 'blob:', 'data:'].includes(protocol)) {
    const why = `${protocol} URLs cannot be fetched; use http: or https:`
    throw invalid(`${what} from "${url}": ${why}`, name, url)
  }
  return parsed
}

function invalid(
  text: string,
  name: string | undefined,
  url: string,
  cause?: unknown,
): HoldallError {
  return new HoldallError(
    'invalid-url',
    `Cannot fetch ${text}`,
    { entry: name ?? url, url },
    { cause },
  )
}
