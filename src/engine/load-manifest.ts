/** Fetches the list of files that is behind a URL, with the same patience as the files. */

import { HoldallError } from '../errors.ts'
import { parseManifest } from '../manifest/json.ts'
import { parseFiles } from '../manifest/parse.ts'
import { fetchable } from '../manifest/url.ts'
import type { ManifestFile } from '../manifest/types.ts'
import { delayBefore, isTransient, sleep, type Patience } from '../sources/patience.ts'
import { readStream } from '../sources/read-stream.ts'
import { request, Watchdog, type ResponseFault } from '../sources/request.ts'

/** What a manifest says. */
export interface Manifest {
  /** Name of the archive, if it gives one. */
  readonly name: string | undefined
  readonly parsed: ManifestFile[]
  /** Its URL, as it was asked for: it may be found at another. */
  readonly manifest: string
}

/**
 * The manifest behind `url`; its relative URLs are relative to where it was found in the end.
 *
 * @throws {HoldallError} `invalid-url`, `source-failed`, `invalid-manifest`, or one for bad input.
 */
export async function loadManifest(
  url: string,
  baseURL: string | undefined,
  patience: Patience,
  signal: AbortSignal,
): Promise<Manifest> {
  const remedy = 'to pack one file, give a list'
  const source = fetchable(url, baseURL, 'the manifest', remedy).href
  const { text, found } = await fetchPatiently(source, patience, signal)
  const { name, files } = parseManifest(text, source)
  return { name, parsed: await parseFiles(files, found), manifest: source }
}

interface Fetched {
  readonly text: string
  /** Where it is, after redirects. */
  readonly found: string
}

async function fetchPatiently(
  url: string,
  patience: Patience,
  signal: AbortSignal,
): Promise<Fetched> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchText(url, patience.silence, signal)
    } catch (error) {
      signal.throwIfAborted()
      const { status, retryAfter, message } = error as Partial<ResponseFault> & Error
      const lasting = status !== undefined && !isTransient(status)
      if (lasting || attempt >= patience.attempts) {
        const why =
          status === undefined
            ? `Cannot fetch the manifest ${url}: ${message}; check the connection and the URL`
            : `Cannot fetch the manifest: ${url} answered ${status}; check its URL`
        const detail = { entry: url, url, ...(status !== undefined && { status }) }
        throw new HoldallError('source-failed', why, detail, { cause: error })
      }
      await sleep(delayBefore(attempt + 1, patience, retryAfter), signal)
    }
  }
}

async function fetchText(url: string, silence: number, signal: AbortSignal): Promise<Fetched> {
  const watchdog = new Watchdog(silence, signal)
  try {
    signal.throwIfAborted()
    const response = await request({ type: 'url', url }, {}, watchdog)
    const decoder = new TextDecoder()
    let text = ''
    if (response.body !== null) {
      const chunks = readStream(response.body, watchdog.signal, { trickles: true })
      for (;;) {
        const { done, value } = await watchdog.watch(chunks.next())
        if (done === true) break
        text += decoder.decode(value, { stream: true })
      }
    }
    return { text: text + decoder.decode(), found: response.url }
  } finally {
    watchdog.end(undefined)
  }
}
