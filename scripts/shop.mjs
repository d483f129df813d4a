// Why: the demo's embedding needs a second site, which serves its own page and files, and nothing of holdall.

import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { root } from './run.mjs'

const page = `${root}src/demo/shop/index.html`
const files = `${root}public/`

/** @type {Record<string, string>} */
const types = { '.jpg': 'image/jpeg', '.png': 'image/png', '.svg': 'image/svg+xml' }

/**
 * Serves the shop.
 *
 * @param {{ port: number, host: string, hosting: string }} options `hosting`: the origin that hosts holdall.
 */
export async function startShop({ port, host, hosting }) {
  const html = (await readFile(page, 'utf8')).replaceAll('HOSTING', hosting)
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://shop').pathname)
    if (path === '/') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html)
      return
    }
    const file = join(files, path)
    const found = path.startsWith('/samples/') ? await stat(file).catch(() => null) : null
    if (!found?.isFile()) {
      response.writeHead(404).end('not found')
      return
    }
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? 'application/octet-stream',
      'Content-Length': found.size,
    })
    if (request.method === 'HEAD') response.end()
    else createReadStream(file).pipe(response)
  })
  server.listen(port, host)
  await once(server, 'listening')
}
