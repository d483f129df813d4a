/** The demo for who does not see it, or has no mouse: where the focus is, and what is said aloud. */

import { fileURLToPath } from 'node:url'
import { expect, test } from './fixtures.ts'

test.use({ serverOptions: { root: fileURLToPath(new URL('../../dist-demo/', import.meta.url)) } })

test.beforeEach(async ({ page, server }) => {
  await page.goto(server.origin)
})

test('keeps the focus when it packs in memory', async ({ page }) => {
  await page.getByTestId('urls').fill('/data/3/3000000?slow=300  three.bin')
  await page.getByTestId('add-urls').click()
  await expect(page.getByTestId('plan')).toContainText('1 entry')
  await page.locator('#bench summary').click()
  await page.getByTestId('in-memory').press('Enter')
  await expect(page.getByTestId('pause')).toBeFocused()
  await expect(page.getByTestId('download')).toBeFocused()
})

test('keeps the focus when it is taken along, and packs it once', async ({ page }) => {
  const take = page.getByTestId('take')
  const download = page.waitForEvent('download')
  await take.press('Enter')
  await expect(take).toHaveAttribute('aria-disabled', 'true')
  await expect(take).toBeFocused()
  await take.press('Enter')
  await download
  await expect(page.getByTestId('take-state')).toContainText('It is in your downloads')
  await expect(take).toHaveAttribute('aria-disabled', 'false')
  await expect(take).toBeFocused()
})

test('says aloud that it waits for a network, and that it goes on', async ({
  page,
  context,
  server,
}) => {
  await page.getByTestId('urls').fill('/data/3/40000000?slow=60  three.bin')
  await page.getByTestId('add-urls').click()
  await expect(page.getByTestId('plan')).toContainText('1 entry')
  await page.evaluate(() => {
    const said: (string | null)[] = []
    const announcer = document.querySelector('#announcer')!
    new MutationObserver(() => said.push(announcer.textContent)).observe(announcer, {
      childList: true,
    })
    Object.assign(window, { said })
  })
  const said = (): Promise<string[]> =>
    page.evaluate(() => (window as unknown as { said: string[] }).said)
  await page.getByTestId('download').click()
  await expect(page.getByTestId('status')).toHaveText(/Packing [1-9]/)
  await context.setOffline(true)
  server.cut()
  await expect.poll(said).toContain('Waiting for a network')
  await context.setOffline(false)
  await expect.poll(said).toContain('Packing goes on')
})
