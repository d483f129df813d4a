/** What a job may be told, and what it tells in the end. */

import type { RefreshUrl } from '../engine/job.ts'
import type { SkippedFile } from '../engine/missing.ts'
import type { ErrorCode } from '../errors.ts'
import type { ArchiveOptions, Warning } from '../manifest/types.ts'

/**
 * Where `download()` can bring an archive. `service-worker`: the browser's own download, as it is made.
 * `save-picker`: a file that the browser asks its user for. `origin-private`: a file in the storage of
 * the page's origin, then a link to it. `memory`: a Blob, then a link to it.
 */
export type Sink = 'service-worker' | 'save-picker' | 'origin-private' | 'memory'

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
  /**
   * The sinks that `download()` may take, the one to be tried first in front. Default:
   * `['service-worker', 'save-picker', 'origin-private', 'memory']`.
   */
  readonly sinks?: readonly Sink[]
  /** The longest archive that `download()` may hold in memory, in bytes. Default: 512 MiB. */
  readonly memoryLimit?: number
  /**
   * Whether `download()`, `upload()`, or `saveTo()` a file, keeps the job (its list of files, their headers too, and local
   * files) in the browser's storage while it runs, so that it can be gone on with when the page or the browser
   * is closed. It is deleted in the end, and after seven days in any case. Default: true.
   */
  readonly resumable?: boolean
}

/** A better sink than the one that was taken, and why it was not. */
export interface Fallback {
  /** `file-system`: of a job that is resumed, the file that it was written to. */
  readonly sink: Sink | 'file-system'
  readonly code: ErrorCode
  /** What is wrong, and what would put it right. */
  readonly message: string
}

/** What became of a job. */
export interface Report {
  /** Where the archive went. */
  readonly sink: Sink | 'file-system' | 'upload' | 'stream'
  /** The sinks that `download()` would rather have taken. */
  readonly fallbacks: readonly Fallback[]
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
