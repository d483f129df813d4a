/** Bundles in each engine: what is imported is what was exported, and what is damaged leaves nothing. */

import { describeApp, zipOf } from '../bundle/made-bundle.ts'
import { sha256 } from '../e2e/fixtures.ts'
import { wholeContent } from '../e2e/content.ts'
import type { Page } from './engine.ts'
import { expect, test } from './fixtures.ts'

let zip: Uint8Array = new Uint8Array()
test.use({
  serverOptions: {
    routes: { '/app.zip': (response) => void response.writeHead(200).end(zip) },
  },
})

/** What becomes of the import of the server's bundle, and what is in the caches then. */
function imported(app: Page): Promise<{ outcome: string; seen: unknown[] }> {
  return app.evaluate(async () => {
    const outcome = await window.importBundle('/app.zip').then(
      ({ responses }) => `${responses} restored`,
      ({ code, message }: { code?: string; message: string }) => code ?? message,
    )
    const seen: unknown[] = []
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const response = (await cache.match(request))!
        const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer())
        const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'))
        const { pathname } = new URL(request.url)
        seen.push([name, pathname, response.status, [...response.headers], hex.join('')])
      }
    }
    return { outcome, seen }
  })
}

test('a bundle is restored as it was, or not at all', async ({ app, server: { origin } }) => {
  const film = new Uint8Array(wholeContent(1, 8_000_000))
  const headers: [string, string][] = [
    ['content-encoding', 'gzip'],
    ['content-type', 'text/plain'],
    ['vary', 'Accept-Language'],
  ]
  const whole = await zipOf(
    describeApp(
      [
        {
          url: `${origin}/list`,
          cache: 'api',
          headers,
          vary: { 'accept-language': 'de' },
          body: '1',
        },
        { url: `${origin}/none`, cache: 'api', status: 204, statusText: 'No Content' },
        { url: `${origin}/film`, cache: 'films', body: film },
      ],
      origin,
    ),
  )
  zip = whole.slice()
  zip[whole.length >> 1]! ^= 1
  expect(await imported(app)).toEqual({ outcome: 'bundle-mismatch', seen: [] })
  zip = whole
  const { outcome, seen } = await imported(app)
  expect(outcome).toBe('3 restored')
  expect(seen).toHaveLength(3)
  expect(seen).toContainEqual(['api', '/list', 200, headers, sha256('1')])
  expect(seen).toContainEqual(['api', '/none', 204, [], sha256('')])
  expect(seen).toContainEqual(['films', '/film', 200, [], sha256(film)])
})
