/** Where an app hosts the service worker and the worker, set once for all jobs of a page. */

import { answerPings } from './keep-alive.ts'

/** Where the service worker is. */
export interface ServiceWorkerOptions {
  /** URL of its script; a `TrustedScriptURL` where Trusted Types are enforced. Default: `/holdall-sw.js`. */
  readonly url?: string | URL | { toJSON(): string }
  /**
   * The scope to register it with. Default: the folder `holdall/` beside the script, so that it
   * never stands in the way of the app's own. An app whose own service worker calls
   * `answerDownload` gives that one's URL and scope.
   */
  readonly scope?: string | URL
  /** The type of its script. Default: `'classic'`. */
  readonly type?: WorkerType
}

/** Where an app hosts what holdall runs beside the page. */
export interface Configuration {
  /** URL of the service worker's script, or more about it. */
  readonly serviceWorker?: string | URL | ServiceWorkerOptions
  /**
   * URL of the Web Worker's script, or what starts one. Default: the one in the package. After a download the
   * next one's is started, and ended if none begins within a minute.
   */
  readonly worker?: string | URL | (() => Worker)
}

let current: Configuration = {}
/** A worker that has made nothing yet. */
let spare: Worker | undefined

/** Says where the app hosts holdall's workers. To be called before the first job; the last call counts. */
export function configure(configuration: Configuration): void {
  answerPings() // of downloads of other pages, or of this one before it was reloaded
  current = configuration
  drop(spare)
}

/** What was said of it last. */
export function configured(): Configuration {
  return current
}

/** A worker for one archive: one that was given back, else one that is started. */
export function startWorker(): Worker {
  const ready = spare
  spare = undefined
  return ready ?? start()
}

/**
 * Keeps a worker that has made nothing for who wants one next.
 *
 * @returns Ends it, unless it was taken by then.
 */
export function giveBack(worker: Worker): () => void {
  drop(spare)
  spare = worker
  return () => drop(worker)
}

function drop(worker: Worker | undefined): void {
  if (worker === undefined || spare !== worker) return
  spare = undefined
  worker.terminate()
}

function start(): Worker {
  const { worker } = current
  if (typeof worker === 'function') return worker()
  if (worker !== undefined) return new Worker(worker, { type: 'module', name: 'holdall' })
  // Bundlers follow this very form to the file, and put it where it will be found.
  return new Worker(new URL('../holdall-worker.js', import.meta.url), { type: 'module' })
}
