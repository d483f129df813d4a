/** Looks at what a page, its browser and its server can do, for developers; loaded when it is asked for. */

import { canPick } from '../sinks/save-picker.ts'
import { openFolder } from '../sinks/origin-private.ts'
import { hint, ok, problem, type Diagnosis, type Finding, type FindingCode } from './findings.ts'
import type { Sink } from './options.ts'
import { probeServiceWorker } from './probe-service-worker.ts'
import { probeWebWorker, type Zip } from './probe-web-worker.ts'
import { Violations } from './violations.ts'

/** What must be well for a service worker to be taken; what was not looked at does no harm. */
const SERVICE_WORKER: ReadonlySet<FindingCode> = new Set([
  'service-worker-support',
  'service-worker-file',
  'service-worker-scope',
  'service-worker-start',
] satisfies FindingCode[])

/** See `diagnose()` of `index.ts`. */
export async function examine(zip: Zip): Promise<Diagnosis> {
  const violations = new Violations()
  try {
    const privateFiles = await probePrivateFiles()
    const findings = [
      probeContext(),
      probeStorage(privateFiles),
      ...(await probeWebWorker(zip, violations)),
      ...(await probeServiceWorker(violations)),
      probePicker(),
      privateFiles,
      ok('memory', 'Archives up to memoryLimit can be held in memory'),
    ]
    findings.push(await probeIsolation(findings))
    const sink = taken(findings)
    return { ...(sink !== undefined && { sink }), findings }
  } finally {
    violations.stop()
  }
}

function taken(findings: readonly Finding[]): Sink | undefined {
  const isWell = (code: FindingCode): boolean =>
    findings.some((finding) => finding.code === code && finding.severity === 'ok')
  if (!isWell('web-worker')) return undefined
  const faults = findings.filter(({ severity }) => severity === 'problem')
  if (!faults.some(({ code }) => SERVICE_WORKER.has(code))) return 'service-worker'
  return (['save-picker', 'origin-private'] as const).find(isWell) ?? 'memory'
}

function probeContext(): Finding {
  const code = 'secure-context'
  const { origin } = location
  if (isSecureContext) return ok(code, `${origin} is a secure context`)
  return problem(
    code,
    `${origin} is not a secure context: browsers keep service workers, storage and dialogs from it`,
    'Serve the page over HTTPS, or from localhost',
  )
}

function probeStorage({ severity, message }: Finding): Finding {
  const code = 'storage'
  if (!isSecureContext) return hint(code, 'Storage was not looked at', 'Serve the page over HTTPS')
  try {
    void localStorage.length // browsers that are told to keep nothing throw here
    return ok(code, 'This site may store data')
  } catch (error) {
    const also = severity === 'ok' ? '' : `; ${message}`
    return problem(
      code,
      `This site may not store data (${(error as Error).message})${also}: so there is no service worker, either`,
      'Allow the site to use cookies and storage, or accept what memory can hold',
    )
  }
}

function probePicker(): Finding {
  const code = 'save-picker'
  if (canPick()) return ok(code, 'The user can be asked where to save, within seconds of a click')
  return hint(
    code,
    'The user cannot be asked where to save',
    isSecureContext ? 'Chromium alone has such a dialog' : 'Serve the page over HTTPS',
  )
}

async function probePrivateFiles(): Promise<Finding> {
  const code = 'origin-private'
  try {
    await openFolder()
    return ok(code, 'The origin private file system can hold archives')
  } catch (error) {
    const remedy = 'Serve the page over HTTPS, in a window that may store data'
    return hint(code, (error as Error).message, remedy)
  }
}

/** Compares the page's own headers with what became of its workers. */
async function probeIsolation(findings: readonly Finding[]): Promise<Finding> {
  const code = 'cross-origin-isolation'
  const response = await fetch(location.href, { method: 'HEAD' }).catch(() => undefined)
  const embedder = response?.headers.get('Cross-Origin-Embedder-Policy') ?? 'unsafe-none'
  const isRequired = crossOriginIsolated || /^(?:require-corp|credentialless)/.test(embedder)
  if (!isRequired) return ok(code, 'The page is not cross-origin isolated, and need not be')
  if (findings.some((finding) => finding.code === 'web-worker' && finding.severity !== 'ok')) {
    return problem(
      code,
      `The page has Cross-Origin-Embedder-Policy: ${embedder}, and its Web Worker does not start`,
      `Send "Cross-Origin-Embedder-Policy: ${embedder}" with the scripts of both workers, too`,
    )
  }
  if (crossOriginIsolated)
    return ok(code, 'The page is cross-origin isolated, and so are its workers')
  return hint(
    code,
    `The page has Cross-Origin-Embedder-Policy: ${embedder}, but is not cross-origin isolated`,
    'If it is meant to be, send "Cross-Origin-Opener-Policy: same-origin" with it, and do not embed it',
  )
}
