/** Each reason for which a service worker is not to be had: what is taken instead, and what is said. */

import { downloadsRight, WITHOUT_WORKER, withoutPicker } from './fallback.ts'
import { expect, openApp } from './fixtures.ts'
import { test } from './windows.ts'

/** Says where each archive is, and is then not to be had. */
const REGISTERS = `onmessage = ({ data: { type, id, control } }) => {
  const url = new URL(id + '.zip', registration.scope).href
  if (type === 'holdall:register') control.postMessage({ type: 'registered', url })
}`

/** A report of an archive in private storage, for want of a service worker. */
function privately(code: string): Record<string, unknown> {
  const fallbacks = [{ sink: 'service-worker', code }, { sink: 'save-picker' }]
  return { report: { sink: 'origin-private', fallbacks } }
}

/** A report of an archive in memory, for want of anything else. */
function inMemory(code: string): Record<string, unknown> {
  const others = [{ sink: 'save-picker' }, { sink: 'origin-private' }]
  return { report: { sink: 'memory', fallbacks: [{ sink: 'service-worker', code }, ...others] } }
}

test.beforeEach(({ page }) => withoutPicker(page))

test('a page that is not secure packs in memory, and says what would help', async ({
  insecureApp,
}) => {
  const outcome = await downloadsRight(insecureApp)
  expect(outcome).toMatchObject(inMemory('insecure-context'))
  expect(JSON.stringify(outcome)).toContain('HTTPS')
  const has = await insecureApp.evaluate(() => [
    ...[isSecureContext, 'serviceWorker' in navigator, 'locks' in navigator],
    ...['storage' in navigator, 'showSaveFilePicker' in window, 'randomUUID' in crypto],
  ])
  expect(has).toEqual([false, false, false, false, false, false])
})

test('a profile that keeps nothing of a site packs in memory', async ({ appWithoutStorage }) => {
  await appWithoutStorage.evaluate(() => {
    delete (window as { showSaveFilePicker?: unknown }).showSaveFilePicker
  })
  const outcome = await downloadsRight(appWithoutStorage)
  expect(outcome).toMatchObject(inMemory('service-worker-failed'))
})

test('a browser without service workers uses private storage', async ({ page, server }) => {
  await page.addInitScript(() => {
    delete (Navigator.prototype as { serviceWorker?: unknown }).serviceWorker
  })
  await openApp(page, server)
  expect(await downloadsRight(page)).toMatchObject(privately('service-worker-unsupported'))
})

test.describe('a browser in which they are switched off', () => {
  test.use({ serviceWorkers: 'block' })

  test('uses private storage', async ({ app }) => {
    expect(await downloadsRight(app)).toMatchObject(privately('service-worker-failed'))
  })
})

for (const [what, code, script] of [
  ['with an index.html in its place', 'service-worker-wrong-type', '<!doctype html>'],
  ['that does not know of downloads', 'service-worker-failed', 'onfetch = () => undefined'],
  ['that registers downloads, and does not answer them', 'handoff-failed', REGISTERS],
  ['that throws', 'service-worker-failed', 'throw new Error("broken")'],
] as const) {
  const type = script.startsWith('<') ? 'text/html' : 'text/javascript'

  test.describe(`a service worker ${what}`, () => {
    test.use({
      serverOptions: {
        routes: {
          '/holdall-sw.js': (response) =>
            void response.writeHead(200, { 'Content-Type': type }).end(script),
        },
      },
    })

    test('is not waited for in vain', async ({ app }) => {
      expect(await downloadsRight(app)).toMatchObject(privately(code))
      await expect(app).toHaveTitle('An app that uses holdall')
    })
  })
}

test('a service worker that may not have its scope is not needed', async ({ app }) => {
  await app.evaluate(() => {
    window.configure({ serviceWorker: { url: '/assets/holdall-sw.js', scope: '/' } })
  })
  await app.route('**/assets/holdall-sw.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: '' }),
  )
  expect(await downloadsRight(app)).toMatchObject(privately('service-worker-scope'))
})

test.describe('a strict Content-Security-Policy', () => {
  const policy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'"
  test.use({
    serverOptions: { ...WITHOUT_WORKER, headers: { 'Content-Security-Policy': policy } },
  })

  for (const sink of ['origin-private', 'memory']) {
    test(`stands in the way of no link: ${sink}`, async ({ app }) => {
      expect(await downloadsRight(app, { sinks: [sink] })).toMatchObject({ report: { sink } })
    })
  }
})

test.describe('a disk that is nearly full', () => {
  test.use({ serverOptions: WITHOUT_WORKER })

  test('is not filled up', async ({ app, page }) => {
    const session = await page.context().newCDPSession(page)
    const origin = new URL(app.url()).origin
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 })
    const outcome = await downloadsRight(app)
    expect(outcome).toMatchObject(inMemory('service-worker-not-found'))
    expect(JSON.stringify(outcome)).toContain('exceed its storage quota')
  })
})
