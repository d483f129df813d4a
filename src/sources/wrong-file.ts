/** The errors for answers that are of another file than was asked for. */

import { HoldallError } from '../errors.ts'
import type { Expected } from './identity.ts'

/** For a file of another length than was given. */
export function sizeMismatch(
  entry: string,
  url: string,
  planned: number,
  how: 'gave' | 'gave at least' | 'announces',
  actual: number,
): HoldallError {
  return new HoldallError(
    'size-mismatch',
    `Cannot store "${entry}": planned ${planned} bytes, ${url} ${how} ${actual}; give its true size, or none with sizes: 'as-given'`,
    { entry, url, planned, actual },
  )
}

/** For one that is another than when a part of it was read, or than was given. */
export function changed(entry: string, url: string, how: string): HoldallError {
  return new HoldallError(
    'source-changed',
    `Cannot go on with "${entry}": ${url} changed while it was read (${how}); try again`,
    { entry, url },
  )
}

/** For one that has another entity tag than was given. */
export function otherTag(entry: string, url: string, given: string, actual: string): HoldallError {
  return new HoldallError(
    'source-changed',
    `Cannot store "${entry}": ${url} has the ETag ${actual}, planned was ${given}; the file has changed or the manifest is wrong`,
    { entry, url },
  )
}

/** For one of which an entity tag was given, and none is to be seen. */
export function untagged(entry: string, url: string): HoldallError {
  return new HoldallError(
    'source-failed',
    `Cannot check "${entry}": ${url} shows no ETag to compare with the one given; let its server send it, to pages of other origins with "Access-Control-Expose-Headers: ETag", or give crc32, sha256 or no etag`,
    { entry, url },
  )
}

/** Files that servers send as they are, so a web page in place of one is an error's page. */
const NEVER_A_PAGE =
  /\.(?:7z|avi|avif|bin|bz2|csv|docx?|exe|flac|gif|gz|heic|jpe?g|m4a|mkv|mov|mp[34]|ogg|pdf|png|pptx?|rar|tar|tiff?|wav|webm|webp|xlsx?|zip)$/i

const PAGE = /\.[sx]?html?$/i

/**
 * Past a service worker of the site another answer may be meant: there, all are refused that are not named as pages.
 *
 * @param asked Whether there were answers before, so that more than the name tells.
 * @throws {HoldallError} `source-failed`, for a web page where none can be.
 */
export function refusePage(
  headers: Headers,
  { name: entry, checked, etag, pastServiceWorker }: Expected,
  url: string,
  asked: boolean,
): void {
  if (checked || !/^text\/html\b/i.test(headers.get('Content-Type') ?? '')) return
  const isDoubtful = pastServiceWorker === true && !asked && etag === undefined
  if (isDoubtful ? PAGE.test(entry) : !NEVER_A_PAGE.test(entry)) return
  throw new HoldallError(
    'source-failed',
    `Cannot fetch "${entry}" from ${url}: it answered with a web page in place of the file; is it a page for errors or for signing in?`,
    { entry, url, status: 200 },
  )
}
