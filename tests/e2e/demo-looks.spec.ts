/** The demo in each state that a visitor can bring it to: accessible, no wider than its window, pictured. */

import { fileURLToPath } from 'node:url'
import { look as axe } from './axe.ts'
import { expect, test, type Page } from './fixtures.ts'

test.use({ serverOptions: { root: fileURLToPath(new URL('../../dist-demo/', import.meta.url)) } })

const WINDOWS = [
  { width: 360, height: 780 },
  { width: 1280, height: 940 },
] as const

/** Looks at the page as it is, in the dark, too, at both widths, and leaves it light, and at the wider. */
async function look(page: Page, state: string): Promise<void> {
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const size of WINDOWS) {
      await page.setViewportSize(size)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(wide, `${state} at ${size.width} pixels`).toBeLessThanOrEqual(size.width)
      await page.evaluate(() => scrollTo(0, 0))
      const path = `reports/screenshots/${state}-${size.width}-${colorScheme}.png`
      await page.screenshot({ path, fullPage: size.width === 360 })
      if (colorScheme === 'light') await complaints(page, state, size.width)
    }
    // but for its colours the page is the same in the dark
    if (colorScheme === 'dark') await complaints(page, state, 'dark', 'colours')
  }
}

async function complaints(
  page: Page,
  state: string,
  as: number | 'dark',
  rules?: 'colours',
): Promise<void> {
  const { violations } = await axe(page, rules)
  expect(violations, `${state}, ${as}`).toEqual([])
}

test('has nothing that axe complains of, in any state', async ({ page, context, server }) => {
  test.setTimeout(120_000)
  const status = page.getByTestId('status')
  const reached = async (state: string): Promise<void> => {
    await expect(status).toHaveAttribute('data-state', state)
    await look(page, state)
  }
  const add = async (links: string): Promise<void> => {
    await page.getByTestId('urls').fill(links)
    await page.getByTestId('add-urls').click()
  }
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(server.origin)
  await page.getByText('What this browser can do').click()
  await expect(page.getByText('Secure context')).toBeVisible()
  await reached('empty')
  await page.getByText('What this browser can do').click()

  await page.getByTestId('use-sample').click()
  await expect(page.getByTestId('plan')).toContainText('ZIP of')
  await reached('ready')

  await page.getByTestId('clear').click()
  await add('/data/1/300000  ../one.bin\n/data/3/100000000?slow=200  Two/three.bin\nno link')
  await page.getByText('1 name is changed').click()
  await page.getByTestId('download').click()
  await expect(status).toHaveText(/Packing [1-9]/)
  await reached('running')
  await page.getByTestId('pause').click()
  await reached('paused')
  await page.getByTestId('pause').click()
  await expect.poll(() => server.open, 'there is something to cut off').toBe(1)
  await context.setOffline(true)
  server.cut()
  await reached('waiting')
  await context.setOffline(false)
  await page.getByTestId('cancel').click()
  await reached('cancelled')

  await page.getByTestId('clear').click()
  await add('/data/1/300000  one.bin\n/none  gone.bin')
  await page.getByTestId('download').click()
  await reached('failed')
  await page.getByTestId('leave-out').check()
  await page.getByTestId('download').click()
  await reached('done')
})
