/** "holdall/bundle": an app, with all it has cached, as one ZIP that opens without a network, and back. */

import { BundleJob } from './bundle/job.ts'
import type { BundleOptions } from './bundle/options.ts'
import type { ZipJob } from './client/job.ts'
import { HoldallError } from './errors.ts'

export {
  importBundle,
  type BundleSource,
  type ImportLimits,
  type ImportOptions,
  type ImportProgress,
  type ImportReport,
  type ImportWarning,
} from './bundle/import.ts'
export type { BundleDescription, BundledResponse } from './bundle/description.ts'
export type { BundleWarning } from './manifest/types.ts'
export type { BundleOptions, BundleRoute, PrecacheEntry } from './bundle/options.ts'

/**
 * A job that packs everything that the app of this page needs to be read without a network: responses
 * from Cache Storage, a Workbox precache manifest, routes, further files. Its `index.html` opens by
 * double click. Nothing is read before a sink is chosen:
 *
 *     await exportBundle({ routes: ['/', '/help'] }).download()
 *
 * @throws {HoldallError} `invalid-option`, if the options are no object; all else is told by its sink's promise.
 */
export function exportBundle(options: BundleOptions = {}): ZipJob {
  if (Object(options) !== options) {
    const message = "Cannot make a bundle: options are an object, as { routes: ['/'] }"
    throw new HoldallError('invalid-option', message, { option: 'options' })
  }
  return new BundleJob(options)
}
