/** That nothing of the hosting origin goes into the page's archives: no cookie with a request, no cache. */

import { HoldallError } from '../errors.ts'
import type { UrlFile } from '../manifest/types.ts'
import type { WireFile } from '../worker/protocol.ts'

/** The page that the frame works for. */
export interface PageOfFrame {
  readonly origin: string
  /** What its relative URLs are relative to. */
  readonly baseURL: string
}

/**
 * `file` as the frame may ask for it. To the page, the hosting origin is another one, so the default of
 * `fetch` (`same-origin`) sends no cookies there; the frame, which is of that origin, has to say so. What
 * is of the page's own origin the page itself asks for, as it would anyway.
 *
 * @throws {HoldallError} `invalid-metadata`, for another origin's file that is to be fetched with cookies, and
 *   for a file of a cache, which would be one of the hosting origin.
 */
export function withoutCookies(file: WireFile, page: PageOfFrame): WireFile {
  if (isFetched(file) && typeof file !== 'string' && file.cache !== undefined) throw ofCache(file)
  if (!isFetched(file) || isOfPage(file, page)) return file
  if (typeof file === 'string') return { url: file, credentials: 'omit' }
  if (file.credentials !== 'include') return { ...file, credentials: 'omit' }
  const entry = file.name ?? String(file.url)
  throw new HoldallError(
    'invalid-metadata',
    `Cannot pack "${entry}": an embedded frame sends no cookies, so its credentials cannot be 'include'; leave them out, or sign its URL`,
    { entry, field: 'credentials' },
  )
}

/** What the hosting origin has cached is its own. */
function ofCache({ name, url }: UrlFile): HoldallError {
  const entry = name ?? String(url)
  return new HoldallError(
    'invalid-metadata',
    `Cannot pack "${entry}": an embedded frame reads no caches; read it in the page, and give its Blob as data`,
    { entry, field: 'cache' },
  )
}

/** Whether it is the page that is asked for `file`. */
export function isOfPage(file: WireFile, { origin, baseURL }: PageOfFrame): boolean {
  if (!isFetched(file)) return false
  try {
    return new URL(typeof file === 'string' ? file : file.url, baseURL).origin === origin
  } catch {
    return false // the job will say so
  }
}

function isFetched(file: WireFile): file is string | UrlFile {
  return (
    typeof file === 'string' ||
    (typeof file === 'object' && file !== null && 'url' in file && file.url !== undefined)
  )
}
