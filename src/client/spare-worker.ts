/** A worker that is started before it is wanted: its start is the longest step on the way to a second download's first byte. */

import { giveBack, startWorker } from './configuration.ts'

/** How long it is kept, in ms: who downloads again does it soon. */
const KEPT_FOR = 60_000

/** Has a worker ready for the next job of this page. */
export function keepSpare(): void {
  let worker: Worker
  try {
    worker = startWorker()
  } catch {
    return // the next job will say why
  }
  const drop = giveBack(worker)
  worker.addEventListener('error', drop)
  setTimeout(drop, KEPT_FOR)
}
