/** Learns the sizes of files before any of them is fetched, and what their servers call them. */

import type { ManifestFile, UrlSource } from '../manifest/types.ts'
import { dispositionName } from './disposition.ts'
import { contentRange, isPlain, lengthOf, tellsLengths } from './lengths.ts'
import { isCrossOrigin, request, Watchdog, type RequestOptions } from './request.ts'

/** With more sizes missing than this, asking for all would take longer than it is worth. */
export const PROBE_UP_TO = 1000

/** Requests at once, unless told: a probe is one round trip, and browsers queue what is too many. */
const AT_ONCE = 12

/** An answer to a probe that takes longer than this is not waited for, in ms. */
const PROBE_WITHIN = 10_000

/**
 * `files`, with the size of each file behind a URL that its server tells; and its name and date, where
 * the caller gave none. Files whose server does not answer stay as they are.
 *
 * @param silence How long to wait for an answer at most, in ms.
 * @throws The reason of `signal`.
 */
export async function probeSizes(
  files: readonly ManifestFile[],
  signal: AbortSignal,
  atOnce: number = AT_ONCE,
  silence: number = PROBE_WITHIN,
): Promise<ManifestFile[]> {
  const probed = [...files]
  const missing = files.flatMap(({ source, size }, index) =>
    source?.type === 'url' && size === undefined ? [index] : [],
  )
  let next = 0
  const work = async (): Promise<void> => {
    while (next < missing.length) {
      const index = missing[next++]!
      probed[index] = await probe(files[index]!, signal, Math.min(silence, PROBE_WITHIN))
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, missing.length) }, work))
  return probed
}

async function probe(
  file: ManifestFile,
  signal: AbortSignal,
  within: number,
): Promise<ManifestFile> {
  const source = file.source as UrlSource
  if (!/^https?:/.test(source.url)) return file
  const head = await ask(source, { method: 'HEAD' }, signal, within)
  // None at all is what servers say that do not know HEAD, and answer it with a body of nothing.
  const response =
    sizeIn(head) || isHidden(head)
      ? head
      : await ask(source, { range: 'bytes=0-0' }, signal, within)
  const answer = response ?? head
  if (answer === undefined) return file
  const name = dispositionName(answer.headers.get('Content-Disposition'))
  const date = Date.parse(answer.headers.get('Last-Modified') ?? '')
  return {
    ...file,
    size: sizeIn(answer),
    likelySize: lengthIn(answer),
    ...(file.guessedName === true && name !== undefined && { name }),
    ...(file.lastModified === undefined && !Number.isNaN(date) && { lastModified: date }),
  }
}

async function ask(
  source: UrlSource,
  options: RequestOptions,
  signal: AbortSignal,
  within: number,
): Promise<Response | undefined> {
  const watchdog = new Watchdog(within, signal)
  try {
    signal.throwIfAborted()
    const response = await request(source, options, watchdog)
    await response.body?.cancel()
    return response
  } catch {
    signal.throwIfAborted()
    return undefined // what is wrong with the file will be told when it is its turn
  } finally {
    watchdog.end(undefined) // a page that asks in its place waits for that
  }
}

/** The length of the file that `response` speaks of, if that can be told and trusted. */
function sizeIn(response: Response | undefined): number | undefined {
  return response && isTrusted(response) ? lengthIn(response) : undefined
}

/** Whether no other answer could tell more of lengths: of what other origins send, that may be compressed, none does. */
function isHidden(head: Response | undefined): boolean {
  return head !== undefined && isPlain(head.headers) && !isTrusted(head) && lengthIn(head) !== 0
}

function isTrusted({ headers, url }: Response): boolean {
  return tellsLengths(headers, isCrossOrigin(url))
}

function lengthIn(answer: Response): number | undefined {
  const { headers, status } = answer
  // Of an empty file, there is no first byte: 416, and its length none the less.
  return status === 206 || status === 416 ? contentRange(headers).total : lengthOf(answer)
}
