/**
 * `embed.js`: what a page gets from the site that hosts holdall, by one script tag or one import: `zip()`,
 * and `<holdall-download>` registered.
 *
 * @module
 */

import type { ZipOptions } from '../client/options.ts'
import type { FilesInput } from '../manifest/types.ts'
import { EmbeddedDownloadElement } from './element.ts'
import type { EmbedJob } from './embed-job.ts'
import { makeJob } from './jobs.ts'

export { HoldallError, isHoldallError } from '../errors.ts'

/** A job that packs `files` into one archive; see `zip` of `holdall`. */
export function zip(files: FilesInput, options: ZipOptions = {}): EmbedJob {
  return makeJob(files, options)
}

// another copy may have been first
if (customElements.get('holdall-download') === undefined) {
  customElements.define('holdall-download', EmbeddedDownloadElement)
}
