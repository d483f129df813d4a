/**
 * What an app with Vite needs of holdall: its service worker at the app's own origin, and a server
 * that leaves the addresses of downloads to that service worker.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Connect, Plugin } from 'vite'

const fileName = 'holdall-sw.js'
/** Where the page API looks for the service worker unless told otherwise, as a JavaScript string. */
const defaultUrl = /(['"`])\/holdall-sw\.js\1/g

// from dist/ and from src/ alike
const dist = new URL('../dist/', import.meta.url)
const distPath = fileURLToPath(dist).replaceAll('\\', '/')

/**
 * The Vite plugin: `plugins: [holdall()]` in vite.config.ts is all of it.
 *
 * - `holdall-sw.js` is served in development and becomes part of the build, both under `base`; the
 *   page API then looks for it there. Only with `base` on another origin (a CDN) it does not: a
 *   service worker must come from the page's own, so copy it there and call `configure()`.
 * - Below `holdall/`, where downloads have their addresses, the development and the preview server
 *   answer 404 instead of an app's index.html. A browser that retries or resumes a download asks
 *   the server, not the service worker, and whatever it gets with 200 becomes the file. Production
 *   servers must do the same: no single-page fallback below `holdall/`.
 * - holdall is kept out of dependency pre-bundling, which would lose its Web Worker.
 *
 * The page API starts its Web Worker from a file of its own, so nothing else needs to be emitted.
 */
export function holdall(): Plugin {
  let base = '/'

  return {
    name: 'holdall',

    config() {
      return {
        optimizeDeps: {
          exclude: ['holdall'],
          // found at the start rather than by the first page, which would be reloaded for them
          include: ['holdall > comlink', 'holdall > idb', 'holdall > workbox-window'],
        },
      }
    },

    configResolved(config) {
      base = config.base
    },

    configureServer(server) {
      server.middlewares.use(refuseDownloads(base))
      server.middlewares.use(serveScript(base))
    },

    configurePreviewServer(server) {
      server.middlewares.use(refuseDownloads(base))
      server.middlewares.use(labelScript(base))
    },

    transform: {
      filter: { code: fileName },
      handler(code, id) {
        if (!id.startsWith(distPath) || base === '/' || URL.canParse(base)) return
        const url = JSON.stringify(`${base || './'}${fileName}`)
        return { code: code.replaceAll(defaultUrl, () => url), map: null }
      },
    },

    async generateBundle() {
      if (this.environment.config.consumer !== 'client') return
      this.emitFile({ type: 'asset', fileName, source: await readFile(new URL(fileName, dist)) })
    },
  }
}

/** Answers 404 to every address that a download may have. */
function refuseDownloads(base: string): Connect.NextHandleFunction {
  return (request, response, next) => {
    if (!pathOf(request).startsWith(`${base}holdall/`)) return next()
    response.statusCode = 404
    response.setHeader('Content-Type', 'text/plain; charset=utf-8')
    response.setHeader('Cache-Control', 'no-store')
    response.end('This download is not, or no longer, known to the service worker of holdall.\n')
  }
}

/** Serves the service worker of the package, read anew each time. */
function serveScript(base: string): Connect.NextHandleFunction {
  return (request, response, next) => {
    if (!asksForScript(request, base)) return next()
    readFile(new URL(fileName, dist)).then((script) => {
      setScriptHeaders(response)
      response.setHeader('Content-Type', 'text/javascript; charset=utf-8')
      response.setHeader('Content-Length', script.byteLength)
      response.end(request.method === 'HEAD' ? undefined : script)
    }, next)
  }
}

/** Gives the built service worker its headers and leaves it to the preview server to serve it. */
function labelScript(base: string): Connect.NextHandleFunction {
  return (request, response, next) => {
    if (asksForScript(request, base)) setScriptHeaders(response)
    next()
  }
}

function asksForScript(request: IncomingMessage, base: string): boolean {
  return pathOf(request) === `${base}${fileName}`
}

function setScriptHeaders(response: ServerResponse): void {
  response.setHeader('Cache-Control', 'no-cache')
  // a page that is cross-origin isolated refuses scripts of workers without these two
  response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/[?#].*$/s, '')
}
