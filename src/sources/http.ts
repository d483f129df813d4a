/** Files behind a URL: one request, checked, its body as a stream. */

import { HoldallError } from '../errors.ts'

/** What to fetch, and on whose behalf. */
export interface HttpRequest {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly credentials?: RequestCredentials
}

/**
 * Fetches a file and gives its body, from byte `position` on.
 *
 * @param entry The file's name, for messages.
 * @throws {HoldallError} `source-failed`, with the status if there is an answer.
 */
export async function fetchBody(
  request: HttpRequest,
  entry: string,
  position: number,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const { url, credentials } = request
  const headers = new Headers(request.headers)
  if (position > 0) headers.set('Range', `bytes=${position}-`)
  let response: Response
  try {
    response = await fetch(url, {
      headers,
      signal,
      ...(hasSecrets(request) && { redirect: 'error' as const }),
      ...(credentials !== undefined && { credentials }),
    })
  } catch (cause) {
    signal.throwIfAborted()
    throw unreachable(request, entry, cause)
  }
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    if (response.status === 204 || response.ok) return emptyStream()
    throw new HoldallError(
      'source-failed',
      `Cannot fetch "${entry}": ${url} answered ${response.status} ${response.statusText}`.trimEnd() +
        '; check that the file exists and that this page may read it',
      { entry, url, status: response.status },
    )
  }
  if (position > 0 && response.status !== 206) return skipBytes(response.body, position)
  return response.body
}

/**
 * Whether a redirect to another origin would carry headers there that are meant for this one alone:
 * of those, Fetch drops only Authorization (https://fetch.spec.whatwg.org/#http-redirect-fetch).
 */
function hasSecrets({ headers }: HttpRequest): boolean {
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() !== 'authorization')
}

function emptyStream(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.close() })
}

/** `body` without its first `count` bytes, for servers that know no ranges. */
function skipBytes(
  body: ReadableStream<Uint8Array>,
  count: number,
): ReadableStream<Uint8Array> {
  let left = count
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const skipped = Math.min(left, chunk.length)
        left -= skipped
        if (skipped < chunk.length) controller.enqueue(chunk.subarray(skipped))
      },
    }),
  )
}

function unreachable(request: HttpRequest, entry: string, cause: unknown): HoldallError {
  const { url } = request
  const elsewhere = 'location' in globalThis && new URL(url).origin !== globalThis.location.origin
  const remedy = [
    'check the connection and the URL',
    ...(elsewhere ? ['the server must allow this page by Access-Control-Allow-Origin'] : []),
    ...(hasSecrets(request) ? ['it must not redirect, as the file has headers of its own'] : []),
  ].join('; ')
  return new HoldallError(
    'source-failed',
    `Cannot fetch "${entry}": ${url} did not answer (${(cause as Error).message}); ${remedy}`,
    { entry, url },
    { cause },
  )
}

/** The error for a body that broke off. */
export function brokenOff(entry: string, url: string | undefined, cause: unknown): HoldallError {
  const from = url === undefined ? '' : ` from ${url}`
  return new HoldallError(
    'source-failed',
    `Cannot read "${entry}"${from}: it broke off (${cause instanceof Error ? cause.message : String(cause)}); check the connection and try again`,
    { entry, ...(url !== undefined && { url }) },
    { cause },
  )
}
