/** The element that is `selectable`: some of the files, chosen in a list. */

import type { HoldallDownloadElement } from 'holdall/widget'
import { digests, expect, fileOf, type Locator, type Page } from './fixtures.ts'
import { element, links, test, type Parts } from './widget.ts'

const FILES = links(['a.bin', 1, 1000], ['b.bin', 2, 20_000], ['c.bin', 3, 300_000])

/** The list, opened. */
async function openList(page: Page): Promise<Parts & { box: (name: string) => Locator }> {
  const parts = element(page)
  await page.getByText('Choose files').click()
  const box = (name: string): Locator => page.getByRole('checkbox', { name })
  return { ...parts, box }
}

async function namesPacked(page: Page): Promise<string[]> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    element(page).button.click(),
  ])
  return Object.keys(digests(await fileOf(download)))
}

test('packs what is chosen, and says how much that is', async ({ page, open }) => {
  await open(`<holdall-download selectable>${FILES}</holdall-download>`)
  const { button, box } = await openList(page)
  await expect(button).toContainText('3 files, 321 kB')
  await box('b.bin').uncheck()
  await expect(button).toHaveAccessibleName('Download selected 2 of 3 files, 301 kB')
  await expect(box('All files')).toBeChecked({ indeterminate: true })
  expect(await namesPacked(page)).toEqual(['a.bin', 'c.bin'])
})

test('packs nothing if nothing is chosen, and all again', async ({ page, open }) => {
  await open(`<holdall-download selectable>${FILES}</holdall-download>`)
  const { button, box } = await openList(page)
  await box('All files').uncheck()
  await expect(box('a.bin')).not.toBeChecked()
  await expect(button).toBeDisabled()
  await expect(button).toContainText('0 of 3 files')
  await box('All files').check()
  await expect(box('c.bin')).toBeChecked()
  await expect(button).toHaveAccessibleName('Download all 3 files, 321 kB')
})

test('keeps the choice when files come, and chooses those', async ({ page, open }) => {
  await open(`<holdall-download selectable>${FILES}</holdall-download>`)
  const { button, box } = await openList(page)
  await box('a.bin').uncheck()
  await box('c.bin').focus()
  await page.evaluate(
    (more) => {
      document.querySelector('holdall-download')!.insertAdjacentHTML('beforeend', more)
    },
    links(['d.bin', 4, 4000]),
  )
  await expect(box('d.bin')).toBeChecked()
  await expect(box('a.bin')).not.toBeChecked()
  await expect(box('c.bin')).toBeFocused()
  await expect(button).toContainText('3 of 4 files')
})

test('keeps the focus and its place when it is given other files', async ({ page, open }) => {
  await open('<holdall-download selectable></holdall-download>')
  const { host, part } = element(page)
  const give = (count: number): Promise<void> =>
    host.evaluate((found: HoldallDownloadElement, files) => {
      found.files = Array.from({ length: files }, (_, index) => ({
        url: `/data/${index + 1}/1000`,
        name: `${index}.bin`,
        size: 1000,
      }))
    }, count)
  await give(60)
  const { box } = await openList(page)
  await expect(box('50.bin')).toBeAttached()
  await box('50.bin').focus()
  const place = (): Promise<number> => part('selection').locator('ul').evaluate((list) => list.scrollTop)
  const before = await place()
  expect(before, 'the list is higher than it may be').toBeGreaterThan(0)
  await give(61)
  await expect(box('60.bin')).toBeChecked()
  await expect(box('50.bin')).toBeFocused()
  expect(Math.abs((await place()) - before)).toBeLessThan(20)
})

test('lists the files of a manifest, with their sizes, and packs those chosen under its name', async ({
  page,
  open,
}) => {
  const files = [
    { url: 'data/1/1000', name: 'a.bin', size: 1000 },
    { url: 'data/2/2000', name: 'b.bin', size: 2000 },
  ]
  await page.route('**/list.json', (route) => route.fulfill({ json: { name: 'list.zip', files } }))
  await open('<holdall-download selectable manifest="list.json"></holdall-download>')
  const { button, box, part } = await openList(page)
  await expect(part('file-size')).toHaveText(['1.0 kB', '2.0 kB'])
  await box('a.bin').uncheck()
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  expect(download.suggestedFilename()).toBe('list.zip')
  expect(Object.keys(digests(await fileOf(download)))).toEqual(['b.bin'])
})

test('can be chosen of only between downloads', async ({ page, open }) => {
  await open(`<holdall-download selectable>
    <a href="/data/1/3000000?slow=300" download="a.bin">a</a></holdall-download>`)
  const { button, part, box } = await openList(page)
  await button.click()
  await expect(box('a.bin')).toBeDisabled()
  await part('cancel').click()
  await expect(box('a.bin')).toBeEnabled()
})

test('has its list while `selectable` is there, and forgets no choice', async ({ page, open }) => {
  await open(`<holdall-download>${FILES}</holdall-download>`)
  const { host, button, part } = element(page)
  const set = (value: boolean): Promise<void> =>
    host.evaluate((found: HoldallDownloadElement, to) => void (found.selectable = to), value)
  await expect(part('selection')).toHaveCount(0)
  await set(true)
  await (await openList(page)).box('b.bin').uncheck()
  await expect(button).toContainText('2 of 3 files')
  await set(false)
  await expect(part('selection')).toBeHidden()
  await expect(button).toContainText('3 files')
  await set(true)
  await expect(button).toContainText('2 of 3 files')
})
