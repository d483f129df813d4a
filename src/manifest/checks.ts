/** Checks of single values that need more than a look at their type. */

import { HoldallError } from '../errors.ts'
import type { ArchiveOptions } from './types.ts'

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
 * @throws {HoldallError} `unsafe-symlink`.
 */
export function checkSymlink(entry: string, target: string): void {
  let depth = entry.split('/').filter((part) => part !== '' && part !== '.').length - 1
  let safe = typeof target === 'string' && target !== '' && !/^[/\\]|^[a-z]:|[\0\\]/i.test(target)
  for (const part of safe ? target.split('/') : []) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) safe = false
  }
  if (safe) return
  throw new HoldallError(
    'unsafe-symlink',
    `Cannot pack the link "${entry}": its target "${target}" is outside the archive; give a relative path inside it`,
    { entry, target: String(target) },
  )
}

/**
 * Makes sure that the options of an archive can be followed.
 *
 * @throws {HoldallError} `invalid-option`.
 */
export function checkOptions(options: ArchiveOptions): void {
  const { duplicates, framing, concurrency, comment, sizes, retry = {} } = options
  checkOption('sizes', sizes, ['probe', 'as-given'])
  checkOption('duplicates', duplicates, ['rename', 'error'])
  checkOption('framing', framing, ['auto', 'store', 'deflate-stored'])
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency > 0)) {
    throw invalidOption('concurrency', 'a whole number from 1', concurrency)
  }
  for (const [name, value] of Object.entries(retry) as [string, unknown][]) {
    if (!(typeof value === 'number' && value >= (name === 'attempts' ? 1 : 0))) {
      throw invalidOption(`retry.${name}`, 'a positive number', value)
    }
  }
  if (comment !== undefined && typeof comment !== 'string') {
    throw invalidOption('comment', 'a string', comment)
  }
}

function checkOption(option: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return
  throw invalidOption(option, allowed.map((one) => `'${one}'`).join(' or '), value)
}

/** The error for an option of the job that must be `wanted`. */
export function invalidOption(option: string, wanted: string, value: unknown): HoldallError {
  return new HoldallError(
    'invalid-option',
    `Cannot make the archive: the option ${option} must be ${wanted}, not ${JSON.stringify(value)}`,
    { option },
  )
}
