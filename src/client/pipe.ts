/** Has an archive made for a sink that takes it as a stream in this page; loaded when there is one. */

import { isHoldallError } from '../errors.ts'
import { readableFromPort } from '../port/readable.ts'
import { orAborted } from '../sources/patience.ts'
import type { Delivered, DownloadJob, Take } from './choose-sink.ts'
import type { Report } from './options.ts'

/** Has the archive of a job made, and gives it to `take` as a stream; the signal aborts if it fails. */
export async function pipe(
  { plan, running, signal, events }: Pick<DownloadJob, 'plan' | 'running' | 'signal' | 'events'>,
  sink: Report['sink'],
  take: Take,
): Promise<Delivered> {
  await plan()
  Object.assign(events, { resumable: false }) // what this page takes ends with it
  const { port1, port2 } = new MessageChannel()
  const over = new AbortController()
  const made = running().run(port2)
  const taken = take(readableFromPort(port1), over.signal)
  try {
    const [summary] = await orAborted(Promise.all([made, taken]), signal)
    return { sink, ...summary }
  } catch (error) {
    over.abort(error) // a worker that has gone cannot tell whoever takes the archive
    // A body that fails says no more than that: what made it fail knows why.
    if (!isHoldallError(error)) await made
    throw error
  }
}
