/** Imports a bundle: every response that is in it, into the caches that it was in. */

import { loaded } from '../client/loaded.ts'
import { HoldallError } from '../errors.ts'
import type { OpenBundle } from './import-archive.ts'
import { limitsOf, type ImportLimits } from './import-limits.ts'
import { originOption, planRestore, type ImportWarning, type RestorePlan } from './import-plan.ts'
import { commit, stage, type Passed } from './import-restore.ts'
import { openSource, type BundleSource } from './import-source.ts'
import { withStaging } from './import-staging.ts'

export type { BundleSource, ImportWarning }

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
  const here = location.origin
  const { cache = 'holdall-bundle', progress, signal = new AbortController().signal } = options
  const limits = limitsOf(options.limits)
  const from = options.from === undefined ? here : originOption('from', options.from)
  const origins = (options.origins ?? []).map((origin) => originOption('origins', origin))
  checkContext(here)
  signal.throwIfAborted()

  const { openBundle } = await loaded(import('./import-archive.ts'))
  const { blob, name } = await openSource(source, limits, signal)
  const bundle = await openBundle(blob, name, limits, signal)
  signal.throwIfAborted()
  const plan = planRestore(bundle.description, { here, from, origins, cache })
  await restore(bundle, plan, signal, progress)
  const { origin, created } = bundle.description
  return {
    origin,
    created,
    responses: plan.restorations.length,
    bytes: bytesOf(plan),
    caches: [...new Set(plan.restorations.map((restoration) => restoration.cache))],
    warnings: plan.warnings,
  }
}

async function restore(
  bundle: OpenBundle,
  plan: RestorePlan,
  signal: AbortSignal,
  progress: ImportOptions['progress'],
): Promise<void> {
  const { restorations } = plan
  const ending = new AbortController()
  const end = (): void => ending.abort(signal.reason)
  signal.addEventListener('abort', end)
  const totals = { totalResponses: restorations.length, totalBytes: bytesOf(plan) }
  let bytes = 0
  const counting = (phase: ImportProgress['phase']): Passed => {
    let responses = 0
    return (moreBytes, moreResponses) => {
      bytes += moreBytes
      responses += moreResponses
      try {
        progress?.({ phase, responses, bytes, ...totals })
      } catch (error) {
        ending.abort(error) // the page's own, and no fault of the bundle or the storage
      }
    }
  }
  try {
    await withStaging(ending.signal, async (staging) => {
      await stage(bundle, restorations, staging, ending.signal, counting('verifying'))
      await commit(restorations, staging, ending.signal, counting('restoring'))
    })
  } finally {
    signal.removeEventListener('abort', end)
  }
}

function bytesOf({ restorations }: RestorePlan): number {
  return restorations.reduce((bytes, { source }) => bytes + source.size, 0)
}

/** @throws {HoldallError} `insecure-context`. */
function checkContext(origin: string): void {
  if ('caches' in globalThis && 'locks' in navigator) return
  throw new HoldallError(
    'insecure-context',
    `Cannot import a bundle on ${origin}: browsers have Cache Storage on pages over HTTPS and on localhost only`,
    { origin },
  )
}
