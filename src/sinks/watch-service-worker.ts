/** Sees when the service worker that answers a download is gone, or hangs: nobody else would tell. */

import type { BroadcastMessage } from '../port/delivery.ts'

/** It asks every page for a sign of life every ten seconds, and so gives one, too. In ms. */
const PING_EVERY = 10_000

/** So many of them must be missing; counted, as a page or a machine may sleep. */
const SILENT_FOR = 4

/** How long its last message may take after it has let its lock go, in ms. */
const LAST_WORD_WITHIN = 1000

/**
 * Resolves when the service worker that answers under the Web Lock `lock` lets it go, as the dead do, or has not been
 * heard of for long, so that it hangs: says whether it is dead. Never, once `signal` aborts.
 */
export async function serviceWorkerIsGone(lock: string, signal: AbortSignal): Promise<boolean> {
  let isDead = false
  try {
    isDead = await Promise.race([
      navigator.locks.request(lock, { signal }, () => true),
      silence(signal).then(() => false),
    ])
    // It lets the lock go in the end, too: then what it has said of that is on its way.
    await new Promise((resolve) => setTimeout(resolve, LAST_WORD_WITHIN))
  } catch (error) {
    if (!signal.aborted) throw error
  }
  if (signal.aborted) await new Promise(() => undefined)
  return isDead
}

function silence(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let missed = 0
    const hear = ({ data }: MessageEvent): void => {
      if ((data as BroadcastMessage | null | undefined)?.type === 'holdall:ping') missed = 0
    }
    navigator.serviceWorker.addEventListener('message', hear, { signal })
    const timer = setInterval(() => {
      if (++missed === SILENT_FOR) resolve()
    }, PING_EVERY)
    signal.addEventListener('abort', () => clearInterval(timer))
  })
}
