/** One request for a file, or for the rest of it. */

import { possible } from '../manifest/request-options.ts'
import type { UrlSource } from '../manifest/types.ts'
import { ownLocation } from './own-location.ts'
import { retryAfter } from './patience.ts'
import { whenAborted } from './when-aborted.ts'

/** An answer, or the lack of one, that is no file: the network's fault, or the server's. */
export class ResponseFault extends Error {
  /** Absent if there was no answer, or it broke off. */
  readonly status: number | undefined
  /** What the server asks to be waited, in ms. */
  readonly retryAfter: number | undefined
  /** Whether nothing has failed: parts of the file are not to be had, and now all of it is asked for. */
  wantsAll = false

  constructor(message: string, options: { cause?: unknown; response?: Response } = {}) {
    super(message, { cause: options.cause })
    this.status = options.response?.status
    this.retryAfter = options.response && retryAfter(options.response.headers)
  }
}

/** A timer that is to take longer takes no time at all. */
export const LONGEST_TIMER: number = 2 ** 31 - 1

/** As `fetch` with `integrity` tells of no answer before all of it was compared, it may take so many times as long. */
export const COMPARED_WITHIN = 10

/** Ends a request, by its signal, when something of it that is waited for takes too long. */
export class Watchdog {
  readonly #controller = new AbortController()
  readonly #silence: number
  readonly #forget: () => void

  /**
   * @param silence How long to wait, in ms.
   * @param signal Ends the request, too, until that has ended.
   */
  constructor(silence: number, signal: AbortSignal) {
    this.#silence = silence
    this.#forget = whenAborted(signal, () => this.end(signal.reason))
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /**
   * `step`; if it takes too long, the signal aborts, with a `ResponseFault`.
   *
   * @param times How many times as long it may take as others.
   */
  watch<T>(step: Promise<T>, times = 1): Promise<T> {
    const silence = Math.min(this.#silence * times, LONGEST_TIMER)
    const bark = (): void =>
      this.#controller.abort(new ResponseFault(`nothing came for ${silence / 1000} s`))
    const timer = setTimeout(bark, silence)
    return step.finally(() => clearTimeout(timer))
  }

  end(reason: unknown): void {
    this.#forget()
    this.#controller.abort(reason)
  }
}

/** How to ask for a file. */
export interface RequestOptions {
  readonly method?: 'HEAD'
  /** The part that is wanted (`Range`, RFC 9110 §14.2). Default: all. */
  readonly range?: string | undefined
  /** What must hold for a part to be of use (`If-Range`, RFC 9110 §13.1.5). */
  readonly condition?: string | undefined
  /** Whether to go past the browser's cache, which may hold a copy without the headers of CORS. */
  readonly reload?: boolean
}

/** What is answered with the file, or a part of it. */
const FILE: readonly number[] = [200, 203, 204, 205, 206]

/**
 * Asks for a file, or a part of it.
 *
 * @returns An answer with status 200 or 206, or 416 for a part beyond the end; with 203, what a proxy made of that; with
 *   204 or 205, an empty file.
 * @throws {ResponseFault} If there is none, or another.
 */
export async function request(
  source: UrlSource,
  { method, range, condition, reload }: RequestOptions,
  watchdog: Watchdog,
): Promise<Response> {
  const { url, credentials, integrity, referrerPolicy } = source
  // Browsers set this one themselves, and say nothing; elsewhere it makes lengths mean something.
  const headers = new Headers({ 'Accept-Encoding': 'identity', ...source.headers })
  if (range !== undefined) headers.set('Range', range)
  if (condition !== undefined) headers.set('If-Range', condition)
  const { signal } = watchdog
  const isCompared = Boolean(integrity) && !method && range === undefined
  const asked = fetch(url, {
    headers,
    signal,
    ...(method && { method }),
    ...(reload && possible({ cache: 'reload' })),
    // Where redirects cannot be errors they are answers, which are refused below.
    ...(hasSecrets(source) && { redirect: 'manual', ...possible({ redirect: 'error' }) }),
    ...(credentials && { credentials }),
    ...(isCompared && { integrity }),
    ...(referrerPolicy && { referrerPolicy }),
  })
  const response = await watchdog
    .watch(asked, isCompared ? COMPARED_WITHIN : 1)
    .catch((cause: Error) => {
      if (signal.aborted) throw signal.reason
      throw new ResponseFault(`it did not answer (${cause.message})`, { cause })
    })
  const { status, statusText } = response
  if (FILE.includes(status) || (status === 416 && range !== undefined)) return response
  await response.body?.cancel()
  throw new ResponseFault(`it answered ${status} ${statusText}`.trimEnd(), { response })
}

/**
 * Whether a redirect to another origin would carry headers there that are meant for this one alone:
 * of those, Fetch drops only Authorization (https://fetch.spec.whatwg.org/#http-redirect-fetch).
 */
export function hasSecrets({ headers }: Pick<UrlSource, 'headers'>): boolean {
  return Object.keys(headers ?? {}).some((name) => name.toLowerCase() !== 'authorization')
}

/** `source` at another URL: what is meant for one origin does not go to another. */
export function movedTo(url: string, source: UrlSource): UrlSource {
  if (originOf(url) === originOf(source.url)) return { ...source, url }
  const { headers: _, credentials, ...rest } = source
  return { ...rest, url, ...(credentials === 'omit' && { credentials }) }
}

/**
 * The origin of a URL that is written as parsing would, with nobody's name and password. To parse it each time, several times a file, is a tenth of what
 * a small one takes of a thread.
 */
export function originOf(url: string): string {
  return /^http[^/]+..[^/]+/.exec(url)?.[0] ?? new URL(url).origin
}

/** Origins whose files a page of theirs reads for this program, with all headers. */
const readByPages = new Set<string>()

/** Says that files of `origin` are fetched as a page of that origin would. */
export function readByPage(origin: string): void {
  readByPages.add(origin)
}

/** Whether `url` is of another origin than who asks for it, so that most headers of answers are hidden. */
export function isCrossOrigin(url: string): boolean {
  const own = ownLocation()
  if (own === undefined) return false
  const origin = originOf(url)
  return origin !== own.origin && !readByPages.has(origin)
}
