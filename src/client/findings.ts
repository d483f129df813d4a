/** What a diagnosis says, in words and by stable codes. */

import type { Sink } from './options.ts'

/** What is looked at, a finding each. */
export type FindingCode =
  | 'secure-context'
  | 'storage'
  | 'cross-origin-isolation'
  | 'web-worker'
  | 'worker-fetch'
  | 'service-worker-support'
  | 'service-worker-file'
  | 'service-worker-scope'
  | 'service-worker-start'
  | 'frames'
  | 'download-urls'
  | 'save-picker'
  | 'origin-private'
  | 'memory'

/** What was found where one thing was looked at. */
export interface Finding {
  readonly code: FindingCode
  /** `problem`: something does not work. `hint`: it does, but less well than it could. */
  readonly severity: 'problem' | 'hint' | 'ok'
  readonly message: string
  /** What to do about it. */
  readonly remedy?: string
}

/** What this page, in this browser and from this server, can do. */
export interface Diagnosis {
  /** What `download()` would take, given a click; absent if no archive can be made here. */
  readonly sink?: Sink
  readonly findings: readonly Finding[]
}

export function ok(code: FindingCode, message: string): Finding {
  return { code, severity: 'ok', message }
}

export function hint(code: FindingCode, message: string, remedy: string): Finding {
  return { code, severity: 'hint', message, remedy }
}

export function problem(code: FindingCode, message: string, remedy: string): Finding {
  return { code, severity: 'problem', message, remedy }
}
