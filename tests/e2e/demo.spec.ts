/** The demo as people meet it: the sample album, a file of one's own, a change of mind. */

import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { preview, type PreviewServer } from 'vite'
import { digests, expect, fileOf, sha256, test, unzipTest } from './fixtures.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const album = JSON.parse(readFileSync(`${root}public/samples/manifest.json`, 'utf8')) as {
  files: { url: string; name: string; size: number }[]
}

let server: PreviewServer
let url = ''

test.beforeAll(async () => {
  server = await preview({ root, logLevel: 'warn', preview: { port: 0, host: '127.0.0.1' } })
  url = server.resolvedUrls?.local[0] ?? ''
})
test.afterAll(() => server.close())

test('packs the sample album', async ({ page }) => {
  await page.goto(url)
  await page.getByTestId('use-sample').click()
  await expect(page.getByTestId('plan')).toContainText(`${album.files.length} entries`)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('download').click(),
  ])
  const path = await fileOf(download)
  unzipTest(path)
  const expected = album.files.map(({ name, url: file }) => [
    name.normalize('NFC'),
    sha256(readFileSync(`${root}public/samples/${file}`)),
  ])
  expect(digests(path)).toEqual(Object.fromEntries(expected))
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'done')
  const { size } = statSync(path)
  await expect(page.locator('main')).toContainText(`${size.toLocaleString('en')} bytes`)
})

test('packs files that the visitor picks, under the name that they give', async ({ page }) => {
  await page.goto(url)
  await page.getByTestId('pick-files').setInputFiles([
    { name: 'eins.txt', mimeType: 'text/plain', buffer: Buffer.from('1') },
    { name: 'zwei.txt', mimeType: 'text/plain', buffer: Buffer.from('22') },
  ])
  await page.getByTestId('archive-name').fill('Zahlen.zip')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByTestId('download').click(),
  ])
  expect(download.suggestedFilename()).toBe('Zahlen.zip')
  expect(digests(await fileOf(download))).toEqual({
    'eins.txt': sha256('1'),
    'zwei.txt': sha256('22'),
  })
})

test('says in words what cannot be had, and lets the visitor try again', async ({ page }) => {
  await page.goto(url)
  await page.getByTestId('urls').fill(`${url}samples/none.pdf`)
  await page.getByTestId('add-urls').click()
  await expect(page.getByTestId('download')).toBeEnabled()
  await page.getByTestId('download').click()
  await expect(page.getByTestId('error')).toContainText('none.pdf')
  await expect(page.getByTestId('status')).toHaveAttribute('data-state', 'failed')
})
