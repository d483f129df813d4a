/** Who is not who they say: none of them gets a port, a file or a message; and frames that are lost. */

import { VERSION } from '../../src/embed/protocol.ts'
import { test } from './embedding.ts'
import { begin } from './fallback.ts'
import { expect, openApp, type Page } from './fixtures.ts'
import { startServer } from './server.ts'

test.use({ isolatesSites: true })

const NO_ANSWER = { sink: 'service-worker', code: 'embed-failed' }

/** No dialog, which nobody would answer. */
const UNASKED = { sinks: ['service-worker', 'memory'] as const }

/** Keeps every message to the window of `page`. */
async function listen(page: Page): Promise<() => Promise<object[]>> {
  await page.evaluate(() => {
    const heard: object[] = []
    addEventListener('message', ({ data, origin, ports }) =>
      heard.push({ data, origin, ports: ports.length }),
    )
    Object.assign(window, { heard })
  })
  return () => page.evaluate(() => (window as unknown as { heard: object[] }).heard)
}

/** Has `page` embed the frame by hand, as any page could, and waits until that has loaded. */
async function embed(page: Page, hosting: string, claimed: string): Promise<void> {
  await page.evaluate(
    ([folder, origin]) =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.name = 'embedded'
        frame.src = `${folder}/embed.html#nonce=known&origin=${encodeURIComponent(origin)}`
        frame.addEventListener('load', resolve)
        document.body.append(frame)
      }),
    [hosting, claimed] as const,
  )
}

/** Sends the frame a port from a window that is told to, and says what comes over it within a while. */
function connect(page: Page, nonce: string, from = 'page'): Promise<unknown> {
  return page.evaluate(
    async ([secret, sender]) => {
      const { port1, port2 } = new MessageChannel()
      const answer = new Promise((resolve) => {
        port1.onmessage = ({ data }) => resolve(data)
        setTimeout(() => resolve('nothing'), 500)
      })
      const message = { type: 'holdall:embed-connect', nonce: secret, port: port2 }
      const frames = window as unknown as Record<string, Window>
      if (sender === 'page') frames['embedded']!.postMessage(message, '*', [port2])
      else frames[sender]!.postMessage({ forward: message }, '*', [port2])
      return answer
    },
    [nonce, from] as const,
  )
}

test('a frame answers the page around it, once, and only if that knows the nonce', async ({
  shop,
  sites,
}) => {
  const heard = await listen(shop)
  await embed(shop, sites.hosting.origin, sites.shop.origin)
  const ready = { type: 'holdall:embed-ready', version: VERSION, nonce: 'known' }
  await expect.poll(heard).toEqual([{ data: ready, origin: sites.hosting.origin, ports: 0 }])
  expect(await connect(shop, 'guessed')).toBe('nothing')
  expect(await connect(shop, 'known')).toEqual({ type: 'connected' })
  expect(await connect(shop, 'known')).toBe('nothing')
})

test('a frame answers no other window, whatever that knows', async ({ shop, sites }) => {
  const sender = `<script>
    onmessage = ({ data: { forward }, ports }) =>
      parent.frames.embedded.postMessage({ ...forward, port: forward.port }, '*', [forward.port])
    parent.postMessage('ready', '*')
  </script>`
  await embed(shop, sites.hosting.origin, sites.shop.origin)
  // of the page's own origin, even
  await shop.evaluate(
    (html) =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe')
        frame.name = 'sibling'
        frame.srcdoc = html
        frame.addEventListener('load', resolve)
        document.body.append(frame)
      }),
    sender,
  )
  expect(await connect(shop, 'known', 'sibling')).toBe('nothing')
  expect(await connect(shop, 'known')).toEqual({ type: 'connected' }) // it could have been
})

test('a page that is not listed gets nothing, and saves by itself', async ({ page, sites }) => {
  const stranger = await startServer({
    host: 'other.localhost',
    routes: { '/': (response) => void response.end('<title>A stranger</title>') },
  })
  try {
    await page.goto(stranger.origin)
    const heard = await listen(page)
    for (const claimed of [stranger.origin, sites.shop.origin, '*', 'null']) {
      await embed(page, sites.hosting.origin, claimed)
      expect(await connect(page, 'known')).toBe('nothing')
    }
    expect(await heard()).toEqual([])
    const [, report] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate(async (hosting) => {
        const { zip } = (await import(`${hosting}/embed.js`)) as Pick<typeof window, 'zip'>
        const sinks = ['service-worker', 'memory'] as const
        return zip([{ name: 'a', data: 'a' }], { sinks }).download()
      }, sites.hosting.origin),
    ])
    expect(report).toMatchObject({ sink: 'memory', fallbacks: [NO_ANSWER] })
    expect(report.fallbacks[0]!.message).toContain(`lists ${stranger.origin}`)
  } finally {
    await stranger.close()
  }
})

test.describe('with no origins listed', () => {
  test.use({ sitesOptions: { allowed: () => '' } })

  test('no page gets anything', async ({ shop, sites }) => {
    const heard = await listen(shop)
    await embed(shop, sites.hosting.origin, sites.shop.origin)
    expect(await connect(shop, 'known')).toBe('nothing')
    expect(await heard()).toEqual([])
  })
})

test('another site in the frame’s place gets no port', async ({ page, sites }) => {
  const spy = await startServer({
    host: 'other.localhost',
    routes: {
      '/': (response) =>
        void response.end(`<script>
          const nonce = new URLSearchParams(location.hash.slice(1)).get('nonce')
          onmessage = ({ data }) => fetch('/heard?' + data.type)
          parent.postMessage({ type: 'holdall:embed-ready', version: ${VERSION}, nonce }, '*')
          fetch('/there?' + nonce)
        </script>`),
      '/heard': (response) => void response.end(),
    },
  })
  try {
    await page.route('**/embed.html', (route) =>
      route.fulfill({ status: 302, headers: { Location: spy.origin } }),
    )
    await openApp(page, sites.shop)
    const [, report] = await Promise.all([
      page.waitForEvent('download'),
      page.evaluate(
        (options) => window.zip([{ name: 'a', data: 'a' }], options).download(),
        UNASKED,
      ),
    ])
    expect(report).toMatchObject({ sink: 'memory', fallbacks: [NO_ANSWER] })
    expect(spy.requests).toContain('GET /there')
    expect(spy.requests).not.toContain('GET /heard')
  } finally {
    await spy.close()
  }
})

const SLOW = Array.from({ length: 20 }, (_, seed) => ({
  url: `/data/${seed}/50000000?slow=20`,
  name: `${seed}.bin`,
  size: 50_000_000,
}))

/** Does not wait for it to be loaded: it may be taken out of the page before. */
const navigateFrame = (page: Page, url: string): Promise<void> =>
  page.evaluate((address) => {
    document.querySelector('iframe')!.src = address
  }, url)

for (const [what, lose] of Object.entries({
  'navigated to another site': (page: Page) => navigateFrame(page, 'data:text/html,elsewhere'),
  'navigated to another page of its own': (page: Page, hosting: string) =>
    navigateFrame(page, `${hosting}/`),
  'taken out of the page': (page: Page) =>
    page.evaluate(() => document.querySelector('iframe')!.remove()),
})) {
  test(`a frame that is ${what} ends its jobs; the next one has a new frame`, async ({
    shop,
    sites,
  }) => {
    const { outcome } = await begin(shop, SLOW)
    await expect.poll(() => sites.shop.sent).toBeGreaterThan(5_000_000)
    await lose(shop, sites.hosting.origin)
    expect(await outcome).toMatchObject({
      code: 'delivery-lost',
      detail: { reason: 'frame-gone' },
    })
    await expect.poll(() => sites.shop.open).toBe(0)
    const [, report] = await Promise.all([
      shop.waitForEvent('download'),
      shop.evaluate(() => window.zip([{ name: 'a', data: 'a' }]).download()),
    ])
    expect(report).toMatchObject({ sink: 'service-worker', fallbacks: [] })
  })
}

test('a frame that has crashed ends its jobs; the next one has a new frame', async ({
  shop,
  sites,
}) => {
  const isHosted = (url: string): boolean => url.startsWith(sites.hosting.origin)
  // Playwright takes the page for crashed, too: so nothing goes by way of it from then on
  const page = await shop.context().newCDPSession(shop)
  const ask = async (expression: string): Promise<unknown> => {
    const options = { expression, awaitPromise: true, returnByValue: true }
    return (await page.send('Runtime.evaluate', options)).result.value
  }
  await begin(shop, SLOW)
  await expect.poll(() => sites.shop.sent).toBeGreaterThan(5_000_000)
  const frame = shop.frames().find((one) => isHosted(one.url()))!
  const session = await shop.context().newCDPSession(frame)
  void session.send('Page.crash').catch(() => undefined) // which nobody lives to answer
  expect(await ask('outcome')).toMatchObject({
    code: 'delivery-lost',
    detail: { reason: 'frame-gone' },
  })
  await expect.poll(() => sites.shop.open).toBe(0)
  expect(await ask("zip([{ name: 'a', data: 'a' }]).download()")).toMatchObject({
    sink: 'service-worker',
    fallbacks: [],
  })
})

test('a page that is left ends its requests, and the download fails', async ({ shop, sites }) => {
  const downloading = shop.waitForEvent('download')
  await begin(shop, SLOW)
  const download = await downloading
  await expect.poll(() => sites.shop.sent).toBeGreaterThan(5_000_000)
  await shop.goto('about:blank')
  await expect.poll(() => sites.shop.open).toBe(0)
  expect(await download.failure()).not.toBeNull()
})
