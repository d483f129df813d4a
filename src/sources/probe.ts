/** Learns the sizes of files before any of them is fetched, and what their servers call them. */

import type { ManifestFile, UrlSource } from '../manifest/types.ts'
import { dispositionName } from './disposition.ts'
import { isPlain } from './identity.ts'
import { isCrossOrigin, request, Watchdog, type RequestOptions } from './request.ts'

/** With more sizes missing than this, asking for all would take longer than it is worth. */
export const PROBE_UP_TO = 1000

/** Requests at once, unless told: a probe is one round trip, and browsers queue what is too many. */
const AT_ONCE = 12

/** An answer to a probe that takes longer than this is not waited for, in ms. */
const PROBE_WITHIN = 10_000

/** Content that servers compress on the way; then its length on the wire is not its own. */
const COMPRESSIBLE =
  /^(?:text\/|application\/(?:\w[\w.+-]*\+)?(?:json|xml|javascript|wasm)|image\/svg)/i

/**
 * `files`, with the size of each file behind a URL that its server tells; and its name and date, where
 * the caller gave none. Files whose server does not answer stay as they are.
 *
 * @throws The reason of `signal`.
 */
export async function probeSizes(
  files: readonly ManifestFile[],
  signal: AbortSignal,
  atOnce: number = AT_ONCE,
): Promise<ManifestFile[]> {
  const probed = [...files]
  const missing = files.flatMap(({ source, size }, index) =>
    source?.type === 'url' && size === undefined ? [index] : [],
  )
  let next = 0
  const work = async (): Promise<void> => {
    while (next < missing.length) {
      const index = missing[next++]!
      probed[index] = await probe(files[index]!, signal)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return probed
}

async function probe(file: ManifestFile, signal: AbortSignal): Promise<ManifestFile> {
  const source = file.source as UrlSource
  if (!/^https?:/.test(source.url)) return file
  const head = await ask(source, { method: 'HEAD' }, signal)
  const response =
    sizeIn(head) === undefined ? await ask(source, { range: 'bytes=0-0' }, signal) : head
  const answer = response ?? head
  if (answer === undefined) return file
  const size = sizeIn(answer)
  const name = dispositionName(answer.headers.get('Content-Disposition'))
  const date = Date.parse(answer.headers.get('Last-Modified') ?? '')
  return {
    ...file,
    ...(size !== undefined && { size }),
    ...(file.guessedName === true && name !== undefined && { name }),
    ...(file.lastModified === undefined && !Number.isNaN(date) && { lastModified: date }),
  }
}

async function ask(
  source: UrlSource,
  options: RequestOptions,
  signal: AbortSignal,
): Promise<Response | undefined> {
  const watchdog = new Watchdog(PROBE_WITHIN)
  const stop = (): void => watchdog.end(signal.reason)
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    const response = await request(source, options, watchdog)
    await response.body?.cancel()
    return response
  } catch {
    signal.throwIfAborted()
    return undefined // what is wrong with the file will be told when it is its turn
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** The length of the file that `response` speaks of, if that can be told and trusted. */
function sizeIn(response: Response | undefined): number | undefined {
  if (response === undefined) return undefined
  const { headers, status, url } = response
  if (status === 206) {
    const total = /\/(\d+)$/.exec(headers.get('Content-Range') ?? '')?.[1]
    return total === undefined ? undefined : Number(total)
  }
  const length = headers.get('Content-Length')
  if (status !== 200 || length === null || !isPlain(headers)) return undefined
  // Browsers hide Content-Encoding of other origins: what may be compressed may be of any length.
  const hidden = isCrossOrigin(url) && COMPRESSIBLE.test(headers.get('Content-Type') ?? '')
  return hidden ? undefined : Number(length)
}
