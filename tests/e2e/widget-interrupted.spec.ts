/** The element after a crash: it offers what was interrupted of its files, in one click. */

import { digests, expect, fileOf, sha256, type Page } from './fixtures.ts'
import { wholeContent } from './content.ts'
import { element, heard, test, type Fixtures } from './widget.ts'

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

/** Opens a page with `markup`, begins to download what `#these` packs, and leaves that as a crash would. */
async function interrupt(
  page: Page,
  open: Fixtures['open'],
  markup: string,
): Promise<{ readonly id: string }> {
  await page.addInitScript(LOOK)
  await open(markup)
  const { button, part } = element(page, '#these')
  await expect(button).toBeEnabled()
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
  // the service worker drops it in its own time, which is not to come after it was put back
  await expect.poll(() => page.evaluate(count)).toBe(0)
  await page.evaluate(async (stored) => {
    const { jobs, progress } = await window.stores('readwrite')
    await window.got(jobs.put(stored))
    await window.got(progress.put({ id: stored.id, bytes: 3_000_000, at: 0, done: false }))
  }, job)
  return job
}

test('offers what was interrupted of its files, and nothing of others', async ({ page, open }) => {
  await interrupt(
    page,
    open,
    `<holdall-download id="these" name="photos.zip">${FILES}</holdall-download>`,
  )
  await open(
    `<holdall-download id="these" name="photos.zip">${FILES}</holdall-download>
     <holdall-download id="others"><a href="/data/3/1000" download>three</a></holdall-download>`,
  )
  const { part } = element(page, '#these')
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
  expect(await heard(page)).toEqual(['holdall-start', 'holdall-done'])
})

test('keeps the focus when that is gone on with by keyboard', async ({ page, open }) => {
  const markup = `<holdall-download id="these" name="photos.zip">${FILES}</holdall-download>`
  await interrupt(page, open, markup)
  await open(markup)
  const { panel, part } = element(page, '#these')
  await part('interrupted').press('Enter')
  await expect(panel).toBeFocused()
  await expect(part('interrupted')).toHaveCount(0)
  await part('cancel').click()
})

test('offers what was interrupted of its manifest, and drops nothing of another of that name', async ({
  page,
  open,
}) => {
  for (const album of [1, 2]) {
    const files = [{ url: `/data/${album}/8000000?slow=100`, name: `${album}.bin` }]
    await page.route(`**/${album}/album.json`, (route) => route.fulfill({ json: { files } }))
  }
  const of = (album: number, id: string): string =>
    `<holdall-download id="${id}" name="photos.zip" manifest="/${album}/album.json"></holdall-download>`
  await interrupt(page, open, of(1, 'these'))
  await open(of(1, 'these') + of(2, 'others'))
  const { part } = element(page, '#these')
  await expect(part('interrupted')).toHaveText('Resume photos.zip (37%)')
  const others = element(page, '#others')
  await expect(others.part('interrupted')).toHaveCount(0)
  await others.button.click()
  await expect(others.part('pause')).toBeVisible()
  await expect.poll(() => page.evaluate(count)).toBe(2)
  await others.part('cancel').click()
  await expect(others.button).toBeVisible()
  const [download] = await Promise.all([page.waitForEvent('download'), part('interrupted').click()])
  expect(Object.keys(digests(await fileOf(download)))).toEqual(['1.bin'])
})

test('goes on with it once more when that has failed', async ({ page, open }) => {
  const markup = `<holdall-download id="these" name="photos.zip">${FILES}</holdall-download>`
  const { id } = await interrupt(page, open, markup)
  await open(markup)
  const { panel, part } = element(page, '#these')
  let gone = true
  await page.route('**/data/2/**', (route) =>
    gone ? route.fulfill({ status: 404 }) : route.continue(),
  )
  const [failing] = await Promise.all([page.waitForEvent('download'), part('interrupted').click()])
  await expect(panel).toContainText('Download failed')
  expect(await failing.failure()).not.toBeNull()
  // until its page has let it go, it goes on
  const held = (): Promise<number> =>
    page.evaluate(async (known) => {
      const { held = [] } = await navigator.locks.query()
      return held.filter(({ name }) => name?.includes(known)).length
    }, id)
  await expect.poll(held).toBe(0)
  gone = false
  const [download] = await Promise.all([page.waitForEvent('download'), part('retry').click()])
  expect(download.url(), 'it is the same archive').toBe(failing.url())
  expect(Object.keys(digests(await fileOf(download)))).toEqual(['one.bin', 'two.bin'])
  await expect(panel).toContainText('Downloaded')
})

test('does not go on with it while it is disabled, or if its page does not want it', async ({
  page,
  open,
}) => {
  const markup = `<fieldset><holdall-download id="these" name="photos.zip">${FILES}</holdall-download></fieldset>`
  await interrupt(page, open, markup)
  await open(markup)
  const { part, state } = element(page, '#these')
  await expect(part('interrupted')).toBeEnabled()
  await page.evaluate(() => (document.querySelector('fieldset')!.disabled = true))
  await expect(part('interrupted')).toBeDisabled()
  await page.evaluate(() => {
    document.querySelector('fieldset')!.disabled = false
    addEventListener('holdall-start', (event) => event.preventDefault())
  })
  await part('interrupted').click()
  expect(await heard(page)).toEqual(['holdall-start'])
  expect(await state()).toBe('idle')
  await expect(part('interrupted')).toBeVisible()
})
