/** An app of Vite and Workbox, exported in one browser and imported in another without a network, is used there. */

import type { Browser, Page } from '@playwright/test'
import { bundleApp } from './bundle-app.ts'
import { expect, fileOf, test } from './fixtures.ts'

test.use({ serverOptions: { root: bundleApp } })

/** The app in a profile of its own, its service worker installed. */
async function install(browser: Browser, origin: string): Promise<Page> {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(origin)
  await page.waitForSelector('html[data-ready]')
  // Workbox lists what it has put into its cache when it is installed: the app is controlled then
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  return page
}

/** What is in all caches: name, URL, status, headers, and a digest of the body. */
function cached(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const seen: string[] = []
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const response = (await cache.match(request))!
        const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer())
        const { status, statusText, headers } = response
        const facts = [name, request.url, status, statusText, ...headers, ...new Uint8Array(digest)]
        seen.push(facts.join(' '))
      }
    }
    return seen.toSorted()
  })
}

test('an app goes from one browser to another, and is used there', async ({ browser, server }) => {
  const there = await install(browser, server.origin)
  for (const id of [1, 2]) {
    await there.evaluate(
      (url) => fetch(url).then((note) => note.text()),
      `/notes/note.html?id=${id}`,
    )
  }
  const [download] = await Promise.all([
    there.waitForEvent('download'),
    there.evaluate(() => window.exportBundle({ name: 'notebook.zip' }).download()),
  ])
  const file = await fileOf(download)
  const exported = await cached(there)
  expect(exported.length).toBeGreaterThan(8)

  const here = await install(browser, server.origin)
  await here.evaluate(() => {
    const picker = Object.assign(document.createElement('input'), { type: 'file', id: 'bundle' })
    document.body.append(picker)
  })
  await here.setInputFiles('#bundle', file)
  await here.context().setOffline(true)
  await server.close()
  // what its service worker has fetched here goes, once the part that imports is loaded from it
  const before = await here.evaluate(async () => {
    const code = await window
      .importBundle(new Blob())
      .catch((error: { code: string }) => error.code)
    for (const name of await caches.keys()) await caches.delete(name)
    return code
  })
  expect(before).toBe('invalid-bundle')
  expect(await cached(here)).toEqual([])
  const report = await here.evaluate(() =>
    window.importBundle(document.querySelector<HTMLInputElement>('#bundle')!.files![0]!),
  )
  expect(report).toMatchObject({ origin: server.origin, warnings: [], responses: exported.length })
  expect(await cached(here)).toEqual(exported)

  await here.goto(`${server.origin}/`)
  await expect(here.locator('h1')).toHaveCSS('color', 'rgb(0, 128, 128)')
  await here.getByRole('button', { name: 'Counted 0' }).click()
  await expect(here.getByRole('button', { name: 'Counted 1' })).toBeVisible()
  await here.locator('#note').click()
  await expect(here.locator('h1')).toHaveText('A note')
  await Promise.all([there.context().close(), here.context().close()])
})
