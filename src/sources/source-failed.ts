/** The error for a file that cannot be fetched, with what may be done about it. */

import { HoldallError } from '../errors.ts'
import type { UrlSource } from '../manifest/types.ts'
import { hasSecrets, type ResponseFault } from './request.ts'

/**
 * @param attempts How many in a row have failed.
 * @param blocked Why a page may not read it, if that is known.
 */
export function sourceFailed(
  source: UrlSource,
  entry: string,
  { message, status, cause }: ResponseFault,
  attempts: number,
  blocked: string | undefined,
): HoldallError {
  const { url } = source
  const connect =
    blocked ??
    'check the connection, the URL and, on a page, its Content-Security-Policy (connect-src)'
  const secrets = 'it must not redirect, as the file has headers of its own'
  const remedy =
    status === undefined
      ? connect + (hasSecrets(source) ? `; ${secrets}` : '')
      : status < 400 && hasSecrets(source)
        ? secrets
        : 'check that the file exists and that this page may read it'
  const times = attempts > 1 ? `, ${attempts} times in a row` : ''
  return new HoldallError(
    'source-failed',
    `Cannot fetch "${entry}" from ${url}: ${message}${times}; ${remedy}`,
    { entry, url, ...(status !== undefined && { status }) },
    { cause },
  )
}
