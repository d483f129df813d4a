/** Imports a bundle: every response that is in it, into the caches that it was in. */

import { loaded } from '../client/loaded.ts'
import type { ImportLimits } from './import-limits.ts'
import type { ImportWarning } from './import-plan.ts'
import type { BundleSource } from './import-source.ts'

export type { BundleSource, ImportLimits, ImportWarning }

/** What `importBundle` may be told. */
export interface ImportOptions {
  /**
   * The origin that the bundle was exported from, if it is another than this page's: its URLs, and the names of
   * caches that have them in it, become this origin's. Bodies stay as they are, byte for byte.
   */
  readonly from?: string
  /** Other origins whose responses may be in it: of a CDN, say. Default: none. */
  readonly origins?: readonly string[]
  /** The cache for responses that were of none: those that the export has fetched. Default: `holdall-bundle`. */
  readonly cache?: string
  /** What a bundle may come to. */
  readonly limits?: Partial<ImportLimits>
  /** Ends the import, and undoes it. */
  readonly signal?: AbortSignal
  /** Told of how far it is, after each response and each piece of one. What it throws ends the import. */
  readonly progress?: (progress: ImportProgress) => void
}

/** How far an import is. */
export interface ImportProgress {
  /** `verifying`: reading, and comparing with the digests. `restoring`: into the caches of the app. */
  readonly phase: 'verifying' | 'restoring'
  /** Responses that the phase is done with. */
  readonly responses: number
  readonly totalResponses: number
  /** Bytes of bodies that were verified. */
  readonly bytes: number
  readonly totalBytes: number
}

/** What was imported. */
export interface ImportReport {
  /** The origin that the bundle was exported from. */
  readonly origin: string
  /** When, as in ISO 8601. */
  readonly created: string
  readonly responses: number
  /** Of their bodies. */
  readonly bytes: number
  /** Names of the caches that they are in. */
  readonly caches: readonly string[]
  /** What is not as it was. */
  readonly warnings: readonly ImportWarning[]
}

/**
 * Restores the responses of a bundle to the caches that they were in, all of them or none.
 *
 * Every body is compared with its size, CRC-32 and SHA-256 before the first one is put into a cache of the app.
 * This needs the room of the bodies once, and of the largest four besides. One import at a time runs on an origin;
 * another waits for it.
 *
 * Digests tell what was damaged, not who made it: a bundle can hold scripts, which will run as this origin's. Import
 * those only that are from someone who might change the site itself.
 *
 * @throws {HoldallError} `invalid-bundle`, `bundle-mismatch`, `bundle-too-large`, `foreign-origin`, `source-failed`,
 *   `storage-failed`, `invalid-option`, `insecure-context`, `load-failed`; the signal's reason.
 */
export async function importBundle(
  source: BundleSource,
  options: ImportOptions = {},
): Promise<ImportReport> {
  const { runImport } = await loaded(import('./import-run.ts'))
  return runImport(source, options)
}
