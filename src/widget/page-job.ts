/** The page API as the element needs it, in one file, so that it is loaded in one. */

import { ZipJob } from '../client/job.ts'
import type { ZipOptions } from '../client/options.ts'
import type { Files } from './files.ts'

export function createJob(files: Files, options: ZipOptions): ZipJob {
  return new ZipJob(files, options)
}
