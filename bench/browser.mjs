// Why: every figure of a browser comes from the same one, started the same way, beside one server.

import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { createSecureServer } from 'node:http2'
import { readFile, stat } from 'node:fs/promises'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { build } from 'vite'
import { findChromium } from '../scripts/setup.mjs'
import { selfSigned } from './certificate.mjs'

const root = fileURLToPath(new URL('./app/', import.meta.url))
const outDir = fileURLToPath(new URL('../reports/bench-app/', import.meta.url))
const block = Buffer.alloc(2 ** 20, 7)
/** What a server that is far away takes to answer, in ms. */
export const LATENCY = 50

const TYPES = new Map([
  ['html', 'text/html'],
  ['js', 'text/javascript'],
])

/** Builds the page of the benches, and the service workers that it is compared with. */
async function buildApp() {
  const { holdall } = await import('../dist/vite.js')
  const common = /** @type {const} */ ({ root, configFile: false, logLevel: 'warn' })
  await build({ ...common, plugins: [holdall()], build: { outDir, emptyOutDir: true } })
  for (const name of ['untouched', 'client-zip', 'dl-stream']) {
    await build({
      ...common,
      build: {
        outDir,
        emptyOutDir: false,
        rolldownOptions: {
          input: `${root}${name}.js`,
          output: { format: 'iife', entryFileNames: `${name}/worker.js` },
        },
      },
    })
  }
}

/**
 * Serves the app, `/data/SIZE`: as many bytes as fast as they are taken, and `/far/SIZE`: the same 50 ms
 * later.
 *
 * @param {boolean} http2 Whether to speak HTTP/2, over TLS as browsers want it.
 */
async function serve(http2) {
  const counts = { sent: 0 }
  /** @type {{ file: string, from: number }[]} */
  const parts = []
  /** @type {(request: any, response: any) => Promise<void>} */
  const answer = async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const [, place, size] = /^\/(data|far)\/(\d+)/.exec(pathname) ?? []
    if (place === 'far') await new Promise((resolve) => setTimeout(resolve, LATENCY))
    if (size !== undefined) {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
      response.writeHead(from > 0 ? 206 : 200, {
        'Content-Length': Number(size) - from,
        ETag: `"${size}"`,
        ...(from > 0 && { 'Content-Range': `bytes ${from}-${Number(size) - 1}/${size}` }),
      })
      if (request.method === 'HEAD') return void response.end()
      if (from > 0) parts.push({ file: request.url ?? '', from })
      for (let left = Number(size) - from; left > 0 && !response.destroyed; left -= block.length) {
        const chunk = left < block.length ? block.subarray(0, left) : block
        counts.sent += chunk.length
        if (!response.write(chunk)) {
          await new Promise((resolve) => {
            response.once('drain', resolve)
            response.once('close', resolve)
          })
          response.removeAllListeners('close')
        }
      }
      return void response.end()
    }
    const file = outDir + (pathname === '/' ? 'index.html' : pathname.slice(1))
    if (!existsSync(file)) return void response.writeHead(404).end()
    const type = TYPES.get(file.split('.').at(-1) ?? '') ?? 'application/octet-stream'
    response.writeHead(200, { 'Content-Type': type })
    response.end(await readFile(file))
  }
  const server = http2
    ? createSecureServer({ ...selfSigned(), allowHTTP1: true }, answer)
    : createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = /** @type {import('node:net').AddressInfo} */ (server.address())
  return {
    server,
    counts,
    parts,
    origin: `${http2 ? 'https' : 'http'}://127.0.0.1:${address.port}`,
  }
}

/**
 * Starts server and browser, and opens the page.
 *
 * @param {{ http2?: boolean }} options
 */
export async function start({ http2 = false } = {}) {
  await buildApp()
  const { server, counts, parts, origin } = await serve(http2)
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'].concat([
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(http2 ? ['--ignore-certificate-errors'] : []),
    ]),
  })
  const context = await browser.newContext({ acceptDownloads: true })
  const page = await context.newPage()
  await page.goto(`${origin}/`)
  await page.waitForFunction('window.ready')
  return {
    page,
    context,
    /** Bytes of `/data` that were sent so far. */
    sent: () => counts.sent,
    /** Files of which a part was asked for, from what byte on, in order. */
    parts,
    version: browser.version(),
    async close() {
      await browser.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
      server.close()
    },
  }
}

/**
 * Has the page start a download, and waits for the file.
 *
 * @param {import('@playwright/test').Page} page
 * @param {string} expression What starts it.
 * @param {number} atLeast Bytes that the file must have.
 * @returns {Promise<number>} From the start to the whole file, in ms.
 */
export async function timeDownload(page, expression, atLeast) {
  const before = performance.now()
  const begun = page.waitForEvent('download', { timeout: 120_000 })
  await page.evaluate(`void (${expression})`)
  const download = await begun
  const failure = await download.failure()
  const time = performance.now() - before
  if (failure !== null) throw new Error(`A download failed: ${failure}`)
  const { size } = await stat(await download.path())
  await download.delete()
  if (size < atLeast) throw new Error(`A download has ${size} bytes, not ${atLeast}`)
  return time
}
