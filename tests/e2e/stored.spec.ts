/** Where jobs are kept: what is dropped there and what is not, and that it is there again when it was taken away. */

import { expect, test, type Page } from './fixtures.ts'
import { whenKept } from './storage.ts'

const SLOW = { url: '/data/2/30000000?slow=20', name: 'two.bin', size: 30_000_000 }
const STORES = ['checkpoints', 'jobs', 'parts', 'progress']

/** The names of its parts, and of the jobs in it. */
function kept(page: Page): Promise<{ stores: string[]; jobs: string[] }> {
  return page.evaluate(async () => {
    const open = indexedDB.open('holdall')
    await new Promise((resolve) => open.addEventListener('success', resolve))
    const stores = [...open.result.objectStoreNames]
    const request = open.result.transaction('jobs').objectStore('jobs').getAllKeys()
    await new Promise((resolve) => request.addEventListener('success', resolve))
    open.result.close()
    return { stores, jobs: request.result as string[] }
  })
}

async function start(page: Page): Promise<void> {
  await page.evaluate((file) => void window.download([file]), SLOW)
}

/** Puts jobs there, by their ids, which were begun at these times. */
async function put(page: Page, jobs: Record<string, number>): Promise<void> {
  await page.evaluate(async (all) => {
    const open = indexedDB.open('holdall')
    await new Promise((resolve) => open.addEventListener('success', resolve))
    const change = open.result.transaction('jobs', 'readwrite')
    for (const [id, created] of Object.entries(all)) {
      const job = { version: 1, id, name: 'old.zip', files: [], options: {}, now: 0, created }
      change.objectStore('jobs').put({ ...job, fingerprint: '' })
    }
    await new Promise((resolve) => change.addEventListener('complete', resolve))
    open.result.close()
  }, jobs)
}

/** The ids of the jobs that a page finds there. */
const found = (page: Page): Promise<string[]> =>
  page.evaluate(async () => (await window.unfinished()).map(({ id }) => id))

test('a job that somebody makes is kept, however old it is', async ({ app }) => {
  await found(app) // whoever looks first makes the database
  // the oldest first: when the other one is gone, it has been looked at
  await put(app, { running: 1, left: 2 })
  await app.evaluate(
    () =>
      new Promise<void>((held) => {
        void navigator.locks.request('holdall:running', () => {
          held()
          return new Promise(() => undefined)
        })
      }),
  )
  await start(app)
  await expect.poll(async () => (await kept(app)).jobs).not.toContain('left')
  expect((await kept(app)).jobs).toContain('running')
})

test('what an earlier version has kept gives way', async ({ app }) => {
  await app.evaluate(async () => {
    const open = indexedDB.open('holdall', 3)
    open.addEventListener('upgradeneeded', () => {
      open.result.createObjectStore('jobs', { autoIncrement: true }).put('a job of then')
      open.result.createObjectStore('marks')
    })
    await new Promise((resolve) => open.addEventListener('success', resolve))
    open.result.close()
  })
  await start(app)
  await expect
    .poll(() => kept(app))
    .toEqual({ stores: STORES, jobs: [expect.stringMatching(/^[\w-]+$/)] })
})

test('whoever deletes it is not held up, and it is made again', async ({ app }) => {
  await found(app)
  const outcome = await app.evaluate(
    () =>
      new Promise((resolve) => {
        const request = indexedDB.deleteDatabase('holdall')
        for (const type of ['success', 'error', 'blocked']) {
          request.addEventListener(type, () => resolve(type))
        }
      }),
  )
  expect(outcome).toBe('success')
  expect(await found(app)).toEqual([])
  await put(app, { other: Date.now() })
  expect(await found(app)).toEqual(['other'])
})

test('a page opens it again when the browser has closed it', async ({ app, server, context }) => {
  await found(app)
  const devTools = await context.newCDPSession(app)
  const { origin } = server
  await devTools.send('Storage.clearDataForOrigin', { origin, storageTypes: 'indexeddb' })
  await start(app) // its worker makes it again
  await whenKept(app)
  await put(app, { other: Date.now() })
  expect(await found(app)).toEqual(['other'])
})
