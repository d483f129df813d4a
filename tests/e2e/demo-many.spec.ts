/** Ten thousand files in the demo: nothing of the page moves, and it holds no more rows than are seen. */

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { look as axe } from './axe.ts'
import { expect, fileOf, test } from './fixtures.ts'

/** Not in TypeScript's own types: https://wicg.github.io/layout-instability/. */
interface LayoutShift extends PerformanceEntry {
  readonly value: number
  readonly hadRecentInput: boolean
  readonly sources: readonly { readonly node: Node | null }[]
}

declare global {
  interface Window {
    seen: { shifts: object[]; rows: number; longest: number }
  }
}

test.use({ serverOptions: { root: fileURLToPath(new URL('../../dist-demo/', import.meta.url)) } })

for (const width of [360, 1280]) {
  test(`packs ten thousand files at ${width} pixels, and the page stays where it is`, async ({
    page,
    server,
  }) => {
    await page.setViewportSize({ width, height: 900 })
    await page.addInitScript(() => {
      window.seen = { shifts: [], rows: 0, longest: 0 }
      new PerformanceObserver((list) => {
        for (const { value, hadRecentInput, sources } of list.getEntries() as LayoutShift[]) {
          if (hadRecentInput) continue // somebody has clicked, and wanted it
          const moved = sources.map(({ node }) => (node as Element | null)?.outerHTML.slice(0, 60))
          window.seen.shifts.push({ value, moved })
        }
      }).observe({ type: 'layout-shift', buffered: true })
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries())
          window.seen.longest = Math.max(window.seen.longest, duration)
      }).observe({ type: 'longtask' }) // those over 50 ms
      const count = (): void => {
        window.seen.rows = Math.max(window.seen.rows, document.querySelectorAll('.row').length)
      }
      new MutationObserver(count).observe(document, { childList: true, subtree: true })
    })
    await page.goto(server.origin)
    await page.getByText('What this browser can do').click()
    await page.getByTestId('use-many').click()
    await expect(page.getByTestId('plan')).toContainText(/10,000 entries ZIP of/)
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTestId('download').click(),
    ])
    await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'done')
    const listed = execFileSync('unzip', ['-Z1', await fileOf(download)], { encoding: 'utf8' })
    expect(listed.trim().split('\n')).toHaveLength(10_000)
    const { shifts, rows, longest } = await page.evaluate(() => window.seen)
    // said, not demanded: it depends on what else the machine does
    test.info().annotations.push({ type: 'longest task over 50 ms', description: `${longest} ms` })
    expect(shifts).toEqual([])
    expect((await axe(page)).violations).toEqual([])
    expect(rows).toBeGreaterThan(5)
    expect(rows).toBeLessThan(100)
  })
}
