/** A page of another site, in each engine: through a frame of the site that hosts holdall, or on its own. */

import { wholeContent } from '../e2e/content.ts'
import { startSites, type Sites, type SitesOptions } from '../e2e/sites.ts'
import { digests, expect, note, openApp, outcomeOf, sha256, test as base } from './fixtures.ts'
import type { Download, Page } from './engine.ts'

const test = base.extend<{
  sitesOptions: SitesOptions
  sites: Sites
  shop: Page
  /** Waits for a download of either site, and gives it when it has come to an end. */
  saved: () => Promise<Download>
}>({
  sitesOptions: [{}, { option: true }],
  sites: async ({ sitesOptions }, use) => {
    const sites = await startSites(sitesOptions)
    await use(sites)
    await sites.close()
  },
  shop: async ({ browserOfEngine, sites }, use) => {
    const page = await openApp(browserOfEngine, sites.shop)
    await use(page)
    await page.close()
  },
  saved: async ({ browserOfEngine, sites }, use) => {
    const origins = [sites.hosting.origin, sites.shop.origin]
    const find = async (): Promise<Download | undefined> =>
      (await browserOfEngine.downloads()).find(
        ({ url, state }) =>
          origins.some((origin) => url.replace(/^blob:/, '').startsWith(origin)) &&
          state !== 'running',
      )
    await use(async () => {
      await expect.poll(find).toBeDefined()
      return (await find())!
    })
  },
})

/** Starts a download of files of all kinds. */
async function start(page: Page): Promise<void> {
  await page.evaluate(() => {
    const files = [
      { url: '/data/1/7000000', name: 'own.bin' },
      { name: 'file.txt', data: new File(['grün'], 'x') },
      { name: 'stream.txt', data: new Blob(['写真']).stream() },
      { name: 'function.txt', data: () => 'gelb' },
    ]
    // no dialog, which nobody would answer
    const sinks = ['service-worker', 'origin-private', 'memory'] as const
    window.outcome = window.download(files, { sinks, name: 'laden.zip' })
  })
}

const DIGESTS = {
  'own.bin': sha256(wholeContent(1, 7_000_000)),
  'file.txt': sha256('grün'),
  'stream.txt': sha256('写真'),
  'function.txt': sha256('gelb'),
}

test('a page of another site: its files, by the hosting site’s service worker', async ({
  shop,
  sites,
  saved,
}) => {
  await start(shop)
  const { url, state, name, path } = await saved()
  expect(await outcomeOf(shop)).toMatchObject({
    report: { sink: 'service-worker', fallbacks: [], entries: 4 },
  })
  expect({ state, name }).toEqual({ state: 'complete', name: 'laden.zip' })
  expect(url.startsWith(sites.hosting.origin)).toBe(true)
  expect(digests(path)).toEqual(DIGESTS)
})

test(
  'a source that stalls for a minute: the frame keeps the service worker alive',
  {
    tag: '@firefox',
  },
  async ({ shop, saved }) => {
    test.setTimeout(150_000)
    await shop.evaluate(() => {
      const file = { url: '/data/1/2000000?slow=65000', name: 'a.bin', size: 2_000_000 }
      window.outcome = window.download([file], { retry: { silence: 130_000 } })
    })
    expect(await outcomeOf(shop)).toMatchObject({ report: { sink: 'service-worker' } })
    const { state, path } = await saved()
    expect(state).toBe('complete')
    expect(digests(path)).toEqual({ 'a.bin': sha256(wholeContent(1, 2_000_000)) })
  },
)

test('a page that is itself in a sandbox, which allows downloads', async ({ shop, saved }) => {
  await shop.evaluate(async () => {
    const frame = document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-downloads')
    frame.src = '/'
    document.body.append(frame)
    const ready = (): boolean => Boolean(frame.contentDocument?.querySelector('html[data-ready]'))
    while (!ready()) await new Promise((resolve) => setTimeout(resolve, 20))
    const inner = frame.contentWindow as Window & typeof globalThis
    window.outcome = inner.download([{ name: 'a', data: 'a' }], { sinks: ['service-worker'] })
  })
  expect(await outcomeOf(shop)).toMatchObject({ report: { sink: 'service-worker' } })
  const { state, path } = await saved()
  expect(state).toBe('complete')
  expect(digests(path)).toEqual({ a: sha256('a') })
})

test('a private window of another site: as above, or by the page itself', async ({
  browserOfEngine,
  engine,
  sites,
  saved,
}) => {
  const page = await openApp(browserOfEngine, sites.shop, { private: true })
  await start(page)
  const { state, path } = await saved()
  expect(state).toBe('complete')
  expect(digests(path)).toEqual(DIGESTS)
  // Chromium blocks third-party cookies there, and service workers with them
  const refused = { sink: 'service-worker', code: 'service-worker-failed' }
  expect(await outcomeOf(page)).toMatchObject({
    report:
      engine === 'chromium'
        ? { sink: 'origin-private', fallbacks: [refused] }
        : { sink: 'service-worker', fallbacks: [] },
  })
  if (engine === 'chromium') note('by the page itself')
  await page.close()
})

test.describe('the element', () => {
  const html = (hosting: string): string => `<!doctype html>
    <html data-ready>
      <holdall-download name="element.zip">
        <a href="/data/1/7000000" download="own.bin">own</a>
        <a href="${hosting}/data/2/1000" download="other.bin">other</a>
      </holdall-download>
      <script type="module" src="${hosting}/embed.js"></script>
    </html>`
  test.use({ sitesOptions: { html } })

  test('the element on a page of another site', async ({ shop, saved }) => {
    await shop.evaluate(async () => {
      await customElements.whenDefined('holdall-download')
      const element = document.querySelector('holdall-download')!
      window.outcome = new Promise((resolve) => {
        element.addEventListener('holdall-done', ({ detail }) => resolve(detail.report))
        element.addEventListener('holdall-error', ({ detail }) => resolve(String(detail.error)))
      })
      element.start()
    })
    expect(await outcomeOf(shop)).toMatchObject({ sink: 'service-worker', fallbacks: [] })
    const { state, name, path } = await saved()
    expect({ state, name }).toEqual({ state: 'complete', name: 'element.zip' })
    expect(digests(path)).toEqual({
      'own.bin': sha256(wholeContent(1, 7_000_000)),
      'other.bin': sha256(wholeContent(2, 1000)),
    })
  })
})

test.describe('of one site', () => {
  test.use({ sitesOptions: { shop: { host: '127.0.0.1' } } })

  test('cookies of the hosting origin stay there', async ({ shop, sites }) => {
    // cookies know no ports: this one is of both origins
    await shop.evaluate(() => void (document.cookie = 'session=secret'))
    await shop.evaluate((hosting) => {
      window.outcome = window.download([`${hosting}/private/file.txt`, '/private/file.txt'])
    }, sites.hosting.origin)
    expect(await outcomeOf(shop)).toMatchObject({ report: { entries: 2 } })
    const sent = (origin: string) =>
      new Set(sites.cookies.filter((one) => one.origin === origin).map(({ cookie }) => cookie))
    expect(sent(sites.hosting.origin)).toEqual(new Set([undefined]))
    expect(sent(sites.shop.origin)).toEqual(new Set(['session=secret']))
  })
})

test.describe('not allowed', () => {
  test.use({ sitesOptions: { allowed: () => 'https://shop.example' } })

  test('a page that is not listed: by the page itself, which says so', async ({ shop, saved }) => {
    await start(shop)
    const { state, path } = await saved()
    expect(state).toBe('complete')
    expect(digests(path)).toEqual(DIGESTS)
    const { report } = (await outcomeOf(shop)) as { report: { fallbacks: object[] } }
    expect(report.fallbacks[0]).toMatchObject({ sink: 'service-worker', code: 'embed-failed' })
  })
})
