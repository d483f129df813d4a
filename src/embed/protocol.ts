/**
 * What a page and the frame of the hosting origin say to each other.
 *
 *     page of https://shop.example         frame: https://files.example/embed.html      its Web Worker
 *       │ ── #nonce=…&origin=… ─────────────▶ │  is that origin in my list?
 *       │ ◀── embed-ready { nonce } ───────── │  to window.parent, for that origin's eyes alone
 *       │ ── embed-connect { nonce, port } ─▶ │  to the frame's window, for its origin's eyes alone
 *       │                                     │
 *       │ ◀─ connected, requests ─ port ────▶ │  from here on nothing goes by windows
 *       │ ◀─ files, plan, download … job.port ▶│  one port for each job
 *       │ ◀─ request, response ── requests.port ─────────────────────────────────────▶ │
 *
 * Windows can be navigated and messages to them forged, so only two go that way, each with a nonce that
 * nobody else knows, and each checked for its sender's window and origin. A port belongs to two documents:
 * who navigates the frame away leaves it with nobody.
 *
 * The frame fetches files without cookies. Those of the page's own origin, which need no CORS and may need
 * the page's cookies, it asks the page for: "request", over a port of the worker's own.
 *
 * @module
 */

import type { JobState } from '../client/events.ts'
import type { Fallback, Report, ZipOptions } from '../client/options.ts'
import type { Warning } from '../manifest/types.ts'
import type { WireError } from '../port/wire-error.ts'
import type { Progress } from '../progress.ts'
import type { PlanSummary, WireFile } from '../worker/protocol.ts'

/** Changes with every change of what follows: page and frame may come from two releases of a site. */
export const VERSION = 2

/** From the frame to `window.parent`. */
export interface ReadyMessage {
  readonly type: 'holdall:embed-ready'
  readonly version: number
  readonly nonce: string
}

/** From the page to the frame's window. */
export interface ConnectMessage {
  readonly type: 'holdall:embed-connect'
  readonly nonce: string
  readonly port: MessagePort
}

/** Over the connection's port. */
export type PageMessage =
  | { readonly type: 'job'; readonly port: MessagePort }
  /** Whether it is alive; answered by `alive`. */
  | { readonly type: 'ping' }

export type FrameMessage =
  | { readonly type: 'connected' | 'alive' }
  /** A Web Worker of the frame, by its number, will ask for files of the page's origin. */
  | { readonly type: 'requests'; readonly worker: number; readonly port: MessagePort }
  /** It is no more, and reads none of the answers that are under way. */
  | { readonly type: 'ended'; readonly worker: number }

/** What of a job's options crosses: the others stay with the page. */
export type EmbedOptions = Omit<ZipOptions, 'signal' | 'refreshUrl' | 'sinks' | 'memoryLimit'> & {
  readonly baseURL: string
}

/** Content of the page's, when its turn has come; `null` for what is none. */
export type EmbedContent = Blob | Uint8Array<ArrayBuffer> | string | MessagePort | null

/** Over a job's port, to the frame. */
export type JobRequest =
  /** Some more of the files, in order; answered by `taken`. */
  | { readonly type: 'files'; readonly files: readonly WireFile[] }
  /** That was all; or all of it is the manifest at that URL. */
  | { readonly type: 'begin'; readonly options: EmbedOptions; readonly manifest?: string }
  | { readonly type: 'plan' | 'download' | 'pause' | 'resume' | 'cancel' }
  /** Answers `open` and `refresh`. */
  | { readonly type: 'answer'; readonly ask: number; readonly value?: EmbedContent }
  | { readonly type: 'no-answer'; readonly ask: number; readonly error: WireError }

/** Over a job's port, to the page. */
export type JobReply =
  | { readonly type: 'taken' }
  | { readonly type: 'planned'; readonly plan: PlanSummary }
  | { readonly type: 'not-planned'; readonly error: WireError }
  /** With whether the download would end with the page. */
  | { readonly type: 'state'; readonly state: JobState; readonly needsPage: boolean }
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'warning'; readonly warning: Warning | Fallback }
  | { readonly type: 'done'; readonly report: Report }
  | { readonly type: 'failed'; readonly error: WireError }
  /** Asks for content that stays with the page, by its number. */
  | { readonly type: 'open'; readonly ask: number; readonly remote: number }
  /** Asks for a fresh URL. */
  | { readonly type: 'refresh'; readonly ask: number; readonly url: string; readonly name: string }

/** To a Web Worker of the frame, before all else: whose files it is to ask for, and whom. */
export interface RelayMessage {
  readonly type: 'holdall:relay'
  /** Of the page. */
  readonly origin: string
  readonly port: MessagePort
}

/** Over a port for requests, to the page. */
export type FileRequest =
  | ({ readonly type: 'request'; readonly id: number; readonly url: string } & FileRequestInit)
  /** Nothing more of it is wanted, be it that all has come. */
  | { readonly type: 'abort'; readonly id: number }

/** What of a request crosses. Its method is GET unless it is HEAD. */
export interface FileRequestInit extends Pick<
  RequestInit,
  'cache' | 'credentials' | 'integrity' | 'redirect' | 'referrerPolicy'
> {
  readonly method: 'GET' | 'HEAD'
  readonly headers: readonly (readonly [string, string])[]
}

/** Over a port for requests, to the worker. */
export type FileResponse =
  | {
      readonly type: 'response'
      readonly id: number
      /** Where it was found, after redirects. */
      readonly url: string
      readonly status: number
      readonly statusText: string
      readonly headers: readonly (readonly [string, string])[]
      /** Where the body is read; see `port/protocol`. */
      readonly body?: MessagePort
    }
  | { readonly type: 'failed'; readonly id: number; readonly message: string }
