/** The one error class of the package, and its closed list of codes. */

/** What each code carries, beside its message. Sizes are in bytes. */
export interface ErrorDetails {
  /** `zip()` was given an empty list. */
  'no-files': Record<never, never>
  /** A file input is none of the accepted shapes, or mixes two of them. */
  'invalid-file': { index: number }
  /** A file has no name, and no URL to take one from. */
  'missing-name': { index: number }
  /** A name is longer than the 65,535 bytes that a ZIP record can hold (APPNOTE §4.4.10). */
  'name-too-long': { entry: string; length: number }
  /** Two files have the same name, and `duplicates` is `'error'`. */
  'duplicate-name': { entry: string }
  /** A URL cannot be parsed, or its scheme cannot be fetched. */
  'invalid-url': { entry: string; url: string }
  /** A size is negative, fractional or beyond 2⁵³ − 1. */
  'invalid-size': { entry: string; size: unknown }
  /** A CRC-32 is not a whole number from 0 to 2³² − 1. */
  'invalid-crc32': { entry: string; crc32: unknown }
  /** A modification time is not a date, or a Unix mode is not a whole number from 0 to 0o7777. */
  'invalid-metadata': { entry: string; field: string }
  /** A comment is longer than the 65,535 bytes that a ZIP record can hold (APPNOTE §4.4.12). */
  'comment-too-long': { entry?: string; length: number }
  /** A symbolic link points outside the archive. */
  'unsafe-symlink': { entry: string; target: string }
  /** A stream is locked, or was read before. */
  'stream-used': { entry: string }
  /** A manifest is not JSON, not an object, or wrong at `path` (`$.files[3].size`). */
  'invalid-manifest': { path: string; url?: string }
  /** An option of the job has a value that it cannot have, or (`files`) what lists its files has thrown. */
  'invalid-option': { option: string }
  /** A checkpoint belongs to another plan, or to another version of this library. */
  'invalid-checkpoint': { reason: string }

  /** A source answered with an error, or (`status` absent) did not answer or broke off. */
  'source-failed': { entry: string; url?: string; status?: number }
  /** A file is not the same as when its first bytes were read, or as the manifest says. */
  'source-changed': { entry: string; url: string }
  /** A source ended at another length than was planned. */
  'size-mismatch': { entry: string; url?: string; planned: number; actual: number }
  /** The bytes of a source have another CRC-32 than the manifest says. */
  'crc-mismatch': { entry: string; url?: string; planned: number; actual: number }
  /** The bytes of a source have another SHA-256 than the manifest says. */
  'sha256-mismatch': { entry: string; url?: string; planned: string; actual: string }
  /** The archive came out at another length than was planned: a fault of this library. */
  'length-mismatch': { planned: number; actual: number }

  /** The job was cancelled, by a call of the page or in the browser's own list of downloads. */
  cancelled: { by: 'page' | 'browser' }
  /** A second sink was asked of a job that has one. */
  'already-started': Record<never, never>
  /** The place that the archive was being written to refused it. */
  'sink-failed': Record<never, never>
  /**
   * The store that the archive was being uploaded to refused a part (`status`), did not answer, or did not take
   * the whole (`part` absent). `url` comes without its query, which may hold a signature.
   */
  'upload-failed': { part?: number; url?: string; status?: number }
  /** A place for archives is not to be had in this browser, this window or at this moment. */
  'sink-unavailable': { sink: 'save-picker' | 'origin-private' }
  /** The archive is longer than what may be held in memory, or (`length` absent) became so. */
  'too-large-for-memory': { limit: number; length?: number }

  /** This browser, or this window (private ones of Firefox, say), has no service workers. */
  'service-worker-unsupported': Record<never, never>
  /** The page was loaded over plain HTTP: browsers offer service workers to secure contexts only. */
  'insecure-context': { origin: string }
  /** There is no file at the service worker's URL. */
  'service-worker-not-found': { url: string; status: number }
  /** What the service worker's URL answers is not JavaScript (an app's index.html, say). */
  'service-worker-wrong-type': { url: string; type: string }
  /** The service worker may not control the scope that holdall needs. */
  'service-worker-scope': { url: string; scope: string }
  /** The service worker could not be installed, or did not answer. */
  'service-worker-failed': { url: string }
  /** The frame of the site that hosts holdall (`origin`) did not answer the page that it is embedded in. */
  'embed-failed': { origin: string }
  /** The browser never asked the service worker for the archive. */
  'handoff-failed': { url: string }
  /** A part of the library that is loaded when it is needed could not be. */
  'load-failed': Record<never, never>
  /** The Web Worker could not be started, broke down, or was not understood: it may be of another version. */
  'worker-failed': Record<never, never>
  /** What produced the archive is gone, or the browser was about to stop the service worker. */
  'delivery-lost': {
    reason: 'worker-gone' | 'no-keep-alive' | 'service-worker-gone' | 'frame-gone'
  }

  /** A file is no bundle, or wrong at `path`: `$.responses[3].url` of its description, or an entry. */
  'invalid-bundle': { path: string }
  /** A body in a bundle is not what its description says. CRC-32 and SHA-256 are in hexadecimal digits. */
  'bundle-mismatch': {
    url: string
    entry: string
    field: 'size' | 'crc32' | 'sha256'
    planned: number | string
    actual: number | string
  }
  /** A bundle is over one of the limits of its import. */
  'bundle-too-large': {
    limit: 'entries' | 'bytes' | 'ratio' | 'description' | 'download'
    allowed: number
    actual: number
    entry?: string
  }
  /** A bundle, or (`url`) a response in it, is of another origin than may be restored. */
  'foreign-origin': { origin: string; url?: string }
  /** Cache Storage refused; `undone` says whether the caches are as they were before. */
  'storage-failed': { quota: boolean; undone: boolean }
}

/** A stable name for what went wrong, safe to compare with and to keep. */
export type ErrorCode = keyof ErrorDetails

/** Everything that fails in this package, but for a programmer's mistake, fails with this class. */
export class HoldallError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'HoldallError'
  readonly code: Code
  /** The facts in the message, for a program to read. */
  readonly detail: ErrorDetails[Code]

  constructor(code: Code, message: string, detail: ErrorDetails[Code], options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.detail = detail
  }
}

/** Whether `value` is a `HoldallError` (of `code`, where one is given), of whichever copy of the package. */
export function isHoldallError<Code extends ErrorCode = ErrorCode>(
  value: unknown,
  code?: Code,
): value is HoldallError<Code> {
  return (
    value instanceof Error &&
    value.name === 'HoldallError' &&
    'code' in value &&
    (code === undefined || value.code === code)
  )
}
