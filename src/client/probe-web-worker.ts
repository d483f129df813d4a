/** Tries what makes archives: the Web Worker, and whether it can fetch. */

import { isHoldallError } from '../errors.ts'
import { serviceWorkerLocation } from './service-worker-location.ts'
import { ok, problem, type Finding } from './findings.ts'
import type { ZipJob } from './job.ts'
import type { ZipOptions } from './options.ts'
import type { Violations } from './violations.ts'

/** How long the worker may take to start, and to fetch one file, in ms. */
const ANSWERS_WITHIN = 10_000

/** `zip()`, for it brings all that a page has loaded already. */
export type Zip = (files: { url: URL; name: string }[], options: ZipOptions) => ZipJob

/** Has a worker make an archive of one file of the page's own origin, which nobody gets. */
export async function probeWebWorker(zip: Zip, violations: Violations): Promise<Finding[]> {
  const { url } = serviceWorkerLocation()
  const job = zip([{ url, name: 'probe' }], {
    sizes: 'as-given',
    retry: { attempts: 1, silence: ANSWERS_WITHIN },
    signal: AbortSignal.timeout(2 * ANSWERS_WITHIN),
  })
  try {
    await job.plan()
  } catch (error) {
    job.cancel()
    return [await notStarted(error as Error, violations)]
  }
  return [ok('web-worker', 'The Web Worker starts'), await probeFetch(job, url)]
}

async function notStarted(error: Error, violations: Violations): Promise<Finding> {
  const { policy: why, remedy } = (await violations.ofWorkers()) ?? {
    policy: `: ${error.message}`,
    remedy:
      'Have the bundler emit holdall-worker.js or tell configure() where it is, as text/javascript; where the page sends Cross-Origin-Embedder-Policy, send that header with the script, too',
  }
  return problem('web-worker', `The Web Worker that makes archives does not start${why}`, remedy)
}

async function probeFetch(job: ZipJob, url: URL): Promise<Finding> {
  const code = 'worker-fetch'
  try {
    await job.blob() // for which the page is not guarded
  } catch (error) {
    const answered = isHoldallError(error, 'source-failed') && error.detail.status !== undefined
    if (!answered) {
      return problem(
        code,
        `The Web Worker cannot fetch ${url.href}: ${(error as Error).message}`,
        "Allow connect-src 'self', and the origins of your files, in the Content-Security-Policy that is sent with the worker's script",
      )
    }
  }
  return ok(code, 'The Web Worker can fetch from this origin')
}
