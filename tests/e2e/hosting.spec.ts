/** Pages and servers as they are in the wild: policies, isolation, other service workers, mistakes. */

import { readdirSync } from 'node:fs'
import { built } from './build-app.ts'
import { wholeContent } from './content.ts'
import { digests, expect, fileOf, sha256, test, type Page } from './fixtures.ts'

/** Not in TypeScript's own types yet. */
interface TrustedTypesHost {
  readonly trustedTypes: {
    createPolicy(
      name: string,
      rules: { createScriptURL: (url: string) => string },
    ): { createScriptURL(url: string): { toJSON(): string } }
  }
}

async function downloadsOne(page: Page): Promise<void> {
  const [download, outcome] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(() => window.download([{ url: '/data/4/700000', name: 'a.bin' }])),
  ])
  expect(digests(await fileOf(download))).toEqual({ 'a.bin': sha256(wholeContent(4, 700_000)) })
  expect(outcome).toMatchObject({ report: { entries: 1 } })
}

for (const [page, headers] of Object.entries({
  'with a strict Content-Security-Policy': { 'Content-Security-Policy': "default-src 'self'" },
  'that is cross-origin isolated': {
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
  },
})) {
  test.describe(`a page ${page}`, () => {
    test.use({ serverOptions: { headers } })

    test('downloads', async ({ app }) => {
      await downloadsOne(app)
      expect(await app.evaluate(() => crossOriginIsolated)).toBe(page.endsWith('isolated'))
    })
  })
}

test.describe('a page that forbids frames', () => {
  const policy = "default-src 'self'; frame-src 'none'; object-src 'none'"
  test.use({ serverOptions: { headers: { 'Content-Security-Policy': policy } } })

  test('downloads by a navigation, and stays as it is', async ({ app }) => {
    await app.evaluate(() => {
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => {
        document.body.dataset['violated'] = effectiveDirective
      })
    })
    await downloadsOne(app)
    // the same document as before, and its frame was refused
    expect(await app.evaluate(() => document.body.dataset['violated'])).toBe('frame-src')
  })
})

test.describe('a page that enforces Trusted Types', () => {
  const policy = "default-src 'self'; require-trusted-types-for 'script'; trusted-types holdall"
  test.use({ serverOptions: { headers: { 'Content-Security-Policy': policy } } })

  test('downloads with URLs that its own policy has made', async ({ app }) => {
    const assets = readdirSync(`${built}assets`)
    const worker = `/assets/${assets.find((name) => name.startsWith('holdall-worker'))}`
    await app.evaluate((script) => {
      const { trustedTypes } = globalThis as unknown as TrustedTypesHost
      const own = trustedTypes.createPolicy('holdall', { createScriptURL: (url) => url })
      window.configure({
        serviceWorker: { url: own.createScriptURL('/holdall-sw.js') },
        worker: () => new Worker(own.createScriptURL(script) as never, { type: 'module' }),
      })
    }, worker)
    await downloadsOne(app)
  })
})

/** Has the app's own service worker, which is at `url`, take a download. */
async function downloadsByOwn(page: Page, url: string): Promise<void> {
  await page.evaluate(async (script) => {
    window.configure({ serviceWorker: { url: script, scope: '/' } })
    await navigator.serviceWorker.register(script, { scope: '/' })
    await navigator.serviceWorker.ready
  }, url)
  await downloadsOne(page)
}

test('an app’s own service worker answers downloads, and its own routes', async ({ app }) => {
  await downloadsByOwn(app, '/own-service-worker.js')
  const own = await app.evaluate(() => fetch('/from-own-worker').then((answer) => answer.text()))
  expect(own).toBe('from the app’s own service worker')
})

test('a page that a service worker of the site controls is guarded, as that may be what answers', async ({
  app,
}) => {
  /** Whether the page is needed while a download runs. */
  const needsPage = (): Promise<boolean> =>
    app.evaluate(async () => {
      const job = window.zip([{ url: '/data/1/50000000?slow=100', size: 50_000_000 }])
      job.download().catch(() => undefined)
      await new Promise((resolve) => job.addEventListener('progress', resolve, { once: true }))
      const needed = job.needsPage
      job.cancel()
      return needed
    })
  expect(await needsPage()).toBe(false)
  await downloadsByOwn(app, '/own-service-worker.js')
  await app.waitForFunction(() => navigator.serviceWorker.controller !== null)
  expect(await needsPage()).toBe(true)
})

test.describe('a service worker that nobody bundles', () => {
  const script = `importScripts('/holdall-sw.js')
    addEventListener('fetch', (event) => {
      if (event.request.url.endsWith('/from-own-worker')) event.respondWith(new Response('own'))
    })`
  test.use({
    serverOptions: {
      routes: {
        '/own.js': (response) =>
          void response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(script),
      },
    },
  })

  test('imports the ready-made one, and has routes of its own', async ({ app }) => {
    await downloadsByOwn(app, '/own.js')
    await app.reload()
    const own = await app.evaluate(() => fetch('/from-own-worker').then((answer) => answer.text()))
    expect(own).toBe('own')
  })
})

test.describe('without the service worker’s file', () => {
  test.use({
    serverOptions: {
      routes: { '/holdall-sw.js': (response) => void response.writeHead(404).end() },
    },
  })

  test('says where to put it', async ({ app, server }) => {
    const outcome = await app.evaluate(() =>
      window.download([{ url: '/data/1/1000' }], { sinks: ['service-worker'] }),
    )
    expect(outcome).toMatchObject({ code: 'service-worker-not-found', detail: { status: 404 } })
    expect((outcome as { message: string }).message).toContain('dist/holdall-sw.js')
    expect(server.sent).toBe(0)
  })
})

test.describe('with an index.html in the place of the service worker', () => {
  test.use({
    serverOptions: {
      routes: {
        '/holdall-sw.js': (response) =>
          void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>'),
      },
    },
  })

  test('says so', async ({ app }) => {
    const outcome = await app.evaluate(() =>
      window.download([{ name: 'a', data: 'a' }], { sinks: ['service-worker'] }),
    )
    expect(outcome).toMatchObject({
      code: 'service-worker-wrong-type',
      detail: { type: 'text/html' },
    })
  })
})

test('a scope that the script may not control is refused in words', async ({ app }) => {
  const outcome = await app.evaluate(() => {
    window.configure({ serviceWorker: { url: '/assets/../holdall-sw.js', scope: '/' } })
    window.configure({ serviceWorker: { url: '/sub/holdall-sw.js', scope: '/' } })
    return window.download([{ name: 'a', data: 'a' }], { sinks: ['service-worker'] })
  })
  expect(outcome).toMatchObject({ code: 'service-worker-not-found' })
})
