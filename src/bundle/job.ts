/** The job of an export: one whose files are gathered when they are asked for, and may be warned of. */

import { coded } from '../client/coded.ts'
import { JobWarningEvent } from '../client/events.ts'
import { ZipJob } from '../client/job.ts'
import { loaded } from '../client/loaded.ts'
import type { BundleWarning, FileInput } from '../manifest/types.ts'
import type { PlanSummary } from '../worker/protocol.ts'
import type { BundleOptions } from './options.ts'

export class BundleJob extends ZipJob {
  readonly #found: BundleWarning[]

  constructor(options: BundleOptions) {
    const { caches, routes, precacheManifest, files, start, onError, ...others } = options
    const asked = { caches, routes, precacheManifest, files, start, onError } as BundleOptions
    const ending = new AbortController()
    const found: BundleWarning[] = []
    const warn = (warning: BundleWarning): void => {
      found.push(warning)
      this.dispatchEvent(new JobWarningEvent(warning))
    }
    super(gather(asked, ending.signal, warn), { name: `${location.hostname}.zip`, ...others })
    this.#found = found
    this.finished.catch((error: unknown) => ending.abort(error))
  }

  override async plan(): Promise<PlanSummary> {
    const plan = await super.plan()
    return { ...plan, warnings: [...this.#found, ...plan.warnings] }
  }
}

async function* gather(
  options: BundleOptions,
  signal: AbortSignal,
  warn: (warning: BundleWarning) => void,
): AsyncGenerator<FileInput> {
  const { bundleFiles, Digester } = await loaded(import('./export.ts'))
  const digester = new Digester()
  const end = (): void => digester.terminate()
  signal.addEventListener('abort', end)
  try {
    yield* await bundleFiles(options, { baseURL: document.baseURI, digester, signal, warn })
  } catch (thrown) {
    throw coded(thrown) // else it would be said of a list of the caller's
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}
