/** The plugin in real servers and builds of Vite, with the package installed as npm would do it. */

import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, createServer, preview, type InlineConfig } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as Package from '../src/vite.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

/** The sites that may embed the app. */
const SHOPS = ['https://shop.example', 'http://127.0.0.1:4174']

let app = ''
let plugin: typeof Package

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'holdall-vite-'))
  await installPackage(app)
  await writeFile(join(app, 'package.json'), '{ "type": "module" }')
  await writeFile(
    join(app, 'index.html'),
    '<title>App</title><script type=module src=/main.js></script>',
  )
  await writeFile(join(app, 'main.js'), `import { zip } from 'holdall'\nglobalThis.zip = zip\n`)
  plugin = await import(pathToFileURL(join(app, 'node_modules/holdall/dist/vite.js')).href)
})

afterAll(() => rm(app, { recursive: true, force: true }))

describe.each(['/', '/app/'])('holdall() with base %s', (base) => {
  describe('in development', () => {
    let origin = ''
    let close = async () => {}
    beforeAll(async () => {
      const server = await createServer(config(base))
      await server.listen()
      origin = originOf(server.resolvedUrls)
      close = () => server.close()
    })
    afterAll(() => close())

    answersLikeAHost(() => origin, base)

    it('leaves the package unbundled, and bundles its dependencies', async () => {
      const urls = [...(await crawl(`${origin}${base}main.js`)).keys()]
      const modules = urls.map((url) => new URL(url).pathname)
      for (const path of [
        'node_modules/holdall/dist/index.js',
        'node_modules/.vite/deps/holdall_n_comlink.js',
        'node_modules/.vite/deps/holdall_n_idb.js',
        'node_modules/.vite/deps/holdall_n_workbox-window.js',
      ]) {
        expect(modules).toContain(`${base}${path}`)
      }
    })

    it('tells the page where the service worker is', async () => {
      const modules = await crawl(`${origin}${base}main.js`)
      expect([...modules.values()].join('\n')).toMatch(serviceWorkerAt(base))
    })

    it('serves the Web Worker', async () => {
      const modules = await crawl(`${origin}${base}main.js`)
      const [, url = ''] =
        /"([^"\s]*\/holdall-worker\.js[^"\s]*)"/.exec([...modules.values()].join()) ?? []
      const response = await fetch(new URL(url, origin), {
        headers: { 'Sec-Fetch-Dest': 'worker' },
      })
      expect(response.status).toBe(200)
      expect(response.headers.get('Content-Type')).toMatch(/javascript/)
      expect(new URL(response.url).pathname).toBe(
        `${base}node_modules/holdall/dist/holdall-worker.js`,
      )
    })
  })

  describe('in a build', () => {
    let origin = ''
    let outDir = ''
    let close = async () => {}
    beforeAll(async () => {
      outDir = join(app, `dist${base.replaceAll('/', '-')}`)
      await build({ ...config(base), build: { outDir } })
      const server = await preview({ ...config(base), build: { outDir } })
      origin = originOf(server.resolvedUrls)
      close = () => server.close()
    })
    afterAll(() => close())

    answersLikeAHost(() => origin, base)

    it('emits the service worker as it is, and the Web Worker', async () => {
      const emitted = await readFile(join(outDir, 'holdall-sw.js'), 'utf8')
      expect(emitted).toBe(await readFile(join(root, 'dist/holdall-sw.js'), 'utf8'))
      expect(await readdir(join(outDir, 'assets'))).toContainEqual(
        expect.stringMatching(/^holdall-worker-.*\.js$/),
      )
    })

    it('tells the page where the service worker is', async () => {
      const names = await readdir(join(outDir, 'assets'))
      const scripts = names.filter(
        (name) => name.endsWith('.js') && !name.startsWith('holdall-worker-'),
      )
      const code = await Promise.all(
        scripts.map((name) => readFile(join(outDir, 'assets', name), 'utf8')),
      )
      expect(code.join('\n')).toMatch(serviceWorkerAt(base))
    })
  })
})

describe('holdall() with a base that is no path', () => {
  async function built(base: string): Promise<{ fileName: string; code?: string }[]> {
    const result = await build({ ...config(base), build: { write: false } })
    return (result as { output: { fileName: string; code?: string }[] }).output
  }

  it.each(['./', ''])('has base %j looked up from the script, not from the page', async (base) => {
    const found = (await built(base)).flatMap(({ fileName, code = '' }) => {
      const [, url] =
        /new URL\([`'"]([^`'"]*holdall-sw\.js)[`'"],\s*import\.meta\.url\)/.exec(code) ?? []
      return url === undefined ? [] : [new URL(url, `https://app.test/deep/${fileName}`).href]
    })
    expect(found).toEqual(['https://app.test/deep/holdall-sw.js'])
  })

  it('leaves the default as it is with one on another origin, from which no worker can come', async () => {
    const output = await built('https://cdn.example/app/')
    expect(output.map(({ code }) => code).join('\n')).toMatch(serviceWorkerAt('/'))
  })
})

describe('holdall({ embed })', () => {
  it('emits nothing for other sites unless it is told to', async () => {
    const options = { ...config('/'), plugins: [plugin.holdall()], build: { write: false } }
    const { output } = (await build(options)) as { output: { fileName: string }[] }
    const names = output.map(({ fileName }) => fileName)
    expect(names).toContain('holdall-sw.js')
    expect(names.filter((name) => name.includes('embed'))).toEqual([])
  })

  it.each(['*', 'https://*.example', 'shop.example', 'https://shop.example/', 'null', ''])(
    'refuses %j, which is no origin',
    (origin) => {
      expect(() => plugin.holdall({ embed: { origins: [origin] } })).toThrow(`"${origin}"`)
    },
  )
})

describe('holdall-sw.js', () => {
  it('is a classic script', async () => {
    const code = await readFile(join(root, 'dist/holdall-sw.js'), 'utf8')
    expect(() => new Script(code)).not.toThrow()
    expect(code).not.toMatch(/\bimport\s*\(|importScripts/)
  })
})

/** What the development and the preview server promise alike. */
function answersLikeAHost(origin: () => string, base: string): void {
  const navigate = (path: string) =>
    fetch(`${origin()}${base}${path}`, { headers: { Accept: 'text/html' } })

  it('serves the service worker, to isolated pages too, and uncached', async () => {
    const response = await fetch(`${origin()}${base}holdall-sw.js?v=1`)
    expect(response.status).toBe(200)
    expect(response.headers.get('Content-Type')).toMatch(/^text\/javascript/)
    expect(response.headers.get('Cache-Control')).toBe('no-cache')
    expect(response.headers.get('Cross-Origin-Embedder-Policy')).toBe('require-corp')
    expect(response.headers.get('Cross-Origin-Resource-Policy')).toBe('same-origin')
    expect(await response.text()).toBe(await readFile(join(root, 'dist/holdall-sw.js'), 'utf8'))
  })

  it('serves the embedding to those sites, and who is none of them no frame', async () => {
    const page = await fetch(`${origin()}${base}embed.html`)
    expect(page.status).toBe(200)
    expect(page.headers.get('Content-Type')).toMatch(/^text\/html/)
    expect(page.headers.get('Content-Security-Policy')).toBe(`frame-ancestors ${SHOPS.join(' ')}`)
    expect(page.headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin')
    const html = await page.text()
    expect(html).toContain(`name="holdall-embed-origins" content="${SHOPS.join(' ')}"`)
    expect(html).not.toContain('@vite/client')
    const [, script = ''] = /src="([^"]+)"/.exec(html) ?? []
    for (const file of ['embed.js', 'holdall-embed-page.js', 'holdall-embed-worker.js', script]) {
      const response = await fetch(new URL(file, page.url), { headers: { Origin: SHOPS[0]! } })
      expect(response.status, file).toBe(200)
      expect(response.headers.get('Content-Type')).toMatch(/^text\/javascript/)
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*')
      expect(response.headers.get('Cross-Origin-Resource-Policy')).toBe('cross-origin')
      expect(await response.text()).toBe(await readFile(join(root, 'dist', file), 'utf8'))
    }
  })

  it.each(['holdall/1f0c/photos.zip', 'holdall/', 'holdall/x?y#z'])('has no %s', async (path) => {
    const response = await navigate(path)
    expect(response.status).toBe(404)
    expect(response.headers.get('Content-Type')).toMatch(/^text\/plain/)
  })

  it.each(['album/7', 'holdall', 'holdall-album'])('has a page at %s', async (path) => {
    const response = await navigate(path)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('<title>App</title>')
  })
}

function config(base: string): InlineConfig {
  return {
    root: app,
    base,
    configFile: false,
    logLevel: 'warn',
    cacheDir: join(app, 'node_modules/.vite'),
    plugins: [plugin.holdall({ embed: { origins: SHOPS } })],
    server: { port: 0, host: '127.0.0.1', watch: null, ws: false },
    preview: { port: 0, host: '127.0.0.1' },
  }
}

async function installPackage(to: string): Promise<void> {
  const modules = join(to, 'node_modules')
  await mkdir(join(modules, 'holdall'), { recursive: true })
  await cp(join(root, 'package.json'), join(modules, 'holdall/package.json'))
  for (const folder of ['dist', 'src']) {
    await cp(join(root, folder), join(modules, 'holdall', folder), { recursive: true })
  }
  for (const name of ['comlink', 'idb', 'workbox-window']) {
    await cp(join(root, 'node_modules', name), join(modules, name), { recursive: true })
  }
}

function originOf(urls: { local: string[] } | null): string {
  return new URL(urls?.local[0] ?? '').origin
}

function serviceWorkerAt(base: string): RegExp {
  const path = `${base}holdall-sw.js`.replaceAll('.', '\\.')
  return new RegExp(`["'\`]${path}["'\`]`)
}

/** The code of the module at `url` and of all that it imports, now or later, by URL. */
async function crawl(url: string, found = new Map<string, string>()): Promise<Map<string, string>> {
  if (found.has(url)) return found
  const response = await fetch(url)
  const code = await response.text()
  expect(response.status, `${url}: ${code}`).toBe(200)
  found.set(url, code)
  for (const [, specifier = ''] of code.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
    await crawl(new URL(specifier, url).href, found)
  }
  return found
}
