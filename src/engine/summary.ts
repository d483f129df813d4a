/** What is told of a job when it is over. */

import type { SkippedFile } from './missing.ts'

/** What became of an archive. */
export interface RunSummary {
  /** Those of the list that are in it. */
  readonly entries: number
  /** Length of the archive. */
  readonly bytes: number
  readonly skipped: readonly SkippedFile[]
}
