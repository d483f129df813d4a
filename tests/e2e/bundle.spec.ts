/** An app that Workbox keeps, exported without a network, and read from a disk. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { BundleDescription } from '../../src/bundle/description.ts'
import { bundleApp, listPrecached, type Precached } from './bundle-app.ts'
import { digests, expect, fileOf, sha256, test, unzipTest, type Page } from './fixtures.ts'

test.use({ serverOptions: { root: bundleApp } })

let precached: Precached[] = []
let folder = ''
test.beforeAll(async () => {
  precached = await listPrecached()
  folder = mkdtempSync(join(tmpdir(), 'holdall-bundle-'))
})
test.afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Opens a page of the unpacked bundle, and gives what went wrong in it, as it goes wrong. */
async function openFromDisk(page: Page, path: string): Promise<string[]> {
  const faults: string[] = []
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()))
  page.on('request', (request) => {
    if (!/^(?:file|data):/.test(request.url())) faults.push(request.url())
  })
  await page.goto(pathToFileURL(join(folder, path)).href)
  return faults
}

test('an app that is exported offline opens from a disk', async ({ page, server, context }) => {
  await page.goto(server.origin)
  await page.waitForSelector('html[data-ready]')
  // Notes are kept when they are read.
  for (const id of [1, 2]) {
    await page.evaluate(
      (url) => fetch(url).then((note) => note.text()),
      `/notes/note.html?id=${id}`,
    )
  }
  await context.setOffline(true)
  await server.close()

  const [download, job] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(async () => {
      const exported = window.exportBundle({ name: 'notebook.zip', routes: ['/', '/modern.html'] })
      const { length, resumable } = await exported.plan()
      const { bytes, warnings } = await exported.download()
      return { length, bytes, warnings, resumable }
    }),
  ])
  const path = await fileOf(download)
  expect(download.suggestedFilename()).toBe('notebook.zip')
  expect(job).toEqual({
    length: readFileSync(path).length,
    bytes: readFileSync(path).length,
    warnings: [],
    resumable: true,
  })

  unzipTest(path)
  execFileSync('unzip', ['-q', path, '-d', folder])
  const description = JSON.parse(
    readFileSync(join(folder, 'holdall-bundle.json'), 'utf8'),
  ) as BundleDescription
  expect(description).toMatchObject({ version: 1, start: 'index.html', origin: server.origin })
  const seen = digests(path)
  for (const { url, path: original, sha256: digest, size } of description.responses) {
    expect([url, seen[original]]).toEqual([url, digest])
    expect(readFileSync(join(folder, original)).length).toBe(size)
  }
  const urls = description.responses.map(({ url }) => url.replace(server.origin, ''))
  const keys = precached.map(({ url, revision }) =>
    revision === null ? url : `${url}?__WB_REVISION__=${revision}`,
  )
  expect(urls.toSorted()).toEqual(
    [...keys, '/notes/note.html?id=1', '/notes/note.html?id=2'].toSorted(),
  )
  const index = description.responses.find(({ url }) => url.includes('/index.html?'))!
  expect(index).toMatchObject({ page: 'index.html', type: 'text/html' })
  expect(index.sha256).toBe(sha256(readFileSync(join(bundleApp, 'index.html'))))

  const disk = await context.newPage()
  const faults = await openFromDisk(disk, 'index.html')
  await disk.getByRole('button', { name: 'Counted 0' }).click()
  await expect(disk.getByRole('button', { name: 'Counted 1' })).toBeVisible()
  await expect(disk.locator('h1')).toHaveCSS('color', 'rgb(0, 128, 128)')
  expect(await disk.locator('#logo').evaluate((logo: HTMLImageElement) => logo.naturalWidth)).toBe(
    40,
  )
  await expect(disk.locator('#elsewhere')).toHaveAttribute('href', `${server.origin}/elsewhere`)
  await disk.locator('#guide').click()
  await expect(disk).toHaveURL(/guide\.html#start$/)
  await expect(disk.locator('h1')).toHaveCSS('color', 'rgb(0, 128, 128)')
  await disk.locator('#back').click()
  await disk.locator('#note').click()
  await expect(disk.locator('h1')).toHaveText('A note')
  await disk.locator('#back').click()
  // Its scripts are modules alone: it was rendered.
  await disk.locator('#modern').click()
  await expect(disk.locator('h1')).toHaveText('Modern notebook')
  await expect(disk.locator('#app button')).toHaveText('Counted 0')
  expect(faults).toEqual([])
})
