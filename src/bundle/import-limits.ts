/** How large a bundle may be: a hostile one is a few kilobytes that come to terabytes. */

import { HoldallError } from '../errors.ts'
import { invalidOption } from '../zip/option-checks.ts'

/** What a bundle may come to before it is refused. */
export interface ImportLimits {
  /** Entries of the ZIP, and responses. Default: 100,000. */
  readonly entries: number
  /** Bytes of all bodies together, unpacked. Default: 16 GiB. */
  readonly bytes: number
  /** Unpacked bytes to packed ones, of entries that come to more than 1 MiB. Default: 200. */
  readonly ratio: number
  /** Bytes of `holdall-bundle.json`, and of the ZIP's directory. Default: 64 MiB. */
  readonly description: number
  /** Bytes of the ZIP, where it is given as a URL. Default: 4 GiB. */
  readonly download: number
}

const MEBIBYTE = 2 ** 20
const DEFAULTS: ImportLimits = {
  entries: 100_000,
  bytes: 16_384 * MEBIBYTE,
  ratio: 200,
  description: 64 * MEBIBYTE,
  download: 4096 * MEBIBYTE,
}

/** Up to here an entry may be as repetitive as it likes: it takes no harm to unpack. */
const ANY_RATIO = MEBIBYTE

/**
 * The limits of an import.
 *
 * @throws {HoldallError} `invalid-option`.
 */
export function limitsOf(given: Partial<ImportLimits> = {}): ImportLimits {
  for (const [name, value] of Object.entries(given) as [string, unknown][]) {
    const isLimit = typeof value === 'number' && value > 0
    if (!(name in DEFAULTS) || !isLimit) {
      throw invalidOption(`limits.${name}`, 'a positive number, of a limit that there is', value)
    }
  }
  return { ...DEFAULTS, ...given }
}

/**
 * Makes sure that `actual` is within a limit.
 *
 * @throws {HoldallError} `bundle-too-large`.
 */
export function checkLimit(
  limit: keyof ImportLimits,
  limits: ImportLimits,
  actual: number,
  entry?: string,
): void {
  const allowed = limits[limit]
  if (actual <= allowed) return
  const what = entry === undefined ? 'the bundle' : `"${entry}"`
  throw new HoldallError(
    'bundle-too-large',
    `Cannot import ${what}: it comes to ${actual}, the limit "${limit}" is ${allowed}; raise it in \`limits\` if you trust where the bundle is from`,
    { limit, allowed, actual, ...(entry !== undefined && { entry }) },
  )
}

/**
 * Makes sure that an entry does not unpack to out of all proportion.
 *
 * @throws {HoldallError} `bundle-too-large`.
 */
export function checkRatio(
  limits: ImportLimits,
  entry: { filename: string; compressedSize: number; uncompressedSize: number },
): void {
  const { filename, compressedSize, uncompressedSize } = entry
  if (uncompressedSize <= ANY_RATIO) return
  checkLimit('ratio', limits, uncompressedSize / Math.max(compressedSize, 1), filename)
}
