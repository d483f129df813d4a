/** One part of an upload, brought to its store whatever the network does on the way. */

import type { Network } from '../engine/network.ts'
import { HoldallError } from '../errors.ts'
import { messageOf } from '../sources/thrown.ts'
import type { Gate } from '../sources/gate.ts'
import { delayBefore, isTransient, orAborted, sleep, type Patience } from '../sources/patience.ts'
import { answers } from '../sources/reach.ts'
import { isCrossOrigin, ResponseFault } from '../sources/request.ts'
import { sendBody } from './send-body.ts'
import type { UploadedPart, UploadPart, UploadRequest, UploadTarget } from './upload-target.ts'

/** What a part needs of the upload that it belongs to. */
export interface UploadContext {
  readonly target: UploadTarget
  /** Ends requests and waits. */
  readonly signal: AbortSignal
  readonly patience: Patience
  /** Closed while the job is paused: requests end, and are made again when it goes on. */
  readonly gate: Gate
  readonly network: Network
  /** Told how many bytes of a part are on their way. */
  readonly sent: (part: UploadPart, bytes: number) => void
}

/** How long a request is sent again as it is where nothing answers, in ms. */
const FRESH_FOR = 60_000

/** Why a request was let go that is made again when the job goes on. */
const PAUSED = new Error('The job is paused')

/** The page gives no request, or (`lasting`) one that the browser does not send. */
class RequestFault extends Error {
  readonly lasting: boolean

  constructor(message: string, lasting: boolean, cause: unknown) {
    super(message, { cause })
    this.lasting = lasting
  }
}

/**
 * Puts `part` in its place. What breaks off, and answers that mean "later", are tried again, as sources are.
 *
 * @throws {HoldallError} `upload-failed`.
 */
export async function uploadPart(part: UploadPart, context: UploadContext): Promise<UploadedPart> {
  const { signal, patience, network } = context
  let request: UploadRequest | undefined
  let attempt = 1
  let refused = false
  let since = Infinity
  /** When the page gave the request. */
  let given = 0
  for (;;) {
    const before = network.lastAnswer
    try {
      if (request === undefined) {
        request = await requestFor(part, context)
        given = performance.now()
      }
      return await sendOnce(part, request, context)
    } catch (error) {
      signal.throwIfAborted()
      context.sent(part, 0)
      if (error === PAUSED) {
        request = undefined // it may be out of date by then
        continue
      }
      const fault = error as ResponseFault | RequestFault
      const status = fault instanceof ResponseFault ? fault.status : undefined
      const wasRefused = refused
      refused = status === 401 || status === 403 || isOutOfDate(fault)
      if (refused && !wasRefused) {
        request = undefined
        continue
      }
      since = Math.min(since, performance.now())
      const lasting = fault instanceof RequestFault ? fault.lasting : !mayPass(fault)
      const tired = attempt >= patience.attempts
      const outage = tired && status === undefined && (await network.outage(since, before, signal))
      signal.throwIfAborted()
      if (lasting || (tired && !outage))
        throw await partFailed(part, request, fault, attempt, signal)
      // of what has failed while nothing answered, nothing counts
      attempt = outage ? 2 : attempt + 1
      // a store may hide from pages that a signature is out of date
      if (status === undefined && performance.now() - given > FRESH_FOR) request = undefined
      const asked = fault instanceof ResponseFault ? fault.retryAfter : undefined
      await sleep(delayBefore(attempt, patience, asked), signal)
    }
  }
}

/** Whether the same may be taken later. S3 says 400 of a connection that it has waited for too long. */
function mayPass({ status, message }: ResponseFault): boolean {
  if (status === undefined || isTransient(status)) return true
  return status === 400 && message.includes('RequestTimeout')
}

/** Whether S3 says so of the credentials that the request was signed with. */
export function isOutOfDate({ message }: Error): boolean {
  return message.includes('ExpiredToken')
}

/** Whether `error` is of a request that the browser does not send, however often it is asked to. */
export function isForGood({ cause }: Error): boolean {
  return cause instanceof RequestFault && cause.lasting
}

/** @throws {RequestFault} If the page gives none. */
async function requestFor(
  part: UploadPart,
  { target, signal, gate, network }: UploadContext,
): Promise<UploadRequest> {
  await orAborted(gate.pass(), signal)
  await network.online(signal)
  const { number, offset, size, body } = part
  try {
    const given = await orAborted(target.part({ number, offset, size, body }), signal)
    const request = typeof given === 'string' || given instanceof URL ? { url: given } : given
    return { ...request, url: new URL(request.url, document.baseURI).href }
  } catch (cause) {
    const why = messageOf(cause)
    throw new RequestFault(`part() gave no request (${why})`, false, cause)
  }
}

/** @throws {ResponseFault} If it is not taken. */
async function sendOnce(
  part: UploadPart,
  request: UploadRequest,
  { signal, patience, gate, network, sent }: UploadContext,
): Promise<UploadedPart> {
  await orAborted(gate.pass(), signal)
  const ending = new AbortController()
  const stop = (): void => ending.abort(signal.reason)
  const pause = (): void => ending.abort(PAUSED)
  const { closing } = gate
  signal.addEventListener('abort', stop)
  closing.addEventListener('abort', pause)
  try {
    await network.online(signal)
    const response = await sendBody(request, part.body, {
      signal: ending.signal,
      silence: patience.silence,
      sent: (bytes) => sent(part, bytes),
    })
    network.answered(withoutSecrets(request.url))
    if (!response.ok) throw await refusal(response)
    const etag = response.headers.get('ETag')
    sent(part, part.size)
    return { number: part.number, size: part.size, ...(etag !== null && { etag }) }
  } catch (error) {
    if (error instanceof ResponseFault || error === ending.signal.reason) throw error
    throw new RequestFault(`it cannot be sent (${(error as Error).message})`, true, error)
  } finally {
    signal.removeEventListener('abort', stop)
    closing.removeEventListener('abort', pause)
  }
}

/** What can be asked for by `fetch`, which refuses names and passwords. */
function withoutSecrets(url: string | URL): string {
  const { href } = Object.assign(new URL(url), { username: '', password: '' })
  return href
}

/** What the store says, with its reason where it gives one as S3 and Azure do: `<Code>` and `<Message>`. */
async function refusal(response: Response): Promise<ResponseFault> {
  const text = await response.text()
  const reasons = ['Code', 'Message'].flatMap(
    (tag) => new RegExp(`<${tag}>([^<]{1,200})`).exec(text)?.[1] ?? [],
  )
  const why = reasons.length > 0 ? ` (${reasons.join(': ')})` : ''
  const { status, statusText } = response
  return new ResponseFault(`it answered ${`${status} ${statusText}`.trimEnd()}${why}`, { response })
}

async function partFailed(
  { number: part }: UploadPart,
  request: UploadRequest | undefined,
  fault: ResponseFault | RequestFault,
  attempts: number,
  signal: AbortSignal,
): Promise<HoldallError> {
  const status = fault instanceof ResponseFault ? fault.status : undefined
  const url = request && String(request.url).replace(/[?#].*/s, '')
  const times = attempts > 1 ? `, ${attempts} times in a row` : ''
  const remedy = request
    ? await remedyFor(status, request, fault, signal)
    : 'check the server that it asks'
  return new HoldallError(
    'upload-failed',
    `Cannot upload part ${part}${url ? ` to ${url}` : ''}: ${fault.message}${times}; ${remedy}`,
    { part, ...(url !== undefined && { url }), ...(status !== undefined && { status }) },
    { cause: fault },
  )
}

async function remedyFor(
  status: number | undefined,
  { url, method = 'PUT', headers = {} }: UploadRequest,
  fault: ResponseFault | RequestFault,
  signal: AbortSignal,
): Promise<string> {
  if (fault instanceof RequestFault) return 'check the request that part() gives'
  if (status === 401 || status === 403) {
    return 'check that part() has a request signed for this part, its method and its headers, that is not out of date'
  }
  if (status === 404) return 'check that the upload is still open at its store'
  if (status !== undefined) {
    return isTransient(status) ? 'try again later' : 'check the request that part() gives'
  }
  if (!(isCrossOrigin(String(url)) && (await answers(String(url), signal)))) {
    return "check the connection, and the page's Content-Security-Policy (connect-src)"
  }
  const names = Object.keys(headers)
  const allowed = names.length > 0 ? `, the headers ${names.join(', ')}` : ''
  const { origin } = globalThis.location
  return `the store can be reached, but may not be allowing pages of ${origin} to use it: its CORS rules must allow that origin, the method ${method}${allowed}, and expose ETag`
}
