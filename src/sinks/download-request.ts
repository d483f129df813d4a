/** What the browser's own download of an archive asks of who makes it. */

import type { RefreshUrl } from '../engine/job.ts'
import type { Progress } from '../progress.ts'

/** The archive once, for a request for its URL. */
export interface WantedArchive {
  readonly id: string
  readonly run: number
  readonly port: MessagePort
  /** A Web Lock that the producer holds as long as it lives, which must be until `over`. */
  readonly lock: string
  /** Resolves when whoever asked has it all, or has gone. */
  readonly over: Promise<void>
}

/** An archive to be downloaded. */
export interface DownloadRequest {
  readonly name: string
  /** In bytes, if it is known. */
  readonly length?: number
  /** Of its plan; see `PageMessage`. */
  readonly fingerprint?: string
  /** Of an archive that was begun before, whose URL it keeps. */
  readonly id?: string | undefined
  /** The service worker that has taken the place of the one that was told of the archive, when it is active. */
  readonly successor: () => Promise<ServiceWorker>
  /**
   * Has whoever makes the archive get ready, holding that Web Lock. Called while the browser is asked to ask for it:
   * both take as long.
   */
  readonly arm: (lock: string) => void
  /**
   * Has the archive made and sent over `port`. Called when the browser asks for it: with `run` 0 for
   * the download itself, and again for each further request for its URL. The download fails with
   * what the first of them rejects with.
   */
  readonly open: (wanted: WantedArchive) => Promise<unknown>
  /** Told what becomes of the making of it, and how far it is where the service worker goes on. */
  readonly changed: (
    state: 'stalled' | 'running' | 'waiting' | 'taken-over',
    progress?: Progress,
  ) => void
  /** Calls `told` when the job is paused, and when it goes on. */
  readonly onPause: (told: (paused: boolean) => void) => void
  /** A fresh URL for one that a server refuses, if there is any. */
  readonly refreshUrl: RefreshUrl
  /** Ends the download, which then fails in the browser, and rejects with its reason. */
  readonly signal: AbortSignal
}
