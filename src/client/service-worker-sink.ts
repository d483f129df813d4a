/** The sink that is not there until a download needs it. */

import type { Download } from '../sinks/download.ts'
import { loaded } from './loaded.ts'

/** The parts that only a download needs, loaded when there is one: they are half of the code. */
export async function serviceWorkerSink(): Promise<{ worker: ServiceWorker; download: Download }> {
  const [{ activeServiceWorker }, { download }] = await loaded(
    Promise.all([import('./registration.ts'), import('../sinks/download.ts')]),
  )
  return { worker: await activeServiceWorker(), download }
}
