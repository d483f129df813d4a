/** What a job may be told, and what it tells in the end. */

import type { RefreshUrl } from '../engine/job.ts'
import type { SkippedFile } from '../engine/missing.ts'
import type { ArchiveOptions, Warning } from '../manifest/types.ts'

/** What a job may be told. */
export interface ZipOptions extends ArchiveOptions {
  /** Name of the archive, any text. Default: the manifest's, else `archive.zip`. */
  readonly name?: string
  /** Cancels the job. */
  readonly signal?: AbortSignal
  /**
   * Gives a fresh URL for one that a server refuses (401, 403: an expired signature, say), if it can.
   * Asked once in a row for a file; which then goes on at the byte where it was.
   */
  readonly refreshUrl?: RefreshUrl
}

/** What became of a job. */
export interface Report {
  /** Where the archive went. */
  readonly sink: 'service-worker' | 'file-system' | 'stream' | 'memory'
  readonly name: string
  /** Files of the list that are in the archive. */
  readonly entries: number
  /** Length of the archive. */
  readonly bytes: number
  /** Names that are not as asked for. */
  readonly warnings: readonly Warning[]
  /** Those that are not in it, and why; only where `onError` allows that. */
  readonly skipped: readonly SkippedFile[]
}
