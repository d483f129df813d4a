/** The errors of a bundle that is not imported. */

import { HoldallError } from '../errors.ts'
import { DESCRIPTION_NAME } from './description.ts'

/** @param path Where: in `holdall-bundle.json` (`$.responses[3].url`), or the name of an entry. */
export function invalidBundle(path: string, why: string, cause?: unknown): HoldallError {
  const where = path.startsWith('$') ? `${path} of ${DESCRIPTION_NAME}` : JSON.stringify(path)
  const message = `Cannot import the bundle: ${path === '' ? 'it' : where} ${why}; nothing was restored. Export it again, or copy it again`
  return new HoldallError('invalid-bundle', message, { path }, { cause })
}

/** A body is not what the description says. */
export function mismatch(
  url: string,
  entry: string,
  field: 'size' | 'crc32' | 'sha256',
  planned: number | string,
  actual: number | string,
): HoldallError {
  return new HoldallError(
    'bundle-mismatch',
    `Cannot import ${url}: its ${field} is to be ${planned}, "${entry}" has ${actual}; nothing was restored. The bundle was damaged or changed: copy it again`,
    { url, entry, field, planned, actual },
  )
}

/** @param origin That of the bundle, or of the response at `url`. */
export function foreignOrigin(origin: string, why: string, url?: string): HoldallError {
  return new HoldallError('foreign-origin', `Cannot import ${url ?? 'the bundle'}: ${why}`, {
    origin,
    ...(url !== undefined && { url }),
  })
}

/** The bundle itself cannot be read. */
export function unreadable(name: string, cause: unknown, status?: number): HoldallError {
  const why = status === undefined ? (cause as Error).message : `the server answered ${status}`
  return new HoldallError(
    'source-failed',
    `Cannot read the bundle ${name}: ${why}; nothing was restored. Check that it is still there, and try again`,
    { entry: name, ...(status !== undefined && { status }) },
    { cause },
  )
}

/**
 * The browser's storage refused.
 *
 * @param undone Whether its caches are as they were.
 */
export function storageFailed(cause: unknown, undone: boolean): HoldallError {
  const { name, message } = cause as Error
  const quota = name === 'QuotaExceededError'
  const why = quota ? 'the site may store no more (QuotaExceededError)' : message
  const now = undone
    ? 'nothing was restored'
    : 'and what was replaced could not all be put back: import it again'
  const remedy = quota ? '. Make room on the disk, or delete data of the site' : ''
  return new HoldallError(
    'storage-failed',
    `Cannot restore the bundle: ${why}; ${now}${remedy}`,
    { quota, undone },
    { cause },
  )
}
