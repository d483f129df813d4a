/** The file that a bundle is in, whichever way it was given. */

import { HoldallError, isHoldallError } from '../errors.ts'
import { shownAs } from '../zip/option-checks.ts'
import { checkLimit, type ImportLimits } from './import-limits.ts'
import { unreadable } from './import-refusals.ts'

/** Where a bundle is: a file that a user chose or dropped, a handle of one, or a URL. */
export type BundleSource = Blob | FileSystemFileHandle | URL | string

/**
 * Makes sure that an import can be begun with what it was given.
 *
 * @throws {HoldallError} `invalid-option`.
 */
export function checkGiven(source: unknown, options: unknown): void {
  const isSource =
    typeof source === 'string' ||
    source instanceof Blob ||
    (Object(source) === source && ('getFile' in (source as object) || 'href' in (source as object)))
  if (!isSource) throw invalid('source', 'a Blob, a file handle, a URL or its text', source)
  if (Object(options) !== options) throw invalid('options', 'an object', options)
}

function invalid(option: string, wanted: string, value: unknown): HoldallError {
  const message = `Cannot import the bundle: ${option} must be ${wanted}, not ${shownAs(value)}`
  return new HoldallError('invalid-option', message, { option })
}

/**
 * What is read of it, at any place.
 *
 * A URL is fetched whole, into a Blob, which browsers keep on disk: a server that gives ranges would be asked twice
 * for each of thousands of entries, and could give another file half-way.
 *
 * @throws {HoldallError} `source-failed`, `bundle-too-large`.
 */
export async function openSource(
  source: BundleSource,
  limits: ImportLimits,
  signal: AbortSignal,
): Promise<{ blob: Blob; name: string }> {
  if (source instanceof Blob) return { blob: source, name: nameOf(source) }
  const name = typeof source === 'object' && 'getFile' in source ? source.name : String(source)
  try {
    const blob =
      typeof source === 'object' && 'getFile' in source
        ? await source.getFile()
        : await download(source, limits, signal)
    return { blob, name }
  } catch (error) {
    throw isHoldallError(error) ? error : unreadable(name, error)
  }
}

function nameOf(blob: Blob): string {
  return 'name' in blob && typeof blob.name === 'string' ? blob.name : 'in the Blob'
}

async function download(
  url: URL | string,
  limits: ImportLimits,
  signal: AbortSignal,
): Promise<Blob> {
  const response = await fetch(url, { signal })
  if (!response.ok) {
    await response.body?.cancel()
    throw unreadable(String(url), undefined, response.status)
  }
  const announced = Number(response.headers.get('Content-Length') ?? 0)
  let bytes = 0
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    start: () => checkLimit('download', limits, announced),
    transform(chunk, controller) {
      bytes += chunk.length
      checkLimit('download', limits, bytes)
      controller.enqueue(chunk)
    },
  })
  const body = response.body ?? new Blob().stream()
  // the counter's own error: engines reject with one of theirs if a body's stream fails
  const counted = body.pipeTo(counter.writable)
  const [blob] = await Promise.allSettled([new Response(counter.readable).blob(), counted])
  await counted
  if (blob.status === 'rejected') throw blob.reason
  return blob.value
}
