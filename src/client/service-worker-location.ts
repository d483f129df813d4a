/** Which service worker is to be registered, and where, as the app says. */

import { configured } from './configuration.ts'

/** Where to register which service worker. */
export interface ServiceWorkerLocation {
  readonly url: URL
  /** The same as it was given: what a policy of Trusted Types has made is good as it is only. */
  readonly script: unknown
  readonly scope: URL
  readonly type: WorkerType
}

export function serviceWorkerLocation(): ServiceWorkerLocation {
  const { serviceWorker = {} } = configured()
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
