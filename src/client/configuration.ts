/** Where an app hosts the service worker and the worker, set once for all jobs of a page. */

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

export interface Configuration {
  readonly serviceWorker?: string | URL | ServiceWorkerOptions
  /** URL of the Web Worker's script, or what starts one. Default: the one in the package. */
  readonly worker?: string | URL | (() => Worker)
}

let current: Configuration = {}

/** Says where the app hosts holdall's workers. To be called before the first job; the last call counts. */
export function configure(configuration: Configuration): void {
  current = configuration
}

/** Where to register which service worker. */
export interface ServiceWorkerLocation {
  readonly url: URL
  /** The same as it was given: what a policy of Trusted Types has made is good as it is only. */
  readonly script: unknown
  readonly scope: URL
  readonly type: WorkerType
}

export function serviceWorkerLocation(): ServiceWorkerLocation {
  const { serviceWorker = {} } = current
  const options =
    typeof serviceWorker === 'string' || serviceWorker instanceof URL
      ? { url: serviceWorker }
      : serviceWorker
  const script = options.url ?? '/holdall-sw.js'
  const url = new URL(String(script), location.href)
  const scope = new URL(
    options.scope ?? 'holdall/',
    options.scope === undefined ? url : location.href,
  )
  return { url, script, scope, type: options.type ?? 'classic' }
}

/** Starts a worker for one archive. */
export function startWorker(): Worker {
  const { worker } = current
  if (typeof worker === 'function') return worker()
  if (worker !== undefined) return new Worker(worker, { type: 'module', name: 'holdall' })
  // Bundlers follow this very form to the file, and put it where it will be found.
  return new Worker(new URL('../holdall-worker.js', import.meta.url), { type: 'module' })
}
