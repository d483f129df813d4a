/** Makes archives in the page itself, where the frame cannot: its service worker is none of the page's. */

import { configure } from '../client/configuration.ts'
import { ZipJob } from '../client/job.ts'
import type { ZipOptions } from '../client/options.ts'
import type { FileInput } from '../manifest/types.ts'

const here = import.meta.url

export function makeJob(files: readonly FileInput[] | string, options: ZipOptions): ZipJob {
  configure({ worker: startWorker })
  // Nobody of that page could find what was interrupted: embed.js has no `unfinished()`.
  return new ZipJob(files, { ...options, resumable: false })
}

/** A worker's script must be of the page's own origin: so this one imports the other. */
function startWorker(): Worker {
  const url = new URL('holdall-embed-worker.js', here).href
  const script = new Blob([`import ${JSON.stringify(url)}`], { type: 'text/javascript' })
  const own = URL.createObjectURL(script)
  const worker = new Worker(own, { type: 'module', name: 'holdall' })
  // Not before: Firefox and WebKit fetch it later.
  setTimeout(() => URL.revokeObjectURL(own), 60_000)
  return worker
}
