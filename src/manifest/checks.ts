/** Checks of single values that need more than a look at their type. */

import { HoldallError } from '../errors.ts'
import { checkOption, checkPlanOptions, invalidOption } from '../zip/option-checks.ts'
import { safeName } from '../zip/names.ts'
import { isPossible } from './request-options.ts'
import type { ArchiveOptions, UrlFile } from './types.ts'

/**
 * Makes sure that `stream` can be read from its start.
 *
 * @throws {HoldallError} `stream-used`.
 */
export function checkUnusedStream(stream: ReadableStream<Uint8Array>, entry: string): void {
  try {
    // No property tells whether a stream was read before, but a body made of such a one throws.
    void new Response(stream)
    if (!stream.locked) return
  } catch {
    // The error below says it in the caller's terms.
  }
  throw new HoldallError(
    'stream-used',
    `Cannot pack "${entry}": its stream is locked, or was read before; give a new one, or a function that makes one`,
    { entry },
  )
}

/**
 * Makes sure that a symbolic link called `entry` stays inside the archive.
 *
 * `..` may stand at the start of its target alone: what comes after a name may be a link, and the folder
 * that one leads to has another parent.
 *
 * @throws {HoldallError} `unsafe-symlink`.
 */
export function checkSymlink(entry: string, target: string): void {
  const text = typeof target === 'string'
  const parts = text ? target.split('/').filter((part) => part !== '' && part !== '.') : []
  const up = parts.lastIndexOf('..') + 1
  const upOnly = parts.slice(0, up).every((part) => part === '..')
  const depth = safeName(entry).split('/').length - 1
  if (text && target !== '' && !/^\/|^[a-z]:|[\0\\]/i.test(target) && upOnly && up <= depth) return
  const shown = text ? target : typeof target
  throw new HoldallError(
    'unsafe-symlink',
    `Cannot pack the link "${entry}": its target "${shown}" is outside the archive, or may be; give a relative path inside it, with .. at its start alone`,
    { entry, target: shown },
  )
}

/**
 * Makes sure that the options of an archive can be followed.
 *
 * @throws {HoldallError} `invalid-option`.
 */
export function checkOptions(options: ArchiveOptions): void {
  const { concurrency, sizes, retry = {}, baseURL } = options
  checkPlanOptions(options)
  checkOption('sizes', sizes, ['probe', 'as-given'])
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency > 0)) {
    throw invalidOption('concurrency', 'a whole number from 1', concurrency)
  }
  if (typeof retry !== 'object' || retry === null) throw invalidOption('retry', 'an object', retry)
  for (const [name, value] of Object.entries(retry) as [string, unknown][]) {
    if (value === undefined) continue
    if (!(typeof value === 'number' && value >= (name === 'attempts' ? 1 : 0))) {
      throw invalidOption(`retry.${name}`, 'a positive number', value)
    }
  }
  if (baseURL !== undefined && !isURL(baseURL)) {
    throw invalidOption('baseURL', 'an absolute URL', baseURL)
  }
}

function isURL(value: unknown): boolean {
  try {
    return value instanceof URL || (typeof value === 'string' && new URL(value).href !== '')
  } catch {
    return false
  }
}

/** `value`, or `NaN`, which no plan takes, for what has no text that a message could show. */
export function scalar<T>(value: T): T {
  const hasText = value === null || !['object', 'function', 'symbol'].includes(typeof value)
  return hasText ? value : (NaN as T)
}

/** A time in ms since 1970; `NaN`, which no plan takes, if `value` is none. */
export function timeOf(value: unknown): number {
  const isTime = value instanceof Date || typeof value === 'number' || typeof value === 'string'
  return isTime ? new Date(value).getTime() : NaN
}

/**
 * Makes sure that `sha256` is one.
 *
 * @returns It in lower case.
 * @throws {HoldallError} `invalid-metadata`.
 */
export function checkSha256(entry: string, sha256: unknown): string | undefined {
  if (sha256 === undefined) return undefined
  if (isSha256(sha256)) return sha256.toLowerCase()
  throw unfit(entry, 'sha256', '64 hexadecimal digits')
}

export function isSha256(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value)
}

/**
 * Makes sure that a file can be asked for with these.
 *
 * @returns The headers as plain data.
 * @throws {HoldallError} `invalid-metadata`.
 */
export function checkRequest(
  entry: string,
  { headers, credentials, referrerPolicy }: Partial<UrlFile>,
): Record<string, string> | undefined {
  if (credentials !== undefined && !CREDENTIALS.includes(credentials)) {
    throw unfit(entry, 'credentials', "'omit', 'same-origin' or 'include'")
  }
  if (referrerPolicy !== undefined && !isPossible({ referrerPolicy })) {
    throw unfit(entry, 'referrerPolicy', 'one that fetch() knows')
  }
  try {
    return headers === undefined
      ? undefined
      : Object.fromEntries(new Headers(headers as Record<string, string>))
  } catch (cause) {
    throw unfit(entry, 'headers', 'names and values that HTTP allows', cause)
  }
}

/**
 * Makes sure that `value` is text.
 *
 * @throws {HoldallError} `invalid-metadata`.
 */
export function checkText(entry: string, field: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw unfit(entry, field, 'a string')
}

const CREDENTIALS: readonly unknown[] = ['omit', 'same-origin', 'include']

function unfit(entry: string, field: string, wanted: string, cause?: unknown): HoldallError {
  const message = `Cannot pack "${entry}": its ${field} must be ${wanted}`
  return new HoldallError('invalid-metadata', message, { entry, field }, { cause })
}
