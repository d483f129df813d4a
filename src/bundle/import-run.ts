/** One import, from the file to the report. */

import { HoldallError } from '../errors.ts'
import { openBundle, type OpenBundle } from './import-archive.ts'
import { limitsOf, type ImportLimits } from './import-limits.ts'
import { originOption, planRestore, type RestorePlan } from './import-plan.ts'
import { commit, stage, type Passed } from './import-restore.ts'
import { checkGiven, openSource, type BundleSource } from './import-source.ts'
import { withStaging } from './import-staging.ts'
import type { ImportOptions, ImportProgress, ImportReport } from './import.ts'

/** @throws As `importBundle` does. */
export async function runImport(
  source: BundleSource,
  options: ImportOptions,
): Promise<ImportReport> {
  checkGiven(source, options)
  const here = location.origin
  const { cache = 'holdall-bundle', progress, signal = new AbortController().signal } = options
  const limits = limitsOf(options.limits)
  const from = options.from === undefined ? here : originOption('from', options.from)
  const origins = (options.origins ?? []).map((origin) => originOption('origins', origin))
  checkContext(here)
  signal.throwIfAborted()

  const bundle = await open(source, limits, signal)
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

async function open(
  source: BundleSource,
  limits: ImportLimits,
  signal: AbortSignal,
): Promise<OpenBundle> {
  try {
    const { blob, name } = await openSource(source, limits, signal)
    return await openBundle(blob, name, limits, signal)
  } finally {
    signal.throwIfAborted() // whatever its end looks like to who reads
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
