/** What is stored of jobs, in memory: in place of IndexedDB, which Node has not. */

import type { StoredPart, StoredProgress, UnfinishedJob } from '../../src/engine/store.ts'
import type { StoredJob } from '../../src/engine/stored-job.ts'

interface Kept {
  readonly job: StoredJob
  bytes: number
  readonly parts: Map<number, StoredPart>
}

const jobs = new Map<string, Kept>()

/** To be mocked as `src/engine/store.ts`. */
export const store = {
  storeJob: async (job: StoredJob): Promise<void> => {
    jobs.set(job.id, { job: structuredClone(job), bytes: 0, parts: new Map() })
  },
  storedJob: async (id: string): Promise<StoredJob | undefined> => jobs.get(id)?.job,
  dropJob: async (id: string): Promise<void> => void jobs.delete(id),
  storeParts: async (
    { id, bytes }: StoredProgress,
    parts: readonly StoredPart[],
  ): Promise<boolean> => {
    const kept = jobs.get(id)
    if (kept === undefined) return false
    kept.bytes = bytes
    for (const part of structuredClone(parts)) kept.parts.set(part.number, part)
    return true
  },
  storedParts: async (id: string): Promise<StoredPart[]> => [
    ...(jobs.get(id)?.parts.values() ?? []),
  ],
  unfinishedJobs: async (): Promise<UnfinishedJob[]> => [...jobs.values()],
}

/** How many jobs are stored. */
export const storedJobs = (): number => jobs.size

/** Loses what is known of one part. */
export function losePart(number: number): void {
  for (const { parts } of jobs.values()) parts.delete(number)
}

export const forgetAll = (): void => jobs.clear()
