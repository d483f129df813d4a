/** How far a job is, as its user is told. */

import { RateMeter, type EntryState, type Progress } from '../progress.ts'
import type { ArchiveEncoder } from '../zip/encode.ts'
import { OmittedLength, type Omission } from '../zip/omissions.ts'
import type { ArchivePlan } from '../zip/plan.ts'
import type { JobHost } from './job.ts'

/** Collects what happens in a job between one look at it and the next. */
export class JobProgress {
  readonly #plan: ArchivePlan
  readonly #meter = new RateMeter()
  readonly #changed = new Map<number, EntryState>()
  #received = 0
  readonly #omitted: OmittedLength

  constructor(plan: ArchivePlan) {
    this.#plan = plan
    this.#omitted = new OmittedLength(plan)
  }

  readonly report: NonNullable<JobHost['report']> = (index, state, attempt) => {
    this.#changed.set(index, { index, state, ...(attempt !== undefined && { attempt }) })
  }

  readonly received = (bytes: number): void => {
    this.#received += bytes
  }

  /** Where `encoder` is, and what has changed since the last call. */
  take({ offset: bytes, entry: entries, position, omissions }: ArchiveEncoder): Progress {
    const total = this.#total(omissions)
    const rate = this.#meter.rate(bytes, performance.now())
    const current = this.#plan.entries[entries]
    const changed = [...this.#changed.values()]
    this.#changed.clear()
    return {
      bytes,
      ...(total !== undefined && { total }),
      entries,
      totalEntries: this.#plan.entries.length,
      rate,
      ...(total !== undefined &&
        rate > 0 && { remaining: Math.max(0, ((total - bytes) * 1000) / rate) }),
      ...(current !== undefined && {
        current: {
          index: entries,
          name: current.name,
          bytes: position,
          ...(current.size !== undefined && { size: current.size }),
        },
      }),
      received: this.#received,
      changed,
    }
  }

  /** What the archive will be in all, if no more of its files are missing. */
  #total(omissions: readonly Omission[]): number | undefined {
    const { expectedLength } = this.#plan
    return expectedLength === undefined ? undefined : expectedLength + this.#omitted.of(omissions)
  }
}
