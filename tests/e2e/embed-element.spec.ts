/** `<holdall-download>` on a page of another site: the same element, by one script tag. */

import { readFileSync } from 'node:fs'
import { wholeContent } from './content.ts'
import { test } from './embedding.ts'
import { digests, expect, fileOf, sha256 } from './fixtures.ts'

const pageWith =
  (attributes: string) =>
  (hosting: string): string =>
    `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><title>A shop</title></head>
  <body>
    <holdall-download name="laden.zip" ${attributes}>
      <a href="data/1/1000" download="a.bin">a</a>
      <a href="${hosting}/data/2/7000000" download="b.bin">b</a>
    </holdall-download>
    <script type="module" src="${hosting}/embed.js"></script>
  </body>
</html>`

test.describe('with links', () => {
  test.use({ sitesOptions: { html: pageWith('') } })

  test('packs links of the page and of others', async ({ page, sites }) => {
    await page.goto(sites.shop.origin)
    const button = page.locator('holdall-download').getByRole('button').first()
    await expect(button).toHaveText(/2 files, 7\.0\sMB/) // the frame has asked
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    expect(download.url()).toContain(sites.hosting.origin)
    expect(download.suggestedFilename()).toBe('laden.zip')
    expect(digests(await fileOf(download))).toEqual({
      'a.bin': sha256(wholeContent(1, 1000)),
      'b.bin': sha256(wholeContent(2, 7_000_000)),
    })
    await expect(page.locator('holdall-download')).toContainText('Downloaded')
  })
})

test.describe('with a manifest', () => {
  test.use({ sitesOptions: { html: pageWith('manifest="/samples/manifest.json"') } })

  test('packs what is listed there', async ({ page, sites }) => {
    await page.goto(sites.shop.origin)
    const button = page.locator('holdall-download').getByRole('button').first()
    await expect(button).toHaveText(/\d\d files/)
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    expect(Object.keys(digests(await fileOf(download)))).toContain('Read me first.txt')
    expect(sites.hosting.requests.filter((request) => request.includes('samples'))).toEqual([])
  })
})

test.describe('where the frame is forbidden', () => {
  const policies = (hosting: string) => ({
    'Content-Security-Policy': `script-src ${hosting} 'unsafe-inline'; worker-src blob: ${hosting}; frame-src 'none'`,
  })
  test.use({ sitesOptions: { html: pageWith('for="a[download=\'a.bin\']"'), policies } })

  test('says that its page saves the archive, though that was known before the click', async ({
    page,
    sites,
  }) => {
    await page.goto(sites.shop.origin)
    const host = page.locator('holdall-download')
    const fallbacks = await host.evaluateHandle((found: HTMLElement) => {
      const fallbacks: unknown[] = []
      found.addEventListener('holdall-fallback', ({ detail }) => fallbacks.push(detail.fallback))
      Object.assign(found, { options: { sinks: ['service-worker', 'memory'] } })
      return fallbacks
    })
    const button = host.getByRole('button').first()
    await expect(button).toHaveText(/1 file, 1/) // the page itself has asked
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    expect(Object.keys(digests(await fileOf(download)))).toEqual(['a.bin'])
    await expect(host.getByRole('status')).toContainText('Downloaded')
    expect(await fallbacks.jsonValue()).toMatchObject([{ code: 'embed-failed' }])
  })
})

/** The page that `npm start` serves beside the demo. */
const SHOP_PAGE = readFileSync(new URL('../../src/demo/shop/index.html', import.meta.url), 'utf8')

test.describe('in the demo’s shop', () => {
  test.use({ sitesOptions: { html: (hosting) => SHOP_PAGE.replaceAll('HOSTING', hosting) } })

  test('says how much there is of whatever type, and packs it', async ({ page, sites }) => {
    await page.goto(sites.shop.origin)
    const button = page.locator('holdall-download').getByRole('button').first()
    await expect(button).toHaveText(/6 files, 1\.88\sMB/)
    const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
    expect(download.suggestedFilename()).toBe('Blatt und Bogen, order 1047.zip')
    const found = digests(await fileOf(download))
    const planet = readFileSync(new URL('../../public/samples/planet.png', import.meta.url))
    expect(found['Planet.png']).toBe(sha256(planet))
    expect(Object.keys(found)).toHaveLength(6)
  })
})
