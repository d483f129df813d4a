/** "holdall": one click, one ZIP, built in the page's own browser. */

import { ZipJob } from './client/job.ts'
import { answerPings } from './client/keep-alive.ts'
import type { ZipOptions } from './client/options.ts'
import { loaded } from './client/loaded.ts'
import type { Diagnosis } from './client/findings.ts'
import type { Unfinished } from './client/unfinished.ts'
import { HoldallError } from './errors.ts'
import type { FilesInput } from './manifest/types.ts'

export { configure, type Configuration, type ServiceWorkerOptions } from './client/configuration.ts'
export {
  JobProgressEvent,
  JobStateEvent,
  JobWarningEvent,
  type JobEventMap,
  type JobState,
} from './client/events.ts'
export type { Diagnosis, Finding, FindingCode } from './client/findings.ts'
export type { ZipJob } from './client/job.ts'
export type { Fallback, Report, Sink, ZipOptions } from './client/options.ts'
export type { RefreshUrl } from './engine/job.ts'
export type { SkippedFile } from './engine/missing.ts'
export { HoldallError, isHoldallError, type ErrorCode, type ErrorDetails } from './errors.ts'
export type {
  ArchiveOptions,
  BundleWarning,
  Data,
  DataFile,
  DataOrThunk,
  DirectoryEntry,
  FileInput,
  FilesInput,
  FramingOption,
  HandleFile,
  RetryOptions,
  SymlinkEntry,
  UrlFile,
  Warning,
} from './manifest/types.ts'
export type { ResumeOptions, Unfinished } from './client/unfinished.ts'
export type { EntryProgress, EntryState, Progress } from './progress.ts'
export type { WriteTarget } from './sinks/file-system.ts'
export type {
  UploadedPart,
  UploadPart,
  UploadRequest,
  UploadTarget,
} from './sinks/upload-target.ts'
export type { DownloadNews } from './port/delivery.ts'
export type { PlanSummary } from './worker/protocol.ts'
export type { NameWarning } from './zip/names.ts'
export type { OnError } from './zip/plan.ts'

/**
 * A job that packs `files` into one archive. Nothing is fetched before a sink is chosen:
 *
 *     await zip(['/photos/1.jpg', { url: report, name: 'Reports/Q1.pdf' }, file]).download()
 *
 * @param files URLs, Files, handles, text, bytes, streams, functions that give any of them; or the
 *   URL of a manifest in JSON.
 *   What is wrong with them is told by the sink's promise.
 * @throws {HoldallError} `worker-failed`, where there is no page; `invalid-option`, if the options are no object.
 */
export function zip(files: FilesInput, options: ZipOptions = {}): ZipJob {
  if (Object(options) !== options) {
    const message = "Cannot make the archive: options are an object, as { name: 'photos.zip' }"
    throw new HoldallError('invalid-option', message, { option: 'options' })
  }
  if (typeof document === 'undefined') {
    throw new HoldallError('worker-failed', 'zip() is for pages; on a server, use holdall/core', {})
  }
  return new ZipJob(files, options)
}

/**
 * Looks at what this page, its browser and its server can do, and says what is missing: for developers,
 * to be called from the console or while an app is set up. It takes seconds, registers the service
 * worker, starts a Web Worker, and asks the server for a few files; it downloads nothing.
 *
 * @throws {HoldallError} `load-failed`.
 */
export async function diagnose(): Promise<Diagnosis> {
  const { examine } = await loaded(import('./client/diagnose.ts'))
  return examine(zip)
}

/**
 * Jobs of this site that were interrupted, by a page that was closed, say, and that nobody goes on with;
 * each can be resumed or discarded.
 */
export async function unfinished(): Promise<Unfinished[]> {
  answerPings() // a page that was reloaded looks for what it had begun, which may go on still
  const { listUnfinished } = await loaded(import('./client/unfinished.ts'))
  return listUnfinished((stored, options) => new ZipJob([], options, stored))
}
