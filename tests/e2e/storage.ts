/** What is kept of jobs while they run. */

import { expect, type Page } from './fixtures.ts'

/** Waits until a job is kept that `page` has begun: what ends before that cannot be gone on with. */
export async function whenKept(page: Page): Promise<void> {
  const jobs = (): Promise<number> =>
    page.evaluate(async () => {
      const database = await new Promise<IDBDatabase | undefined>((resolve) => {
        const opening = indexedDB.open('holdall')
        opening.onupgradeneeded = () => opening.transaction!.abort() // there is none yet
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => resolve(undefined)
      })
      if (database === undefined) return 0
      const counting = database.transaction('jobs').objectStore('jobs').count()
      await new Promise((resolve) => (counting.onsuccess = resolve))
      database.close()
      return counting.result
    })
  await expect.poll(jobs).toBe(1)
}
