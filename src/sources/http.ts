/** Files behind a URL, fetched to their last byte whatever the network does on the way. */

import { HoldallError, isHoldallError } from '../errors.ts'
import { messageOf } from './thrown.ts'
import type { UrlSource } from '../manifest/types.ts'
import type { BufferPool } from '../zip/buffer-pool.ts'
import { crc32 } from '../zip/crc32.ts'
import { blockedBy } from './cors.ts'
import type { Gate } from './gate.ts'
import { Identity, type FileIdentity } from './identity.ts'
import { delayBefore, isTransient, orAborted, sleep, type Patience } from './patience.ts'
import { readStream } from './read-stream.ts'
import { movedTo, request, ResponseFault, Watchdog } from './request.ts'
import { sourceFailed } from './source-failed.ts'
import { whenAborted } from './when-aborted.ts'
import { sizeMismatch } from './wrong-file.ts'

/** What a source needs of the job that it belongs to. */
export interface HttpContext {
  /** Ends requests, reads and waits. */
  readonly signal: AbortSignal
  readonly patience: Patience
  /** Closed while the job is paused: nothing is asked for then, and what can be had later is let go. */
  readonly gate: Gate
  /** Resolves when there is a network: at once, unless the browser says that there is none. */
  online(signal: AbortSignal): Promise<void>
  /** When something was reached last, by `performance.now()`. */
  lastAnswer(): number
  /**
   * Whether it is not the file at fault, but that nothing can be reached, or could not until just now.
   *
   * @param since When the file was first not to be had, by `performance.now()`.
   * @param before `lastAnswer()` when it was tried last.
   */
  outage(since: number, before: number, signal: AbortSignal): Promise<boolean>
  /** A fresh URL for one that was refused (401, 403), if there is any. */
  refresh(url: string, name: string): Promise<string | undefined>
  /** Whether a service worker of the site, which might answer otherwise, is not asked. Default: false. */
  readonly pastServiceWorker?: boolean | undefined
  /** Where buffers to read into come from. */
  readonly buffers: BufferPool
  /** Told of bytes that came. */
  received(bytes: number): void
  /** Told of a URL that was answered. */
  reached(url: string): void
  /** Told how a request went, for the number of those at once to follow. */
  answered(url: string, fault: ResponseFault | undefined): void
}

/** A file to be fetched, and what is known of it. */
export interface HttpFile {
  readonly source: UrlSource
  /** For messages. */
  readonly name: string
  /** In bytes, if it is known. */
  readonly size: number | undefined
  /** Whether its CRC-32 is known, and so compared in the end. */
  readonly checked: boolean
  /** The byte at which it is probably enough: no more is asked for, until more is wanted. Default: its end. */
  readonly until?: number | undefined
  /** The CRC-32 of the file up to byte `at`, to which it was read. */
  crcUpTo(at: number): number
  /** What was known of it when a part was read before, of which this is the rest. */
  readonly known?: FileIdentity | undefined
  /** Told what is known of it, with each answer. */
  identified(identity: FileIdentity): void
  /** Whether each chunk is done with when the next is asked for; see `readStream`. */
  readonly copied: boolean
}

/**
 * The bytes of a file, from `position` on.
 *
 * What breaks off is gone on with, by Range where the server knows it, and by reading again and
 * comparing where not. Faults of the network, and answers that mean "later", are waited out as long as
 * bytes come in between, enough of them for what they take. A file that has changed meanwhile is an error, never a mixture.
 *
 * @param retrying Told of each further attempt, by its number in a row, from 2.
 * @throws {HoldallError} `source-failed`, `source-changed`, `size-mismatch`.
 */
export async function* fetchFile(
  file: HttpFile,
  position: number,
  context: HttpContext,
  retrying: (attempt: number) => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { name, size, checked } = file
  const { patience, signal, pastServiceWorker } = context
  const expected = { name, size, checked, etag: file.source.etag, pastServiceWorker }
  const identity = new Identity(expected, position > 0 ? (file.known ?? {}) : undefined)
  let { source, until } = file
  let at = position
  let attempt = 1
  let reload = false
  let trickles = false
  let refreshed = false
  let since = Infinity
  /** Whether nothing could be reached: the attempts meanwhile are forgotten when something has come. */
  let waited = false
  for (;;) {
    let ended = false
    const before = at
    const answered = context.lastAnswer()
    try {
      for await (const chunk of fetchOnce(
        { ...file, source, until },
        at,
        identity,
        { reload, trickles },
        context,
      )) {
        at += chunk.length
        refreshed = false
        const worth = (at - before) * WORTH >= before - identity.start
        if (worth) since = Infinity
        if (worth || waited) attempt = 1
        waited = false
        if (size !== undefined && at > size) {
          throw sizeMismatch(name, source.url, size, 'gave at least', at)
        }
        context.received(chunk.length)
        yield chunk
      }
      ended = true
      if (identity.isWhole(at, until)) return
      if (until !== undefined && at >= until) {
        until = undefined
        continue
      }
      if (at > before && identity.isWholePart(at)) continue
      throw new ResponseFault('it ended too early')
    } catch (error) {
      signal.throwIfAborted()
      if (error === PAUSED) continue
      if (isHoldallError(error)) throw error
      const fault = asFault(error)
      const { status } = fault
      reload ||= status === undefined && at === position
      if (fault.wantsAll) continue
      context.answered(source.url, fault)
      if ((status === 401 || status === 403) && !refreshed) {
        const url = await refresh(source, name, fault, context)
        refreshed = true
        if (url !== undefined) {
          source = movedTo(url, source)
          continue
        }
      }
      const lasting = status !== undefined && !isTransient(status)
      const tired = attempt >= patience.attempts
      since = Math.min(since, performance.now())
      const outage =
        tired && status === undefined && (await context.outage(since, answered, signal))
      signal.throwIfAborted()
      if (lasting || (tired && !outage)) {
        if (isHoldallError(fault.cause)) throw fault.cause
        if (ended && size !== undefined) throw sizeMismatch(name, source.url, size, 'gave', at)
        const never = status === undefined && at === position
        const blocked = never ? await blockedBy(source, signal) : undefined
        signal.throwIfAborted()
        throw sourceFailed(source, name, fault, attempt, blocked)
      }
      trickles = true // what seemed silent may have been slow
      waited ||= outage
      attempt++
      retrying(attempt)
      await sleep(delayBefore(attempt, patience, fault.retryAfter), signal)
    }
  }
}

/**
 * Where no parts of a file are to be had, what is new must be this share of what was read again for it: else a server
 * that breaks off at about the same byte each time would be asked a hundred times, for all before that byte.
 */
const WORTH = 16

/** Why a request was let go that is made again when the job goes on. */
const PAUSED = new Error('The job is paused')

/** The bytes from `at` on, as far as one request brings them. */
async function* fetchOnce(
  { source, until, crcUpTo, identified, copied }: HttpFile,
  at: number,
  identity: Identity,
  { reload, trickles }: { reload: boolean; trickles: boolean },
  context: HttpContext,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { signal, patience, gate, buffers } = context
  const { url } = source
  await orAborted(gate.pass(), signal)
  const { closing } = gate
  const watchdog = new Watchdog(patience.silence, signal)
  // Until it has answered, to ask again later costs nothing.
  let letGo = true
  const pause = (): void => {
    if (letGo) watchdog.end(PAUSED)
  }
  const forget = whenAborted(closing, pause)
  try {
    signal.throwIfAborted()
    if (url.startsWith('http')) await context.online(signal) // blob: and data: need no network
    const response = await request(source, { reload, ...identity.part(at, url, until) }, watchdog)
    context.answered(url, undefined)
    context.reached(url)
    const start = identity.check(response, at, url)
    letGo = identity.offersParts
    identified(identity.known)
    if (start !== undefined) {
      const same = (crc: number | undefined): void => {
        if (crc === undefined) throw identity.endedBefore(url)
        if (start === 0 && crc !== crcUpTo(at)) throw identity.bytesDiffer(url)
      }
      const options = { copied, trickles, buffers }
      const body = response.body ?? new Blob().stream()
      const chunks = readStream(body, watchdog.signal, options)
      yield* from(at, start, chunks, same, watchdog, () => identity.brokeAtOnce())
    }
  } finally {
    forget()
    // A body that is not read to its end (it changed, say) would keep its connection.
    watchdog.end(undefined)
  }
}

/**
 * `chunks`, which begin at byte `start`, from byte `at` on.
 *
 * @param same Called with the CRC-32 of what comes before, once that was read; `undefined` if it ends
 *   before.
 * @param barren Called if it breaks off before its first byte.
 */
async function* from(
  at: number,
  start: number,
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>,
  same: (crc: number | undefined) => void,
  watchdog: Watchdog,
  barren: () => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let offset = start
  let crc = 0
  try {
    for (;;) {
      const { done, value } = await watchdog.watch(chunks.next())
      if (done === true) {
        if (offset < at) same(undefined)
        return
      }
      const given = Math.min(value.length, Math.max(0, at - offset))
      offset += value.length
      if (given > 0) {
        crc = crc32(value.subarray(0, given), crc)
        if (offset >= at) same(crc)
      }
      if (given < value.length) yield given === 0 ? value : value.slice(given)
    }
  } catch (error) {
    if (offset === start && !watchdog.signal.aborted) barren()
    throw error
  } finally {
    await chunks.return()
  }
}

/**
 * The URL that replaces that of `source`, if there is one.
 *
 * @throws {HoldallError} `source-failed`, if whoever was asked for it has failed.
 */
async function refresh(
  source: UrlSource,
  name: string,
  fault: ResponseFault,
  context: HttpContext,
): Promise<string | undefined> {
  try {
    const fresh = await orAborted(context.refresh(source.url, name), context.signal)
    return fresh === undefined ? undefined : new URL(fresh, source.url).href
  } catch (cause) {
    context.signal.throwIfAborted()
    const { status } = fault
    const message = `Cannot fetch "${name}" from ${source.url}: ${fault.message}, and refreshUrl gave no URL in its place (${(cause as Error).message})`
    const detail = { entry: name, url: source.url, ...(status !== undefined && { status }) }
    throw new HoldallError('source-failed', message, detail, { cause })
  }
}

function asFault(error: unknown): ResponseFault {
  if (error instanceof ResponseFault) return error
  const why = messageOf(error)
  return new ResponseFault(`it broke off (${why})`, { cause: error })
}
