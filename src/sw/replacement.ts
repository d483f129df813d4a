/** Holds a new version of the service worker back, while the old one answers downloads. */

import { isHeld } from '../engine/held-locks.ts'
import { ANSWERS_LOCK } from './liveness.ts'

declare const self: ServiceWorkerGlobalScope

/** How often to look whether they are over, in ms. */
const LOOK_EVERY = 5000

/**
 * For `install` events: resolves when the version of the service worker that this one is to replace answers no
 * download. Chromium stops the old one five minutes after the new one could be active, whatever it does.
 *
 * Where that takes longer than the browser lets an installation be, it fails, and is tried again at the next visit.
 */
export async function downloadsEnded(): Promise<void> {
  if (self.registration.active === null) return
  while (await isHeld(ANSWERS_LOCK)) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
  }
}
