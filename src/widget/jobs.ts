/** Makes the jobs of the element: the one place that knows how. The page API is loaded with the first. */

import type { ZipJob } from '../client/job.ts'
import { loaded } from '../client/loaded.ts'
import type { ZipOptions } from '../client/options.ts'
import type { Files } from './files.ts'

/** What the element needs of a job. */
export type WidgetJob = Pick<
  ZipJob,
  'addEventListener' | 'cancel' | 'download' | 'needsPage' | 'pause' | 'plan' | 'resume'
>

/** Makes a job that packs `files`. */
export type MakeJob = (files: Files, options: ZipOptions) => Promise<WidgetJob>

/**
 * A job of this page.
 *
 * @throws {HoldallError} `load-failed`.
 */
export const makeJob: MakeJob = async (files, options) => {
  const { createJob } = await loaded(import('./page-job.ts'))
  return createJob(files, options)
}
