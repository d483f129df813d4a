/** What is kept of jobs while they run. */

import { expect, type Page } from './fixtures.ts'

/** Waits until a job is kept that `page` has begun: what ends before that cannot be gone on with. */
export async function whenKept(page: Page): Promise<void> {
  await expect.poll(() => keptJobs(page)).toBe(1)
}

/** How many jobs are kept, those among them that are done. */
export async function keptJobs(page: Page): Promise<number> {
  return (await recordsIn(page, 'jobs')).length
}

/** Bytes of the archive that its browser, file or store has, as far as that was noted. */
export async function notedBytes(page: Page): Promise<number> {
  return (await recordsIn(page, 'progress'))[0]?.bytes ?? 0
}

function recordsIn(page: Page, store: 'jobs' | 'progress'): Promise<{ bytes?: number }[]> {
  return page.evaluate(async (name) => {
    if ((await indexedDB.databases()).length === 0) return []
    const opening = indexedDB.open('holdall')
    await new Promise((resolve) => opening.addEventListener('success', resolve))
    const request = opening.result.transaction(name).objectStore(name).getAll()
    await new Promise((resolve) => request.addEventListener('success', resolve))
    opening.result.close()
    return (request.result as { bytes?: number }[]).map(({ bytes = 0 }) => ({ bytes }))
  }, store)
}
