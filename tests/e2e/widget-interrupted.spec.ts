/** The element after a crash: it offers what was interrupted of its files, in one click. */

import { digests, expect, fileOf, sha256 } from './fixtures.ts'
import { wholeContent } from './content.ts'
import { element, test } from './widget.ts'

const FILES =
  '<a href="/data/1/1000" download="one.bin">one</a> <a href="/data/2/8000000?slow=100" download="two.bin">two</a>'

declare global {
  interface Window {
    stores(mode: IDBTransactionMode): Promise<Record<'jobs' | 'progress', IDBObjectStore>>
    got<T>(request: IDBRequest<T>): Promise<T>
  }
}

/** Lets the page look into what the browser keeps of its jobs. */
const LOOK = `
  window.got = (request) => new Promise((resolve) => {
    request.onsuccess = () => resolve(request.result)
  })
  window.stores = async (mode) => {
    const change = (await got(indexedDB.open('holdall'))).transaction(['jobs', 'progress'], mode)
    return { jobs: change.objectStore('jobs'), progress: change.objectStore('progress') }
  }`

async function count(): Promise<number> {
  if ((await indexedDB.databases()).length === 0) return 0
  const { jobs } = await window.stores('readonly')
  return window.got(jobs.count())
}

test('offers what was interrupted of its files, and nothing of others', async ({ page, open }) => {
  await page.addInitScript(LOOK)
  await open(`<holdall-download id="these" name="photos.zip">${FILES}</holdall-download>`)
  const { button, part } = element(page, '#these')
  await expect(part('interrupted')).toHaveCount(0)
  await button.click()
  await expect(part('pause')).toBeVisible()
  await expect.poll(() => page.evaluate(count)).toBe(1)
  // as a crash leaves it, of which the others tests make real ones
  const job = await page.evaluate(async () => {
    const { jobs } = await window.stores('readonly')
    return JSON.parse(JSON.stringify(await window.got(jobs.getAll())))[0] as { id: string }
  })
  await part('cancel').click()
  await expect(button).toBeVisible()
  await page.evaluate(async (stored) => {
    const { jobs, progress } = await window.stores('readwrite')
    await window.got(jobs.put(stored))
    await window.got(progress.put({ id: stored.id, bytes: 3_000_000, at: 0, done: false }))
  }, job)

  await open(
    `<holdall-download id="these" name="photos.zip">${FILES}</holdall-download>
     <holdall-download id="others"><a href="/data/3/1000" download>three</a></holdall-download>`,
  )
  await expect(part('interrupted')).toHaveText('Resume photos.zip (37%)')
  await expect(element(page, '#others').part('interrupted')).toHaveCount(0)
  const [download] = await Promise.all([page.waitForEvent('download'), part('interrupted').click()])
  await expect(part('panel')).toBeVisible()
  await expect(part('interrupted')).toHaveCount(0)
  expect(digests(await fileOf(download))).toEqual({
    'one.bin': sha256(wholeContent(1, 1000)),
    'two.bin': sha256(wholeContent(2, 8_000_000)),
  })
  await expect(part('panel')).toContainText('Downloaded')
})
