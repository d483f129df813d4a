/** What the tests note for the tables of docs/output.md, each with the test that saw it, in the run's report. */

import type { TestContext } from 'vitest'
import type { Refusal } from './corpus/features.ts'
import type { Reader } from './readers.ts'
import { unreadable, version } from './readers.ts'

/** What a program made of one thing. */
export interface Sight {
  /** Which of the tables it is for. */
  readonly table: 'archives' | 'beside'
  /** The line. */
  readonly of: string
  /** The column. */
  readonly program: string
  readonly version: string
  /** `yes`, perhaps with a reservation; `no: ` and why; or words of the table's own. */
  readonly outcome: string
}

declare module 'vitest' {
  interface TaskMeta {
    /** Of what the test saw, if it passes. */
    sights?: readonly Sight[]
    /** Why it was skipped, for the last line of the run. */
    skippedFor?: string
  }
}

/** Notes what a program was seen to do. */
export function saw(
  { task }: TestContext,
  table: Sight['table'],
  of: string,
  { name, needs }: Pick<Reader, 'name' | 'needs'>,
  outcome = 'yes',
): void {
  const sight: Sight = { table, of, program: name, version: version(needs), outcome }
  task.meta.sights = [...(task.meta.sights ?? []), sight]
}

/** What is noted of a program that has read an archive, or complained of it. */
export function outcomeOf(found: unknown, refusal: Refusal | undefined): string {
  return found instanceof Error ? `no: ${refusal!.why}` : 'yes'
}

/** Skips the test, by name, where the program that it needs is not on this machine. */
export function needsProgram({ task, skip }: TestContext, { needs }: Pick<Reader, 'needs'>): void {
  const why = unreadable(needs)
  if (why === undefined) return
  task.meta.skippedFor = why
  skip(why)
}
