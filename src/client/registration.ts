/** Registers the service worker, and says in words why it cannot be. */

import { Workbox } from 'workbox-window'
import { HoldallError } from '../errors.ts'
import { serviceWorkerLocation, type ServiceWorkerLocation } from './service-worker-location.ts'

/** How long an installed service worker may take to become active, in ms. */
const ACTIVE_WITHIN = 15_000

/**
 * The active service worker, registered now if it is not yet. Pages need not be controlled by it, so
 * the first visit needs no reload.
 *
 * One that is there is not waited for: browsers do nothing for a scope while a new version of its service worker is
 * being installed, which waits for the downloads that the old one answers.
 *
 * @throws {HoldallError} `insecure-context` or one of the `service-worker-…` codes.
 */
export async function activeServiceWorker(): Promise<ServiceWorker> {
  requireServiceWorkers()
  const place = serviceWorkerLocation()
  let registration: ServiceWorkerRegistration | undefined
  try {
    registration = await known(place)
    if (registration === undefined) registration = await register(place)
    else if (!registered.has(keyOf(place))) {
      // the one that is there will do, until the next time
      register(place).catch(() => registered.delete(keyOf(place)))
    }
  } catch (cause) {
    throw await diagnose(place, cause)
  }
  for (;;) {
    const { active, waiting, installing } = registration ?? {}
    const worker = [active, waiting, installing].find((one) => one && one.state !== 'redundant')
    if (!worker) throw failed(place, undefined)
    if (await isActivated(worker, place)) return worker
  }
}

/** Those that this page has registered: who does so listens for as long as the page is there. */
const registered = new Set<string>()

function keyOf({ url, scope }: ServiceWorkerLocation): string {
  return `${url.href} ${scope.href}`
}

async function register(
  place: ServiceWorkerLocation,
): Promise<ServiceWorkerRegistration | undefined> {
  const { url, script, scope, type } = place
  registered.add(keyOf(place))
  const given = typeof script === 'object' && !(script instanceof URL) ? script : url.href
  const workbox = new Workbox(given as string, { scope: scope.href, type })
  return workbox.register({ immediate: true })
}

/** What is registered already, by whichever page, and active; unless it is of another script. */
async function known({
  url,
  scope,
}: ServiceWorkerLocation): Promise<ServiceWorkerRegistration | undefined> {
  const registration = await navigator.serviceWorker.getRegistration(scope.href)
  const { active } = registration ?? {}
  const isSame = registration?.scope === scope.href && active?.scriptURL === url.href
  return isSame && active.state !== 'redundant' ? registration : undefined
}

function requireServiceWorkers(): void {
  if (!isSecureContext) {
    const { origin } = location
    throw new HoldallError(
      'insecure-context',
      `Cannot download through a service worker: ${origin} is not a secure context; serve the page over HTTPS (or from localhost)`,
      { origin },
    )
  }
  if (!('serviceWorker' in navigator && 'locks' in navigator)) {
    throw new HoldallError(
      'service-worker-unsupported',
      'Cannot download through a service worker: this browser has none in this window (private ones of Firefox have not); use another window',
      {},
    )
  }
}

/**
 * Whether it becomes active, and is not replaced before; so one is that cannot be installed. An app's own may take as
 * long for that as the browser lets it: there are files to be cached first.
 */
function isActivated(worker: ServiceWorker, place: ServiceWorkerLocation): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = (): void => {
      if (worker.state === 'installing') return
      if (worker.state !== 'activated' && worker.state !== 'redundant') {
        timer ??= setTimeout(() => reject(failed(place, undefined)), ACTIVE_WITHIN)
        return
      }
      worker.removeEventListener('statechange', look)
      clearTimeout(timer)
      resolve(worker.state === 'activated')
    }
    worker.addEventListener('statechange', look)
    look()
  })
}

/** Browsers say little, and each something else: so the script is looked at, as they do. */
async function diagnose(place: ServiceWorkerLocation, cause: unknown): Promise<HoldallError> {
  const url = place.url.href
  const response = await fetch(url, { cache: 'no-store' }).catch(() => undefined)
  await response?.body?.cancel()
  if (response !== undefined && !response.ok) {
    const { status } = response
    return new HoldallError(
      'service-worker-not-found',
      `Cannot find the service worker: ${url} answered ${status}; serve node_modules/holdall/dist/holdall-sw.js there (the Vite plugin of holdall/vite does), or tell configure() where it is`,
      { url, status },
      { cause },
    )
  }
  const type = response?.headers.get('Content-Type') ?? ''
  if (response !== undefined && !isJavaScript(type)) {
    return new HoldallError(
      'service-worker-wrong-type',
      `Cannot use the service worker: ${url} answered "${type}", not JavaScript; is it the app's index.html? Serve node_modules/holdall/dist/holdall-sw.js there`,
      { url, type },
      { cause },
    )
  }
  const scope = place.scope.href
  if (!mayControl(place, response?.headers.get('Service-Worker-Allowed') ?? null)) {
    return new HoldallError(
      'service-worker-scope',
      `Cannot use the service worker: ${url} may not control ${scope}; move the script up, or send Service-Worker-Allowed: ${place.scope.pathname} with it`,
      { url, scope },
      { cause },
    )
  }
  return failed(place, cause)
}

/** Whether browsers take that media type for a service worker's. */
export function isJavaScript(type: string): boolean {
  return /^(?:text|application)\/(?:x-)?(?:java|ecma)script\b/i.test(type)
}

/** Whether a script may have that scope, with what its server `allowed` (`Service-Worker-Allowed`). */
export function mayControl({ url, scope }: ServiceWorkerLocation, allowed: string | null): boolean {
  return scope.href.startsWith(new URL(allowed ?? '.', url).href)
}

function failed({ url }: ServiceWorkerLocation, cause: unknown): HoldallError {
  const why = cause instanceof Error ? ` (${cause.message})` : ''
  return new HoldallError(
    'service-worker-failed',
    `Cannot start the service worker ${url.href}${why}; its console, in the browser's developer tools, tells more`,
    { url: url.href },
    { cause },
  )
}
