/** The demo while it packs: pause, cancel here and in the browser; and its other ways in. */

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { content } from './content.ts'
import { digests, expect, fileOf, sha256, test, type Download, type Page } from './fixtures.ts'

test.use({ serverOptions: { root: fileURLToPath(new URL('../../dist-demo/', import.meta.url)) } })

test.beforeEach(async ({ page, server }) => {
  await page.goto(server.origin)
})

/** Presses the button, and gives the download that begins. */
async function pack(page: Page): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('download').click(),
  ])
  return download
}

async function addLinks(page: Page, ...links: readonly string[]): Promise<void> {
  await page.getByTestId('urls').fill(links.join('\n'))
  await page.getByTestId('add-urls').click()
}

/** The entries as the list shows them. */
const entries = (page: Page): Promise<string[]> =>
  page.getByTestId('entries').getByRole('listitem').allInnerTexts()

test('packs links, under the names that follow them', async ({ page }) => {
  await addLinks(page, '/data/1/300000', '/data/2/40000  Two/zwei.bin', 'no link at all')
  await expect(page.getByTestId('urls')).toHaveValue('no link at all')
  await expect(page.getByTestId('plan')).toContainText('2 entries')
  expect((await entries(page)).join('\n')).toContain('zwei.bin')
  expect(digests(await fileOf(await pack(page)))).toEqual({
    '300000': sha256(Buffer.concat([...content(1, 300_000)])),
    'Two/zwei.bin': sha256(Buffer.concat([...content(2, 40_000)])),
  })
})

test('packs a folder with what is below it', async ({ page }) => {
  const folder = test.info().outputPath('Fotos')
  await mkdir(join(folder, '写真'), { recursive: true })
  await writeFile(join(folder, 'Straße.txt'), 'grün')
  await writeFile(join(folder, '写真', '富士.txt'), 'Fuji')
  await page.getByTestId('pick-folder').setInputFiles(folder)
  await expect(page.getByTestId('plan')).toContainText('2 entries')
  const download = await pack(page)
  expect(download.suggestedFilename()).toBe('Fotos.zip')
  expect(digests(await fileOf(download))).toEqual({
    'Fotos/Straße.txt': sha256('grün'),
    'Fotos/写真/富士.txt': sha256('Fuji'),
  })
})

test('packs what is dropped on the page', async ({ page }) => {
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File(['dropped'], 'dropped.txt'))
    return transfer
  })
  await page.getByTestId('drop').dispatchEvent('drop', { dataTransfer: dropped })
  await expect(page.getByTestId('plan')).toContainText('1 entry')
  expect(digests(await fileOf(await pack(page)))).toEqual({ 'dropped.txt': sha256('dropped') })
})

test('puts in what was still being read when it began to pack, and says that the ZIP lacks it', async ({
  page,
}) => {
  await addLinks(page, '/data/3/3000000?slow=300  three.bin')
  await expect(page.getByTestId('plan')).toContainText('1 entry')
  const dropped = await page.evaluateHandle(() => {
    Object.assign(DataTransferItem.prototype, {
      getAsFileSystemHandle: () =>
        new Promise((resolve) => Object.assign(window, { readOn: () => resolve(null) })),
    })
    const transfer = new DataTransfer()
    transfer.items.add(new File(['dropped'], 'dropped.txt'))
    return transfer
  })
  await page.getByTestId('drop').dispatchEvent('drop', { dataTransfer: dropped })
  const download = await pack(page)
  await page.evaluate(() => (window as unknown as { readOn: () => void }).readOn())
  const notice = page.locator('#notice')
  await expect(notice).toHaveText(/Too late for this ZIP: 1 file will be added/)
  expect(Object.keys(digests(await fileOf(download)))).toEqual(['three.bin'])
  await expect(notice).toHaveText(/Added 1 file, too late for that ZIP/)
  await expect(page.getByTestId('status')).toHaveText('Packed')
  await expect(page.locator('.row')).toHaveCount(2)
  await expect(page.locator('.row').nth(0)).toHaveAttribute('data-state', 'done')
  await expect(page.locator('.row').nth(1)).toHaveAttribute('data-state', 'editable')
  await expect(page.getByTestId('plan')).toContainText('2 entries')
  expect(Object.keys(digests(await fileOf(await pack(page))))).toEqual(['three.bin', 'dropped.txt'])
})

test('leaves text that is dragged into a field to that, and takes files there', async ({
  page,
}) => {
  /** Whether the page takes what is dragged there and dropped, rather than the field. */
  const takes = (testId: string, kind: 'text' | 'file'): Promise<boolean[]> =>
    page.getByTestId(testId).evaluate((field, dragged) => {
      const dataTransfer = new DataTransfer()
      if (dragged === 'text') dataTransfer.setData('text/plain', 'Holiday')
      else dataTransfer.items.add(new File(['a'], 'a.txt'))
      return ['dragenter', 'dragover', 'drop'].map((type) => {
        const init = { dataTransfer, bubbles: true, cancelable: true }
        return !field.dispatchEvent(new DragEvent(type, init))
      })
    }, kind)
  for (const field of ['archive-name', 'urls']) {
    expect(await takes(field, 'text')).toEqual([false, false, false])
    expect(await takes(field, 'file')).toEqual([true, true, true])
  }
  expect(await takes('leave-out', 'text')).toEqual([true, true, true])
  await page.getByTestId('archive-name').evaluate((field: HTMLInputElement) => {
    field.readOnly = true // as while it packs: the browser would leave the page for a link
  })
  expect(await takes('archive-name', 'text')).toEqual([true, true, true])
})

test('leaves out what cannot be fetched, if told so, and shows it', async ({ page }) => {
  await addLinks(page, '/data/1/300000  one.bin', '/none  gone.bin', '/data/2/40000  two.bin')
  await page.getByTestId('leave-out').check()
  await expect(page.getByTestId('plan')).toContainText('3 entries')
  const path = await fileOf(await pack(page))
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'done')
  await expect(page.locator('#detail')).toContainText('1 file could not be had')
  const rows = await entries(page)
  expect(rows[1]).toMatch(/gone\.bin[^]*left out/)
  const [words, button] = await Promise.all(
    ['.row-mark', '.row-remove'].map((part) => page.locator(part).nth(1).boundingBox()),
  )
  expect(words!.x + words!.width).toBeLessThanOrEqual(button!.x)
  expect(Object.keys(digests(path))).toEqual(['one.bin', 'two.bin', 'holdall-report.txt'])
})

test('says that it waits for a network, and goes on', async ({ page, context, server }) => {
  await addLinks(page, '/data/3/40000000?slow=60  three.bin', '/data/4/1000000?slow=500  four.bin')
  await expect(page.getByTestId('plan')).toContainText('2 entries')
  const download = await pack(page)
  const status = page.getByTestId('status')
  await expect(status).toHaveText(/Packing [1-9]/)
  expect((await entries(page))[1]).toContain('fetch')
  await context.setOffline(true)
  server.cut() // Chromium tells that the network is gone, and leaves what is under way alone
  await expect(status).toHaveText(/Waiting for a network at \d+ %/)
  await expect(status).toHaveAttribute('data-state', 'waiting')
  await context.setOffline(false)
  expect(digests(await fileOf(download))).toEqual({
    'three.bin': sha256(Buffer.concat([...content(3, 40_000_000)])),
    'four.bin': sha256(Buffer.concat([...content(4, 1_000_000)])),
  })
})

test('leaves the page where its visitor has scrolled to when it is done', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 390, height: 400 })
  await addLinks(page, '/data/3/3000000?slow=1000  three.bin')
  await expect(page.getByTestId('plan')).toContainText('1 entry')
  await pack(page)
  await expect(page.getByTestId('pause')).toBeFocused()
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }))
  await expect(page.getByTestId('pause')).not.toBeInViewport()
  const before = await page.evaluate(() => scrollY)
  await expect(page.getByTestId('download')).toBeFocused()
  expect(await page.evaluate(() => scrollY)).toBe(before)
})

test('pauses, and goes on', async ({ page, server }) => {
  await addLinks(page, '/data/3/200000000?slow=5  three.bin')
  await expect(page.getByTestId('plan')).toContainText('1 entry')
  const download = await pack(page)
  const status = page.getByTestId('status')
  await expect(status).toHaveAttribute('data-state', 'running')
  await expect(page.getByTestId('pause')).toBeFocused()
  await page.getByTestId('pause').click()
  await expect(status).toHaveAttribute('data-state', 'paused')
  let sent = -1
  const standsStill = (): boolean => {
    const before = sent
    sent = server.sent
    return sent === before
  }
  await expect.poll(standsStill, { intervals: [500] }).toBe(true)
  expect(sent).toBeLessThan(200_000_000)
  await page.getByTestId('pause').click()
  expect(digests(await fileOf(download))).toEqual({
    'three.bin': sha256(Buffer.concat([...content(3, 200_000_000)])),
  })
  await expect(status).toHaveAttribute('data-state', 'done')
  await expect(page.getByTestId('download')).toBeFocused()
  await expect(page.getByTestId('progress')).toHaveAttribute('aria-valuenow', '100')
})

for (const [where, cancel] of [
  ['here', (page: Page) => page.getByTestId('cancel').click()],
  ['in the browser', (_: Page, download: Download) => download.cancel()],
] as const) {
  test(`a download that is cancelled ${where} can be had again @alone`, async ({
    page,
    server,
  }) => {
    await addLinks(page, '/data/4/50000000?slow=20  four.bin')
    await expect(page.getByTestId('plan')).toContainText('1 entry')
    const download = await pack(page)
    await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
    await cancel(page, download)
    await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'cancelled')
    expect(await download.failure()).not.toBeNull()
    await expect.poll(() => server.open, { timeout: 2000 }).toBe(0)
    expect(await page.getByTestId('cancel').isVisible()).toBe(false)
    expect(digests(await fileOf(await pack(page)))).toEqual({
      'four.bin': sha256(Buffer.concat([...content(4, 50_000_000)])),
    })
  })
}
