/** The job of an export: an ordinary one, whose files are gathered when they are asked for. */

import { ZipJob } from '../client/job.ts'
import { answerPings } from '../client/keep-alive.ts'
import { loaded } from '../client/loaded.ts'
import { Packer } from '../client/packer.ts'
import type { BundleWarning, FileInput } from '../manifest/types.ts'
import type { BundleOptions } from './options.ts'

export function exportJob(options: BundleOptions): ZipJob {
  answerPings()
  const { name, signal, sinks, memoryLimit, resumable, comment } = options
  const warnings: BundleWarning[] = []
  const ending = new AbortController()
  const job = new ZipJob(
    gather(options, ending.signal, (warning) => warnings.push(warning)),
    {
      name: name ?? `${location.hostname}.zip`,
      ...(signal !== undefined && { signal }),
      ...(sinks !== undefined && { sinks }),
      ...(memoryLimit !== undefined && { memoryLimit }),
      ...(resumable !== undefined && { resumable }),
      ...(comment !== undefined && { comment }),
    },
    { warnings },
  )
  job.finished.catch((error: unknown) => ending.abort(error))
  return job
}

async function* gather(
  options: BundleOptions,
  signal: AbortSignal,
  warn: (warning: BundleWarning) => void,
): AsyncGenerator<FileInput> {
  const { bundleFiles } = await loaded(import('./export.ts'))
  const packer = new Packer({ refreshUrl: async () => undefined })
  const end = (): void => packer.terminate()
  signal.addEventListener('abort', end)
  try {
    yield* await bundleFiles(options, { baseURL: document.baseURI, packer, signal, warn })
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}
