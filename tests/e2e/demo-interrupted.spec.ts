/** The demo after a crash: what was interrupted is there, to be had again or to be forgotten. */

import { fileURLToPath } from 'node:url'
import { look as axe } from './axe.ts'
import { digests, expect, test, type Page } from './fixtures.ts'
import { killRenderers } from './processes.ts'
import { launchWithProfile } from './profile.ts'
import { whenKept } from './storage.ts'

/** Whether the server has a file still that it has slowly begun to send. */
let isThere = true

test.use({
  serverOptions: {
    root: fileURLToPath(new URL('../../dist-demo/', import.meta.url)),
    routes: {
      '/file.bin': (response, request) => {
        response.writeHead(isThere ? 200 : 404, { 'Content-Length': isThere ? 60_000_000 : 0 })
        if (!isThere || request.method === 'HEAD') return void response.end()
        const timer = setInterval(() => response.write(new Uint8Array(300_000)), 20)
        response.on('close', () => clearInterval(timer))
      },
    },
  },
})

/** Begins a download of `links`, which a crash of the page and of its service worker ends. */
async function interrupt(page: Page, links: string, profile: string): Promise<void> {
  await page.getByTestId('urls').fill(links)
  await page.getByTestId('add-urls').click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('download').click(),
  ])
  await expect(page.getByTestId('status')).toHaveText(/Packing [1-9]/)
  await whenKept(page)
  await killRenderers(profile)
  expect(await download.failure()).not.toBeNull()
}

test('shows what goes on without its page', async ({ page, context, server }) => {
  await page.goto(server.origin)
  await expect(page.getByTestId('interrupted')).toBeHidden()
  const other = await context.newPage()
  await other.goto(server.origin)
  await other.getByTestId('urls').fill('/data/3/60000000?slow=50  three.bin')
  await other.getByTestId('add-urls').click()
  const [download] = await Promise.all([
    other.waitForEvent('download'),
    other.getByTestId('download').click(),
  ])
  await expect(other.getByTestId('status')).toHaveText(/Packing [2-9]/)
  await other.close()
  const shown = page.getByTestId('interrupted')
  await expect(shown).toContainText(/holdall\.zip.*Goes on without its page: .* of 60\.0 MB/)
  expect(Object.keys(digests(await download.path()))).toEqual(['three.bin'])
  await expect(shown).toBeHidden()
})

test('shows what was interrupted, and downloads it again', async ({ server }) => {
  const profile = test.info().outputPath('profile')
  const { launchOptions } = test.info().project.use
  const context = await launchWithProfile(profile, launchOptions)
  for (const way of ['Download', 'Forget']) {
    const page = await context.newPage()
    await page.goto(server.origin)
    await expect(page.getByTestId('interrupted')).toBeHidden()
    await interrupt(page, '/data/3/60000000?slow=20  three.bin', profile)

    const again = await context.newPage()
    await again.goto(server.origin)
    const interrupted = again.getByTestId('interrupted')
    await expect(interrupted).toContainText('holdall.zip')
    await expect(interrupted).toContainText('1 entry')
    await again.screenshot({ path: 'reports/screenshots/interrupted.png', fullPage: true })
    expect((await axe(again)).violations).toEqual([])
    if (way === 'Download') {
      const [whole] = await Promise.all([
        again.waitForEvent('download'),
        again.getByRole('button', { name: 'Download holdall.zip again' }).click(),
      ])
      expect(Object.keys(digests(await whole.path()))).toEqual(['three.bin'])
    } else {
      await again.getByRole('button', { name: 'Forget holdall.zip' }).click()
    }
    await expect(interrupted).toBeHidden()
    await again.reload()
    await expect(again.getByTestId('download')).toBeVisible()
    await expect(interrupted).toBeHidden()
    await again.close()
  }
  await context.close()
})

test('keeps the focus where the row beside one that goes is busy', async ({ page, server }) => {
  await page.goto(server.origin)
  await page.getByTestId('urls').fill('/data/3/60000000?slow=50  three.bin')
  await page.getByTestId('add-urls').click()
  await Promise.all([page.waitForEvent('download'), page.getByTestId('download').click()])
  await whenKept(page)
  // two, as crashes leave them, of which the others make real ones
  await page.evaluate(async () => {
    const got = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve) => {
        request.onsuccess = () => resolve(request.result)
      })
    const database = await got(indexedDB.open('holdall'))
    const jobs = database.transaction('jobs', 'readwrite').objectStore('jobs')
    const [job] = await got<object[]>(jobs.getAll())
    for (const id of ['1', '2']) await got(jobs.put({ ...job, id, name: `${id}.zip` }))
    database.close()
  })
  await page.getByTestId('cancel').click()
  await page.reload()
  const busy = page.getByRole('button', { name: 'Download 2.zip again' })
  await busy.click()
  await expect(busy).toBeDisabled()
  await page.getByRole('button', { name: 'Forget 1.zip' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Forget 1.zip' })).toHaveCount(0)
  await expect(page.getByTestId('status')).toBeFocused()
})

test('lets its visitor try again what has failed once more, by keyboard too', async ({
  server,
}) => {
  isThere = true
  const profile = test.info().outputPath('profile')
  const { launchOptions } = test.info().project.use
  const context = await launchWithProfile(profile, launchOptions)
  const page = await context.newPage()
  await page.goto(server.origin)
  await interrupt(page, '/file.bin', profile)

  const again = await context.newPage()
  await again.goto(server.origin)
  const retry = again.getByRole('button', { name: 'Download holdall.zip again' })
  isThere = false
  for (let time = 0; time < 2; time++) {
    await retry.press('Enter')
    await expect(retry).toBeDisabled()
    await expect(again.getByTestId('interrupted')).toContainText(/file\.bin.*404/)
    await expect(retry).toBeFocused()
  }
  await again.getByRole('button', { name: 'Forget holdall.zip' }).press('Enter')
  await expect(again.getByTestId('interrupted')).toBeHidden()
  await expect(again.getByTestId('status')).toBeFocused()
  await context.close()
})
