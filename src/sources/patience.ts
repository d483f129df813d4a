/** How long a source is waited for: what is tried again, when, and how often. */

import type { RetryOptions } from '../manifest/types.ts'
import { whenAborted } from './when-aborted.ts'

/** How patient a job is; see `RetryOptions`. */
export type Patience = Required<RetryOptions>

/** As a job is told to be; what is undefined is as by default. */
export function patienceOf({ attempts, silence, delay }: RetryOptions = {}): Patience {
  return { attempts: attempts ?? 5, silence: silence ?? 30_000, delay: delay ?? 500 }
}

/** The longest wait of our own making, in ms. */
const LONGEST_DELAY = 30_000
/** The longest that a server may ask for, in ms. */
export const LONGEST_RETRY_AFTER: number = 5 * 60_000

/** Answers that are worth asking again: RFC 9110 §15, 425 of RFC 8470, 429 of RFC 6585, and 52x of Cloudflare. */
export function isTransient(status: number): boolean {
  const isForGood = status === 501 || status === 505
  return [408, 425, 429].includes(status) || (status >= 500 && !isForGood)
}

/**
 * The wait before attempt `number` (from 2), in ms: exponential, with jitter, so that a thousand
 * pages do not come back at once; or what the server has `asked` for, if that is longer: one that says
 * "now" and goes on answering 503 would use up all attempts in no time.
 */
export function delayBefore(number: number, patience: Patience, asked: number = 0): number {
  const delay = Math.min(patience.delay * 2 ** (number - 2), LONGEST_DELAY)
  return Math.max(delay * (0.5 + Math.random() / 2), Math.min(asked, LONGEST_RETRY_AFTER))
}

/** `Retry-After` in ms from now (RFC 9110 §10.2.3): seconds, or a date, by the server's clock where it tells it. */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers.get('Retry-After')
  if (value === null) return undefined
  const now = Date.parse(headers.get('Date') ?? '') || Date.now()
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}

/** Resolves after `ms`, or rejects with the reason of `signal`. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const forget = whenAborted(signal, abort)
    const timer = setTimeout(() => {
      forget()
      resolve()
    }, ms)
    if (signal.aborted) abort()
  })
}

/** What `made` gives, unless `signal` aborts before. */
export function orAborted<T>(made: T | Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    if (signal.aborted) abort()
    const forget = whenAborted(signal, abort)
    Promise.resolve(made).then(resolve, reject).finally(forget)
  })
}
