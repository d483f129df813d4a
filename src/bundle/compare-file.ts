/** Makes sure that what there is at a URL is what its caller says of it. */

import { HoldallError } from '../errors.ts'
import { checkSha256, checkText } from '../manifest/checks.ts'
import type { UrlFile } from '../manifest/types.ts'
import { opaque } from '../sources/identity.ts'
import { untagged } from '../sources/wrong-file.ts'
import { header, type Resource } from './resource.ts'

/**
 * @throws {HoldallError} `size-mismatch`, `crc-mismatch`, `sha256-mismatch`, `source-changed` for another ETag,
 *   `source-failed` if there is none to compare, `invalid-metadata`.
 */
export function compareFile(file: UrlFile, { url, headers, ...actual }: Resource): void {
  const entry = file.name ?? url
  const sha256 = checkSha256(entry, file.sha256)
  const cannot = (what: string, planned: unknown, is: unknown): string =>
    `Cannot put ${url} into the bundle: planned ${what} ${planned}, it has ${is}; the file has changed or the list is wrong`
  if (file.size !== undefined && file.size !== actual.size) {
    const detail = { entry, url, planned: file.size, actual: actual.size }
    throw new HoldallError('size-mismatch', cannot('size', file.size, actual.size), detail)
  }
  if (file.crc32 !== undefined && file.crc32 !== actual.crc32) {
    const detail = { entry, url, planned: file.crc32, actual: actual.crc32 }
    throw new HoldallError('crc-mismatch', cannot('CRC-32', file.crc32, actual.crc32), detail)
  }
  if (sha256 !== undefined && sha256 !== actual.sha256) {
    const detail = { entry, url, planned: sha256, actual: actual.sha256 }
    throw new HoldallError('sha256-mismatch', cannot('SHA-256', sha256, actual.sha256), detail)
  }
  if (file.etag === undefined) return
  const etag = header(headers, 'etag')
  if (etag === '') {
    // these have told already
    if (file.crc32 === undefined && sha256 === undefined) throw untagged(entry, url)
  } else if (opaque(etag) !== opaque(checkText(entry, 'etag', file.etag))) {
    throw new HoldallError('source-changed', cannot('ETag', file.etag, etag), { entry, url })
  }
}
