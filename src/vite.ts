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
/** What pages of other origins load, beside `embed.html`. */
const embedScripts = [
  'embed.js',
  'holdall-embed-frame.js',
  'holdall-embed-page.js',
  'holdall-embed-worker.js',
]
/** Where the page API looks for the service worker unless told otherwise, as a JavaScript string. */
const defaultUrl = /(['"`])\/holdall-sw\.js\1/g

// from dist/ and from src/ alike
const dist = new URL('../dist/', import.meta.url)
const distPath = fileURLToPath(dist).replaceAll('\\', '/')

/** What the plugin may be told. */
export interface HoldallOptions {
  /** Lets pages of other sites have their downloads made by this one; see docs/embed.md. */
  readonly embed?: {
    /** Of those pages: `https://shop.example`, each written out. */
    readonly origins: readonly string[]
  }
}

/**
 * The Vite plugin: `plugins: [holdall()]` in vite.config.ts is all of it.
 *
 * - `holdall-sw.js` is served in development and becomes part of the build, both under `base`; the
 *   page API then looks for it there. Only with `base` on another origin (a CDN) it does not: workers
 *   must come from the page's own, so copy both there and call `configure()`; see docs/hosting.md.
 * - Below `holdall/`, where downloads have their addresses, the development and the preview server
 *   answer 404 instead of an app's index.html. A browser that retries or resumes a download asks
 *   the server, not the service worker, and whatever it gets with 200 becomes the file. Production
 *   servers must do the same: no single-page fallback below `holdall/`.
 * - With `embed`, so are `embed.html` and its scripts, with the headers that they need.
 * - holdall is kept out of dependency pre-bundling, which would lose its Web Worker.
 *
 * The page API starts its Web Worker from a file of its own, so nothing else needs to be emitted.
 */
export function holdall({ embed }: HoldallOptions = {}): Plugin {
  const embedding = embed && embeddingFor(embed.origins)
  let base = '/'
  /** Where the service worker is in a build whose base is relative, for whichever page: relative to the script. */
  const relative = new WeakMap<object, string>()

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
      if (embedding) server.middlewares.use(serveEmbedding(base, embedding))
    },

    configurePreviewServer(server) {
      server.middlewares.use(refuseDownloads(base))
      server.middlewares.use(labelScript(base))
      if (embedding) server.middlewares.use(labelEmbedding(base, embedding))
    },

    async buildStart() {
      const { command, consumer } = this.environment.config
      if (command !== 'build' || consumer !== 'client') return
      const source = await readFile(new URL(fileName, dist))
      const emitted = this.emitFile({ type: 'asset', fileName, source })
      if (base !== '' && base !== './') return
      relative.set(this.environment, `import.meta.ROLLUP_FILE_URL_${emitted}`)
    },

    transform: {
      filter: { code: fileName },
      handler(code, id) {
        if (!id.startsWith(distPath) || base === '/' || URL.canParse(base)) return
        const url = relative.get(this.environment) ?? JSON.stringify(`${base}${fileName}`)
        return { code: code.replaceAll(defaultUrl, () => url), map: null }
      },
    },

    async generateBundle() {
      if (this.environment.config.consumer !== 'client') return
      for (const name of embedding?.files ?? []) {
        const source = await embedding!.read(name)
        this.emitFile({ type: 'asset', fileName: name, source })
      }
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

/** What is served to pages of other origins. */
interface Embedding {
  readonly files: readonly string[]
  read(file: string): Promise<string>
  headers(file: string): Record<string, string>
}

function embeddingFor(origins: readonly string[]): Embedding {
  for (const origin of origins) checkOrigin(origin)
  return {
    files: ['embed.html', ...embedScripts],
    read: async (file) => {
      const text = await readFile(new URL(file, dist), 'utf8')
      return file === 'embed.html' ? withOrigins(text, origins) : text
    },
    headers: (file) => ({
      'Cache-Control': 'no-cache',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      ...(file === 'embed.html'
        ? { 'Content-Security-Policy': `frame-ancestors ${origins.join(' ') || "'none'"}` }
        : { 'Access-Control-Allow-Origin': '*' }),
    }),
  }
}

function checkOrigin(origin: string): void {
  let exact: string | undefined
  try {
    exact = new URL(origin).origin
  } catch {
    // told below
  }
  if (exact === origin && !origin.includes('*')) return
  throw new Error(
    `Cannot use holdall({ embed }): "${origin}" is no origin; write each out, as in "https://shop.example"`,
  )
}

function withOrigins(page: string, origins: readonly string[]): string {
  return page.replace(/(name="holdall-embed-origins" content=)""/, `$1"${origins.join(' ')}"`)
}

/** Serves the files of the package, read anew each time. */
function serveEmbedding(base: string, embedding: Embedding): Connect.NextHandleFunction {
  return (request, response, next) => {
    const file = embeddedFile(request, base, embedding)
    if (file === undefined) return next()
    embedding.read(file).then((text) => {
      for (const [name, value] of Object.entries(embedding.headers(file))) {
        response.setHeader(name, value)
      }
      const type = file.endsWith('.html') ? 'text/html' : 'text/javascript'
      response.setHeader('Content-Type', `${type}; charset=utf-8`)
      response.setHeader('Content-Length', Buffer.byteLength(text))
      response.end(request.method === 'HEAD' ? undefined : text)
    }, next)
  }
}

/** Gives the built files their headers and leaves it to the preview server to serve them. */
function labelEmbedding(base: string, embedding: Embedding): Connect.NextHandleFunction {
  return (request, response, next) => {
    const file = embeddedFile(request, base, embedding)
    if (file !== undefined) {
      for (const [name, value] of Object.entries(embedding.headers(file))) {
        response.setHeader(name, value)
      }
    }
    next()
  }
}

function embeddedFile(
  request: IncomingMessage,
  base: string,
  { files }: Embedding,
): string | undefined {
  const path = pathOf(request)
  return files.find((file) => path === base + file)
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').replace(/[?#].*$/s, '')
}
