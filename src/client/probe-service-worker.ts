/** Tries what downloads: the service worker, from its file to its answer. */

import {
  pageLock,
  type ControlMessage,
  type DeliveryMessage,
  type PageMessage,
} from '../port/delivery.ts'
import { serviceWorkerLocation, type ServiceWorkerLocation } from './service-worker-location.ts'
import { hint, ok, problem, type Finding } from './findings.ts'
import { activeServiceWorker, isJavaScript, mayControl } from './registration.ts'
import type { Violations } from './violations.ts'

/** How long a service worker may take to answer, and a frame to load, in ms. */
const ANSWERS_WITHIN = 5000
const LOADS_WITHIN = 2000

/** An address that an archive could have. */
const NO_ARCHIVE = '00000000-0000-4000-8000-000000000000.zip'

const SERVE_IT =
  'Serve node_modules/holdall/dist/holdall-sw.js there as text/javascript (the plugin of holdall/vite does), or tell configure() where it is'

export async function probeServiceWorker(violations: Violations): Promise<Finding[]> {
  const place = serviceWorkerLocation()
  const code = 'service-worker-support'
  if (!isSecureContext || !('serviceWorker' in navigator && 'locks' in navigator)) {
    const remedy = isSecureContext
      ? 'Use another window: private ones of Firefox have none'
      : 'Serve the page over HTTPS'
    const message = 'There are no service workers in this window'
    return [problem(code, message, remedy), await probeUrls(place, violations)]
  }
  return [
    ok(code, 'This browser has service workers'),
    ...(await probeScript(place, violations)),
    await probeStart(place, violations),
    await probeFrames(place, violations),
    await probeUrls(place, violations),
  ]
}

/** Looks at the script as the browser does. */
async function probeScript(
  place: ServiceWorkerLocation,
  violations: Violations,
): Promise<Finding[]> {
  const code = 'service-worker-file'
  const { href, origin } = place.url
  if (origin !== location.origin) {
    const message = `The service worker at ${href} is not of the page's own origin, as browsers want it`
    return [
      problem(code, message, `Copy it to ${location.origin}, and tell configure() where it is`),
    ]
  }
  const response = await look(href)
  if (response === undefined) return [await notSeen(code, href, violations)]
  if (!response.ok) {
    return [
      problem(code, `There is no service worker: ${href} answers ${response.status}`, SERVE_IT),
    ]
  }
  const type = response.headers.get('Content-Type') ?? ''
  if (!isJavaScript(type)) {
    const html = /html/i.test(type) ? ", an app's index.html perhaps" : ''
    const message = `The service worker at ${href} is not JavaScript: it is sent as "${type}"${html}`
    return [problem(code, message, SERVE_IT)]
  }
  const found = ok(code, `The service worker is at ${href}`)
  return [found, probeScope(place, response.headers.get('Service-Worker-Allowed'))]
}

function probeScope(place: ServiceWorkerLocation, allowed: string | null): Finding {
  const code = 'service-worker-scope'
  const { url, scope } = place
  if (mayControl(place, allowed)) return ok(code, `It may control ${scope.href}`)
  return problem(
    code,
    `The service worker at ${url.href} may not control ${scope.href}`,
    `Move the script up, or send "Service-Worker-Allowed: ${scope.pathname}" with it`,
  )
}

/** Registers it, and has it take a download that is given up at once. */
async function probeStart(place: ServiceWorkerLocation, violations: Violations): Promise<Finding> {
  const code = 'service-worker-start'
  let worker: ServiceWorker
  try {
    worker = await activeServiceWorker()
  } catch (error) {
    const refusal = await violations.ofWorkers()
    if (refusal === undefined) {
      const remedy = 'Look at what else was found, and at its console'
      return problem(code, (error as Error).message, remedy)
    }
    const message = `The service worker cannot be registered${refusal.policy}`
    return problem(code, message, refusal.remedy)
  }
  if (await answers(worker)) return ok(code, 'The service worker runs, and takes downloads')
  return problem(
    code,
    `The service worker at ${place.url.href} runs, but knows of no downloads`,
    'If it is your own, import holdall/service-worker in it and call answerDownload(event), and have the version that does call skipWaiting() when it is installed; if not, copy holdall-sw.js of this version',
  )
}

function answers(worker: ServiceWorker): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  const id = crypto.randomUUID()
  const register: PageMessage = { type: 'holdall:register', id, name: '', control: port2 }
  const release: ControlMessage = { type: 'release' }
  return navigator.locks.request(pageLock(id), async () => {
    const answered = new Promise<boolean>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<DeliveryMessage>) => {
        resolve(data.type === 'registered')
      }
      setTimeout(() => resolve(false), ANSWERS_WITHIN)
    })
    worker.postMessage(register, [port2])
    const result = await answered
    port1.postMessage(release)
    return result
  })
}

/** Opens a hidden frame in which nothing may run, and sees whether it is forbidden. */
async function probeFrames(
  { url }: ServiceWorkerLocation,
  violations: Violations,
): Promise<Finding> {
  const code = 'frames'
  const frame = document.createElement('iframe')
  frame.hidden = true
  frame.sandbox.value = ''
  frame.src = url.href
  try {
    await new Promise((resolve) => {
      frame.addEventListener('load', resolve)
      setTimeout(resolve, LOADS_WITHIN)
      document.body.append(frame)
    })
    const policy = await violations.by('frame-src')
    if (policy === '') return ok(code, 'Downloads can begin in a hidden frame')
    return hint(
      code,
      `Downloads begin by a navigation instead of a hidden frame, one after the other${policy}`,
      "Allow frame-src 'self'",
    )
  } finally {
    frame.remove()
  }
}

/** Asks the server, as a browser does that retries a download. */
async function probeUrls(place: ServiceWorkerLocation, violations: Violations): Promise<Finding> {
  const code = 'download-urls'
  const { href: scope } = place.scope
  const base = scope.endsWith('/holdall/') ? scope : new URL('holdall/', scope).href
  // A fallback for single-page apps may answer nothing but what accepts HTML.
  const response = await look(base + NO_ARCHIVE, { Accept: 'text/html,*/*;q=0.8' })
  if (response === undefined) return notSeen(code, base, violations)
  if (!response.ok) return ok(code, `The server has nothing below ${base}, as it must be`)
  const type = response.headers.get('Content-Type') ?? 'no type'
  return problem(
    code,
    `The server answers ${response.status} (${type}) below ${base}, where nothing is: a browser that retries a download saves that instead of the archive`,
    'Have it answer 404 there; docs/hosting.md has the line for each host',
  )
}

async function notSeen(
  code: 'service-worker-file' | 'download-urls',
  url: string,
  violations: Violations,
): Promise<Finding> {
  const policy = await violations.by('connect-src')
  return policy === ''
    ? problem(code, `${url} cannot be reached`, 'Check the connection, and the server')
    : hint(code, `${url} cannot be looked at${policy}`, "Allow connect-src 'self' to see more here")
}

async function look(url: string, headers: HeadersInit = {}): Promise<Response | undefined> {
  try {
    const response = await fetch(url, { cache: 'no-store', headers })
    await response.body?.cancel()
    return response
  } catch {
    return undefined
  }
}
