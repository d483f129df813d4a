/** `embed.js`: what a page gets from the site that hosts holdall, by one script tag or one import. */

import type { ZipOptions } from '../client/options.ts'
import type { FilesInput } from '../manifest/types.ts'
import type { EmbedJob } from './embed-job.ts'
import { makeJob } from './jobs.ts'

export { HoldallError, isHoldallError } from '../errors.ts'

/** A job that packs `files` into one archive; see `zip` of `holdall`. */
export function zip(files: FilesInput, options: ZipOptions = {}): EmbedJob {
  return makeJob(files, options)
}
