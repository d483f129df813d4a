/** The events of the element. All of them bubble, out of shadow roots too. */

import type { JobState } from '../client/events.ts'
import type { Fallback, Report } from '../client/options.ts'
import { isHoldallError } from '../errors.ts'
import type { Progress } from '../progress.ts'
import type { Files } from './files.ts'

/** The element's events, by type. */
export interface HoldallDownloadEventMap {
  /** Before anything is fetched. Cancelable: then nothing is. */
  'holdall-start': CustomEvent<{ readonly files: Files }>
  /** At most ten times a second. */
  'holdall-progress': CustomEvent<{ readonly progress: Progress }>
  /**
   * A place for the archive is not to be had, and why. If it is the browser's own download (`service-worker`), the page
   * itself saves the archive.
   */
  'holdall-fallback': CustomEvent<{ readonly fallback: Fallback }>
  /** The browser has taken the last byte. */
  'holdall-done': CustomEvent<{ readonly report: Report }>
  /** The download failed: a `HoldallError`, as a rule. */
  'holdall-error': CustomEvent<{ readonly error: Error }>
  /** The user, or the page, has ended it: here or in the browser's own list. */
  'holdall-cancel': CustomEvent<{ readonly by: 'page' | 'browser' }>
}

declare global {
  // they bubble: whoever listens further up knows them, too
  interface GlobalEventHandlersEventMap extends HoldallDownloadEventMap {}
}

/** Tells `element`'s listeners. Returns whether none of them has prevented it. */
export function fire<Type extends keyof HoldallDownloadEventMap>(
  element: HTMLElement,
  type: Type,
  detail: HoldallDownloadEventMap[Type]['detail'],
): boolean {
  const cancelable = type === 'holdall-start'
  const init = { detail, bubbles: true, composed: true, cancelable }
  return element.dispatchEvent(new CustomEvent(type, init))
}

/** Tells how a run ended, if it has. */
export function fireEnd(
  element: HTMLElement,
  {
    state,
    report,
    error,
  }: { state: JobState; report?: Report | undefined; error?: Error | undefined },
): void {
  if (report !== undefined) fire(element, 'holdall-done', { report })
  else if (isHoldallError(error, 'cancelled')) fire(element, 'holdall-cancel', error.detail)
  else if (state === 'failed' && error !== undefined) fire(element, 'holdall-error', { error })
}
