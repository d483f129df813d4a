/** The calls between a page and its worker, carried by Comlink; bytes go over ports of their own. */

import type { StoredUpload } from '../engine/stored-job.ts'
import type { RunSummary } from '../engine/summary.ts'
import type { WireError } from '../port/wire-error.ts'
import type { CachedResponse, OpaqueResponse } from '../sources/cache-storage.ts'
import type { Digests } from '../sources/digest.ts'
import type { ArchiveOptions, DataFile, FileInput, Warning } from '../manifest/types.ts'
import type { Progress } from '../progress.ts'
import type { Checkpoint } from '../zip/checkpoint.ts'

/** Content that stays with the page until its turn: what cannot be cloned (functions, streams). */
export interface RemoteData {
  /** What to ask the page for. */
  readonly remote: number
}

/** A file whose content stays with the page. */
export interface RemoteFile extends Omit<DataFile, 'data'> {
  readonly data: RemoteData
}

/** A file input as it crosses to the worker: itself if it can be cloned. */
export type WireFile = FileInput | RemoteFile

/** How a call ended. Comlink drops the class and fields of errors, so they travel as data. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: WireError }

/** What is known of an archive before any file is fetched. */
export interface PlanSummary {
  readonly entries: number
  /**
   * The archive's exact length in bytes; absent while the size of any file is unknown, and where files
   * may be left out.
   */
  readonly length?: number
  /** Its length if no file is left out; absent while the size of any is unknown. */
  readonly expectedLength?: number
  /** Names that are not as asked for. */
  readonly warnings: readonly Warning[]
  /** Name of the archive, where a manifest gives one. */
  readonly name?: string
  /** Tells this plan from others. */
  readonly fingerprint: string
  /** Whether others can go on with the job when its page is gone, if it is a download. */
  readonly resumable: boolean
  /** Why not. */
  readonly notResumable?: string
  /** Why nobody can go on with an upload, or with a file that the archive is written to, even so. */
  readonly notKept?: string
}

/** What it takes for others to go on with an archive when this worker dies. */
export interface RunGuard {
  /** A Web Lock to hold as long as this worker lives. */
  readonly lock: string
  /** What to store the job as; absent if it is not to be stored. */
  readonly store?: {
    readonly id: string
    readonly name: string
    /** The upload that it is made for. */
    readonly upload?: StoredUpload
    /** Whether a service worker controls the page. */
    readonly isControlled?: boolean
    /** Whether it is stored, as it was begun before. */
    readonly again?: boolean
  }
  /** Where to go on with it. Default: the start. */
  readonly from?: Checkpoint
}

/** How an archive is saved to a file. */
export interface SaveGuard {
  readonly id: string
  readonly name: string
  /** Whether to store it as it is written, for who goes on with it. */
  readonly store: boolean
  /** Whether it was begun before, so that there may be something to go on with. */
  readonly again: boolean
}

/** What the worker offers the page. One worker makes one archive. */
export interface PackWorker {
  /** Takes some more of the files, in order. */
  add(files: readonly WireFile[]): void
  /** Checks and plans the files given, or those of the manifest at `manifest`. */
  prepare(
    page: PageServices,
    options: ArchiveOptions,
    manifest?: string,
  ): Promise<Outcome<PlanSummary>>
  /**
   * The same of a job that is stored.
   *
   * @param claims Whether it is to be gone on with, which one can do at a time: fails with `already-started` if
   *   somebody does, and is this worker's until it ends.
   */
  restore(page: PageServices, id: string, claims: boolean): Promise<Outcome<PlanSummary>>
  /**
   * Gets ready for `run`, holding the Web Lock `lock` from now on, while it is not yet known whether it will be wanted.
   * Nothing is fetched.
   */
  arm(lock: string): void
  /** Makes the archive, and sends it over `port`. */
  run(port: MessagePort, guard?: RunGuard): Promise<Outcome<RunSummary>>
  /** Makes the archive, and writes it to a file. */
  save(target: FileSystemFileHandle, guard: SaveGuard): Promise<Outcome<RunSummary>>
  /** All that is in the cache of that name, each response read to its end; nothing if there is no such cache. */
  survey(cache: string): Promise<Outcome<readonly (CachedResponse | OpaqueResponse)[] | undefined>>
  /** What is known of bytes by reading them. */
  digest(blob: Blob): Promise<Outcome<Digests>>
  pause(): void
  resume(): void
  cancel(reason: WireError): void
}

/** What the page offers its worker. */
export interface PageServices {
  /**
   * The content that `RemoteData` stands for; a stream comes as the reading end of a port, and what is no content as
   * `null`.
   */
  open(remote: number): Promise<Blob | Uint8Array<ArrayBuffer> | string | MessagePort | null>
  progress(progress: Progress): void
  /** The job waits for a network, or goes on. */
  waiting(waits: boolean): void
  /** A fresh URL for one that a server refuses, if the page has one. */
  refreshUrl(file: { readonly url: string; readonly name: string }): Promise<string | undefined>
}
