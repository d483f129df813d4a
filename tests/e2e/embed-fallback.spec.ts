/** Pages whose frame cannot make the archive: the page does it itself, where it may, and says why. */

import type { ServerResponse } from 'node:http'
import { wholeContent } from './content.ts'
import { test } from './embedding.ts'
import { digests, expect, fileOf, openApp, sha256 } from './fixtures.ts'
import { launch } from './profile.ts'

test.describe('a page whose policy forbids the frame', () => {
  const policies = (hosting: string) => ({
    'Content-Security-Policy': `script-src ${hosting} 'unsafe-inline'; worker-src blob: ${hosting}; frame-src 'none'`,
  })
  test.use({ sitesOptions: { policies } })

  test('saves by itself, and says so when it does', async ({ shop }) => {
    const [download, told] = await Promise.all([
      shop.waitForEvent('download'),
      shop.evaluate(async () => {
        const warnings: object[] = []
        const states: string[] = []
        const sinks = ['service-worker', 'memory'] as const
        const job = window.zip([{ url: '/data/1/1000', name: 'a' }], { sinks })
        job.addEventListener('warning', ({ warning }) => warnings.push(warning))
        job.addEventListener('statechange', ({ state }) => states.push(state))
        const { sink, fallbacks } = await job.download()
        return { sink, fallbacks, warnings, states }
      }),
    ])
    expect(digests(await fileOf(download))).toEqual({ a: sha256(wholeContent(1, 1000)) })
    expect(told).toMatchObject({
      sink: 'memory',
      fallbacks: [{ sink: 'service-worker', code: 'embed-failed' }],
      states: ['planning', 'running', 'done'],
    })
    expect(told.warnings).toEqual(told.fallbacks)
  })

  test('falls back to nothing, if it is told so', async ({ shop }) => {
    const outcome = shop.evaluate(() => window.download(['/a'], { sinks: ['service-worker'] }))
    expect(await outcome).toMatchObject({ code: 'embed-failed' })
  })
})

test('only the sinks that are allowed are tried', async ({ shop, sites }) => {
  const [, outcome] = await Promise.all([
    shop.waitForEvent('download'),
    shop.evaluate(() => window.download([{ name: 'a', data: 'a' }], { sinks: ['memory'] })),
  ])
  expect(outcome).toMatchObject({ report: { sink: 'memory', fallbacks: [] } })
  expect(sites.hosting.requests).not.toContain('GET /embed.html')
})

for (const [site, host] of Object.entries({
  'another site': 'localhost',
  'the same site': '127.0.0.1',
})) {
  test.describe('where third-party cookies are blocked', () => {
    test.use({ sitesOptions: { shop: { host } } })

    test(`a page of ${site}`, async ({ launchOptions, sites }) => {
      const browser = await launch(launchOptions)
      const page = await browser.newPage() // a private window, which blocks them
      await openApp(page, sites.shop)
      const [, outcome] = await Promise.all([
        page.waitForEvent('download'),
        page.evaluate(() => {
          const sinks = ['service-worker', 'memory'] as const
          return window.download([{ name: 'a', data: 'a' }], { sinks })
        }),
      ])
      await browser.close()
      const report = 'report' in outcome ? outcome.report : undefined
      if (site === 'the same site') {
        expect(report).toMatchObject({ sink: 'service-worker', fallbacks: [] })
      } else {
        const refused = { sink: 'service-worker', code: 'service-worker-failed' }
        expect(report).toMatchObject({ sink: 'memory', fallbacks: [refused] })
        expect(report?.fallbacks[0]?.message).toContain('third-party cookies')
      }
    })
  })
}

test('a page that is not secure says so, and saves by itself', async ({
  playwright,
  launchOptions,
  sites,
}) => {
  const { hostname, port } = new URL(sites.shop.origin)
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    args: [...(launchOptions.args ?? []), `--host-resolver-rules=MAP insecure.test ${hostname}`],
  })
  try {
    const page = await browser.newPage()
    await openApp(page, { ...sites.shop, origin: `http://insecure.test:${port}` })
    const [download, outcome] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate(() => window.download([{ url: '/data/1/1000', name: 'a' }])),
    ])
    expect(digests(await fileOf(download))).toEqual({ a: sha256(wholeContent(1, 1000)) })
    const report = 'report' in outcome ? outcome.report : undefined
    expect(report).toMatchObject({
      sink: 'memory',
      fallbacks: [{ code: 'insecure-context' }, {}, {}],
    })
    expect(report?.fallbacks[0]?.message).toContain('insecure.test')
    expect(sites.hosting.requests).not.toContain('GET /embed.html')
  } finally {
    await browser.close()
  }
})

test.describe('a hosting site without its service worker', () => {
  const missing = {
    '/holdall-sw.js': (response: ServerResponse) => void response.writeHead(404).end(),
  }
  test.use({ sitesOptions: { hosting: { routes: missing } } })

  test('leaves it to the page, and says what is missing there', async ({ shop, sites }) => {
    const [download, outcome] = await Promise.all([
      shop.waitForEvent('download'),
      shop.evaluate(() => {
        const sinks = ['service-worker', 'memory'] as const
        // a stream can be read but once: nobody has yet
        const data = new Blob(['a']).stream()
        return window.download([{ name: 'a', data }], { sinks })
      }),
    ])
    expect(digests(await fileOf(download))).toEqual({ a: sha256('a') })
    const report = 'report' in outcome ? outcome.report : undefined
    const refused = { sink: 'service-worker', code: 'service-worker-not-found' }
    expect(report).toMatchObject({ sink: 'memory', fallbacks: [refused] })
    expect(report?.fallbacks[0]?.message).toContain(sites.hosting.origin)
  })
})

test.describe('a hosting site without the part that makes archives in the page', () => {
  const gone = (response: ServerResponse): void => void response.writeHead(404).end()
  test.use({
    sitesOptions: {
      hosting: { routes: { '/holdall-sw.js': gone, '/holdall-embed-page.js': gone } },
    },
  })

  test('fails, and says so', async ({ shop }) => {
    const outcome = shop.evaluate(() => window.download([{ name: 'a', data: 'a' }]))
    expect(await outcome).toMatchObject({ code: 'load-failed' })
  })
})
