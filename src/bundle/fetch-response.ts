/** Fetches what no cache has. */

import { HoldallError } from '../errors.ts'
import type { UrlFile } from '../manifest/types.ts'
import type { Digests } from '../sources/digest.ts'
import type { Resource } from './resource.ts'

/** What to fetch. */
export type Wanted = Pick<UrlFile, 'url' | 'name' | 'headers' | 'credentials' | 'integrity'>

/**
 * The response for a file's URL, its body held as a Blob: the browser keeps a large one on disk.
 *
 * @param digest Digests it.
 * @throws {HoldallError} `source-failed`; the reason of `signal`.
 */
export async function fetchResponse(
  { url, name, headers, credentials, integrity }: Wanted,
  digest: (blob: Blob) => Promise<Digests>,
  signal: AbortSignal,
): Promise<Resource> {
  const href = String(url)
  try {
    const response = await fetch(href, {
      signal,
      ...(headers && { headers: { ...headers } }),
      ...(credentials && { credentials }),
      ...(integrity && { integrity }),
    })
    if (!response.ok) throw failed(href, `it answers ${response.status}`, response.status)
    const blob = await response.blob()
    return {
      url: href,
      base: response.url || href,
      status: response.status,
      statusText: response.statusText,
      headers: [...response.headers],
      vary: {},
      body: { blob },
      ...(name !== undefined && { name }),
      ...(await digest(blob)),
    }
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof HoldallError) throw cause
    throw failed(href, (cause as Error).message, undefined, cause)
  }
}

function failed(url: string, why: string, status?: number, cause?: unknown): HoldallError {
  return new HoldallError(
    'source-failed',
    `Cannot put ${url} into the bundle: ${why}; check that the app has it, or set onError to 'skip'`,
    { entry: url, url, ...(status !== undefined && { status }) },
    { cause },
  )
}
