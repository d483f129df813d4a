/**
 * What a page and its service worker say to each other about one archive.
 *
 *     page                                      service worker
 *       │ ── register { id, name, length } ──────▶ │   by ServiceWorker.postMessage, with a control port
 *       │ ◀── registered { url } ───────────────── │   over the control port, as all that follows
 *       │          … the browser asks for the URL …
 *       │ ◀── open { run, port } ───────────────── │   the archive is wanted: pump it into `port`
 *       │ ◀── delivered { run, bytes } ─────────── │   the browser has taken the last byte
 *       │     or cancelled, or failed              │
 *       │ ── release ────────────────────────────▶ │   nobody shall get the archive any more
 *       │ ◀── released ─────────────────────────── │   and nobody goes on with it
 *
 * A URL that is asked for again (`run` 1, 2 …) is answered again.
 *
 * @module
 */

import type { WireError } from './wire-error.ts'

/** The Web Lock that a page holds as long as it answers for the archive `id`. */
export function pageLock(id: string): string {
  return `holdall:${id}`
}

/** The Web Lock of whoever goes on with the archive `id`, after it was interrupted. */
export function claimLock(id: string): string {
  return `holdall:${id}:claim`
}

/** The Web Lock that whoever makes the archive, for the request `run`, holds as long as it lives. */
export function producerLock(id: string, run: number): string {
  return `holdall:${id}:${run}`
}

/** Whether a Web Lock is that of a producer, whatever its archive is called. */
export function isProducerLock(name: string): boolean {
  return /^holdall:[^:]+:\d+$/.test(name)
}

/** The Web Lock that the service worker holds as long as it answers the request `run`. */
export function answerLock(id: string, run: number): string {
  return `holdall:${id}:${run}:answer`
}

/** The `BroadcastChannel` of `DownloadNews`. */
export const NEWS_CHANNEL = 'holdall'

/** What the service worker tells all pages of its origin of a download, whichever of them began it. */
export interface DownloadNews {
  /** Tells it from others. */
  readonly id: string
  /** Name of the archive. */
  readonly name: string
  /** Bytes that the browser has. */
  readonly bytes: number
  /** In bytes, if it is known. */
  readonly length?: number | undefined
  /**
   * `stalled`: its worker gives no sign of life; `taken-over`: it or its page is gone, and the service
   * worker makes the archive.
   */
  readonly state: 'running' | 'stalled' | 'taken-over' | 'done' | 'failed' | 'cancelled'
}

/** Page to service worker, by `ServiceWorker.postMessage`. */
export type PageMessage =
  | {
      readonly type: 'holdall:register'
      /** Unguessable, as it is all that protects the archive from others. */
      readonly id: string
      /** Name of the archive, any text. */
      readonly name: string
      /** In bytes, if it is known. */
      readonly length?: number
      /** Tells the archive from others: two with the same one have the same bytes, if their files do. */
      readonly fingerprint?: string
      /** How often it was asked for before. Default: never. */
      readonly runs?: number
      readonly control: MessagePort
    }
  | { readonly type: 'holdall:alive' }
  /** Nobody will want the archive any more: nothing of it need be kept. Wakes a worker that was stopped. */
  | { readonly type: 'holdall:drop'; readonly id: string }

/** Service worker to every page of its origin, by `Client.postMessage`. */
export type BroadcastMessage =
  /** To be answered with `alive`: Firefox stops a service worker that hears nothing from a page. */
  | { readonly type: 'holdall:ping' }
  /** The service worker was stopped since, and forgot this archive: whose it is, register it again. */
  | { readonly type: 'holdall:forgotten'; readonly id: string }

/** Service worker to page, over the control port. */
export type DeliveryMessage =
  | { readonly type: 'registered'; readonly url: string }
  | {
      readonly type: 'open'
      readonly run: number
      readonly port: MessagePort
      /** A Web Lock for the producer to hold: when it is let go before the end, the producer is dead. */
      readonly lock: string
    }
  | {
      readonly type: 'delivered'
      readonly run: number
      readonly bytes: number
      /** What became of an archive that was taken over. */
      readonly summary?: unknown
    }
  /** The page's worker gives no sign of life, or does so again. */
  | { readonly type: 'stalled'; readonly run: number; readonly stalls: boolean }
  /** The service worker goes on making the archive itself. */
  | { readonly type: 'taken-over'; readonly run: number }
  /** It needs a fresh URL for one that a server refuses, to be answered with `refreshed`. */
  | {
      readonly type: 'refresh'
      readonly number: number
      readonly file: { readonly url: string; readonly name: string }
    }
  /** Nobody gets the archive any more: the answer to `release`. */
  | { readonly type: 'released' }
  /** How far it is with that. */
  | { readonly type: 'progress'; readonly run: number; readonly progress: unknown }
  | { readonly type: 'cancelled'; readonly run: number }
  | { readonly type: 'failed'; readonly run: number; readonly error: WireError }

/** Page to service worker, over the control port. */
export type ControlMessage =
  /** Nobody shall get the archive any more. */
  | { readonly type: 'release' }
  /** The job is paused, or goes on: the page's worker knows, whoever takes its place must, too. */
  | { readonly type: 'paused'; readonly paused: boolean }
  /** `url` is absent if there is none. */
  | { readonly type: 'refreshed'; readonly number: number; readonly url: string | undefined }
  /** The worker that was making the archive has broken down: whoever can shall go on. */
  | { readonly type: 'abandoned' }
