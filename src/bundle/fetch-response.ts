/** Fetches what no cache has. */

import { HoldallError } from '../errors.ts'
import type { UrlFile } from '../manifest/types.ts'
import type { Digests } from '../sources/digest.ts'
import {
  delayBefore,
  isTransient,
  orAborted,
  patienceOf,
  sleep,
  type Patience,
} from '../sources/patience.ts'
import { COMPARED_WITHIN, hasSecrets, ResponseFault, Watchdog } from '../sources/request.ts'
import { messageOf } from '../sources/thrown.ts'
import type { Resource } from './resource.ts'

/** What to fetch. */
export type Wanted = Pick<
  UrlFile,
  'url' | 'name' | 'headers' | 'credentials' | 'integrity' | 'referrerPolicy'
>

/** The same for what is one request: a server may answer others of that URL otherwise. */
export function requestKey({ url, headers, credentials, integrity = '' }: Wanted): string {
  const sent = [...new Headers({ ...headers })]
  return JSON.stringify([String(url), sent, credentials ?? 'same-origin', integrity])
}

/**
 * The response for a file's URL, its body held as a Blob: the browser keeps a large one on disk.
 *
 * @param digest Digests it.
 * @param patience How often it is asked for, and how long it may be silent.
 * @param unanswered How often it is asked for where no answer comes, or none that is whole.
 * @throws {HoldallError} `source-failed`; the reason of `signal`.
 */
export async function fetchResponse(
  wanted: Wanted,
  digest: (blob: Blob) => Promise<Digests>,
  signal: AbortSignal,
  patience: Patience = patienceOf(),
  unanswered: number = patience.attempts,
): Promise<Resource> {
  const url = String(wanted.url)
  for (let attempt = 1; ; attempt++) {
    try {
      const { response, blob } = await ask(wanted, signal, patience.silence)
      return {
        url,
        base: response.url || url,
        status: response.status,
        statusText: response.statusText,
        headers: [...response.headers],
        vary: varyOf(response.headers, wanted),
        // what was compared serves those, too, who do not ask for that
        body: { blob, requests: [requestKey(wanted), requestKey({ ...wanted, integrity: '' })] },
        ...(wanted.name !== undefined && { name: wanted.name }),
        ...(await digest(blob)),
      }
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof HoldallError) throw error
      const fault = error instanceof ResponseFault ? error : undefined
      const attempts = fault?.status === undefined ? unanswered : patience.attempts
      if (fault === undefined || attempt >= attempts || !isPassing(fault)) {
        throw failed(wanted, error, attempt)
      }
      await sleep(delayBefore(attempt + 1, patience, fault.retryAfter), signal)
    }
  }
}

/** One request, and the whole of its answer. */
async function ask(
  wanted: Wanted,
  signal: AbortSignal,
  silence: number,
): Promise<{ response: Response; blob: Blob }> {
  const { url, headers, credentials, integrity, referrerPolicy } = wanted
  const watchdog = new Watchdog(silence, signal)
  // what can never be asked for throws here, and is no fault of an answer
  const request = new Request(url, {
    signal: watchdog.signal,
    ...(headers && { headers: { ...headers } }),
    ...(hasSecrets(wanted) && { redirect: 'error' }),
    ...(credentials && { credentials }),
    ...(integrity && { integrity }),
    ...(referrerPolicy && { referrerPolicy }),
  })
  try {
    signal.throwIfAborted()
    const response = await watchdog.watch(fetch(request), integrity ? COMPARED_WITHIN : 1)
    if (response.ok) {
      return { response, blob: await new Response(watched(response, watchdog)).blob() }
    }
    throw new ResponseFault(`it answers ${response.status}`, { response })
  } catch (cause) {
    if (watchdog.signal.aborted) throw watchdog.signal.reason
    if (cause instanceof ResponseFault) throw cause
    throw new ResponseFault(messageOf(cause), { cause })
  } finally {
    watchdog.end(undefined) // a body that is not read would keep its connection
  }
}

/** The body of `response`; its request ends if nothing comes of it for too long. */
function watched({ body }: Response, watchdog: Watchdog): ReadableStream<Uint8Array> | null {
  if (body === null) return null
  const reader = body.getReader()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await orAborted(watchdog.watch(reader.read()), watchdog.signal)
      if (done) controller.close()
      else controller.enqueue(value)
    },
  })
}

/**
 * Of the headers that were sent, those that the answer says it depends on, and that negotiate (RFC 9110 §12.5): others may be
 * secret (a token), and whoever gets the bundle could read them.
 */
function varyOf(answered: Headers, { headers }: Wanted): Record<string, string> {
  const named = (answered.get('Vary') ?? '').split(',').map((name) => name.trim().toLowerCase())
  const sent = [...new Headers({ ...headers })]
  return Object.fromEntries(sent.filter(([name]) => /^accept\b/.test(name) && named.includes(name)))
}

/** Whether to ask once more may help. Without a network it does not, and bundles are made without. */
function isPassing({ status }: ResponseFault): boolean {
  return status === undefined ? navigator.onLine : isTransient(status)
}

function failed(wanted: Wanted, cause: unknown, attempts: number): HoldallError {
  const url = String(wanted.url)
  const status = cause instanceof ResponseFault ? cause.status : undefined
  const times = attempts > 1 ? `, ${attempts} times in a row` : ''
  const redirects =
    status === undefined && hasSecrets(wanted)
      ? 'it must not redirect, as it is asked for with headers of its own; '
      : ''
  return new HoldallError(
    'source-failed',
    `Cannot put ${url} into the bundle: ${messageOf(cause)}${times}; ${redirects}check that the app has it, or set onError to 'skip'`,
    { entry: url, url, ...(status !== undefined && { status }) },
    { cause },
  )
}
