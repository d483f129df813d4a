/** The page of the demo that shows the element in four skins. */

import { fileURLToPath } from 'node:url'
import { look } from './axe.ts'
import { digests, expect, fileOf, test, type Page } from './fixtures.ts'
import { element } from './widget.ts'

test.use({ serverOptions: { root: fileURLToPath(new URL('../../dist-demo/', import.meta.url)) } })

const skins = [
  ['As it comes', '3 files, 1.18 MB', 'Views.zip', 3],
  ['For the press', '28 files, 6.2 MB', 'Sample album.zip', 28],
  ['Under a gallery', '3 files, 999 kB', 'Gallery.zip', 3],
] as const

for (const [title, contents, name, files] of skins) {
  test(`packs what it says: ${title}`, async ({ page, server }) => {
    await page.goto(`${server.origin}/widget.html`)
    const skin = page.getByRole('region', { name: title })
    const button = skin.locator('[part~=button]')
    await skin.scrollIntoViewIfNeeded()
    await expect(button).toContainText(contents)
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    await expect(skin.locator('[part~=panel]')).toContainText('Downloaded')
    expect(download.suggestedFilename()).toBe(name)
    expect(Object.keys(digests(await fileOf(download)))).toHaveLength(files)
  })
}

test('shows a download that takes its time', async ({ page, server }) => {
  await page.goto(`${server.origin}/widget.html`)
  const { button, panel, part } = element(page, '#slow')
  await button.click()
  await expect(panel).toContainText(/\d+\ssec left/)
  await part('cancel').click()
  await expect(button).toContainText('Cancelled')
})

test('speaks the language that its visitor chooses', async ({ page, server }) => {
  await page.goto(`${server.origin}/widget.html`)
  await page.getByLabel('Language').selectOption('de')
  await expect(element(page, '#slow').button).toContainText('Alle herunterladen')
})

/** Whether nothing is to be complained of on the page, in the dark, too. */
async function expectNothing(page: Page): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await look(page, colorScheme === 'dark' ? 'colours' : 'all')
    expect(violations, colorScheme).toEqual([])
  }
}

test('has nothing that axe or the console complain of', async ({ page, server }) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(`${server.origin}/widget.html`)
  await page.getByText('Choose files').click()
  for (const markup of await page.locator('.markup summary').all()) await markup.click()
  await expect(page.getByRole('button', { name: '6.2 MB' })).toBeVisible()
  await expectNothing(page)
  const skin = page.getByRole('region', { name: 'As it comes' })
  await skin.locator('[part~=button]').click()
  await expect(skin.locator('[part~=panel]')).toContainText('Downloaded')
  const slow = element(page, '#slow')
  await slow.button.click()
  await expect(slow.panel).toContainText(/left/)
  await expectNothing(page)
  expect(complaints).toEqual([])
})

test('is found from the first page, and leads back', async ({ page, server }) => {
  await page.goto(`${server.origin}/`)
  await page.getByRole('link', { name: 'For your own page' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('four skins')
  await page.getByRole('link', { name: 'holdall' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Everything')
})
