/** The events of a job. */

import type { Warning } from '../manifest/types.ts'
import type { Progress } from '../progress.ts'
import type { Fallback } from './options.ts'

/**
 * What a job is doing: nothing before a sink is chosen, checking its input, making the archive, waiting
 * for a network, held up by the page, hung up for no reason that anybody knows, gone on with by the
 * service worker; and how it ended.
 */
export type JobState =
  | 'idle'
  | 'planning'
  | 'running'
  | 'waiting'
  | 'paused'
  | 'stalled'
  | 'taken-over'
  | 'done'
  | 'failed'
  | 'cancelled'

/** States that are final: whoever is late to tell of another one is not listened to. */
export const OVER: readonly JobState[] = ['done', 'failed', 'cancelled']

/** `progress`: at most ten times a second. */
export class JobProgressEvent extends Event {
  readonly progress: Progress

  constructor(progress: Progress) {
    super('progress')
    this.progress = progress
  }
}

/** `warning`: something was put right, or (`'sink' in warning`) a sink could not be taken. */
export class JobWarningEvent extends Event {
  readonly warning: Warning | Fallback

  constructor(warning: Warning | Fallback) {
    super('warning')
    this.warning = warning
  }
}

/** `statechange`. */
export class JobStateEvent extends Event {
  readonly state: JobState

  constructor(state: JobState) {
    super('statechange')
    this.state = state
  }
}

/** The events of a job, by type. */
export interface JobEventMap {
  /** At most ten times a second. */
  readonly progress: JobProgressEvent
  /** Something was put right, or a sink is not to be had. */
  readonly warning: JobWarningEvent
  readonly statechange: JobStateEvent
}

/** An `EventTarget` whose listeners know what they hear. */
export interface JobEventTarget extends EventTarget {
  addEventListener<Type extends keyof JobEventMap>(
    type: Type,
    listener: ((event: JobEventMap[Type]) => void) | EventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void
  removeEventListener<Type extends keyof JobEventMap>(
    type: Type,
    listener: ((event: JobEventMap[Type]) => void) | EventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void
}

/** The platform's own: what listeners know takes no code. */
export const JobEventTarget: new () => JobEventTarget = EventTarget
