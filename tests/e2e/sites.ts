/** Two sites: one that hosts holdall, and a shop that cannot, with a page that embeds it. */

import { readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { built, SHOP } from './build-app.ts'
import { startServer, type ServerOptions, type TestServer } from './server.ts'

export interface Sites {
  readonly hosting: TestServer
  readonly shop: TestServer
  /** Each request for `/private/…` of either site: its origin, and the cookies that it came with. */
  readonly cookies: { origin: string; cookie: string | undefined }[]
  close(): Promise<void>
}

export interface SitesOptions {
  readonly hosting?: ServerOptions
  readonly shop?: ServerOptions
  /** The origins that the hosting site allows, given the shop's. Default: the shop's. */
  readonly allowed?: (shop: string) => string
  /** The shop's page, given the hosting origin. Default: one that the tests drive by what is on its window. */
  readonly html?: (hosting: string) => string
  /** Headers of the shop's page, given the hosting origin. */
  readonly policies?: (hosting: string) => Record<string, string>
}

/** A page that knows holdall by another site alone. */
const pageOf = (hosting: string): string => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8" /><link rel="icon" href="data:," /><title>A shop</title></head>
  <body>
    <input type="file" id="files" multiple />
    <script type="module">
      import { isHoldallError, zip } from '${hosting}/embed.js'
      window.zip = zip
      window.picked = () => [...document.querySelector('#files').files]
      window.download = async (files, options) => {
        try {
          return { report: await zip(files, options).download() }
        } catch (error) {
          if (!isHoldallError(error)) throw error
          const { code, message, detail } = error
          return { code, message, detail: { ...detail } }
        }
      }
      document.documentElement.dataset.ready = ''
    </script>
  </body>
</html>
`

/** Starts both, the shop by a name of its own, and so a site of its own. */
export async function startSites(options: SitesOptions = {}): Promise<Sites> {
  const { allowed = (shop) => shop, policies = () => ({}), html: text = pageOf } = options
  const cookies: Sites['cookies'] = []
  const origins = { hosting: '', shop: '' }
  const template = await readFile(`${built}embed.html`, 'utf8')
  const html =
    (text: () => string, headers: Record<string, string> = {}) =>
    (response: ServerResponse) =>
      void response
        .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers })
        .end(text())
  const cookieJar =
    (origin: () => string) => (response: ServerResponse, request: IncomingMessage) => {
      cookies.push({ origin: origin(), cookie: request.headers.cookie })
      const { origin: asking = '' } = request.headers
      response.writeHead(200, {
        'Access-Control-Allow-Origin': asking,
        'Access-Control-Allow-Credentials': 'true',
      })
      response.end('private')
    }
  const hosting = await startServer({
    ...options.hosting,
    headers: { 'Access-Control-Allow-Origin': '*', ...options.hosting?.headers },
    routes: {
      '/embed.html': html(
        () => template.replace(SHOP, allowed(origins.shop)),
        options.hosting?.headers,
      ),
      '/private/file.txt': cookieJar(() => origins.hosting),
      ...options.hosting?.routes,
    },
  })
  const shop = await startServer({
    host: 'localhost',
    ...options.shop,
    routes: {
      '/': (response) => html(() => text(origins.hosting), policies(origins.hosting))(response),
      '/private/file.txt': cookieJar(() => origins.shop),
      '/expired': (response) => void response.writeHead(403).end(),
      ...options.shop?.routes,
    },
  })
  origins.hosting = hosting.origin
  origins.shop = shop.origin
  return {
    hosting,
    shop,
    cookies,
    close: async () => void (await Promise.all([hosting.close(), shop.close()])),
  }
}
