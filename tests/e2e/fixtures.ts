/** What every spec needs: a server of its own origin, a page of the app, archives read by others. */

import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { test as base, type Download, type Page } from '@playwright/test'
import { startServer, type ServerOptions, type TestServer } from './server.ts'

export { expect, type Download, type Locator, type Page } from '@playwright/test'

export interface Fixtures {
  serverOptions: ServerOptions
  server: TestServer
  /** A page of the app, ready to be used. */
  app: Page
}

export const test = base.extend<Fixtures>({
  serverOptions: [{}, { option: true }],
  server: async ({ serverOptions }, use) => {
    const server = await startServer(serverOptions)
    await use(server)
    await server.close()
  },
  app: async ({ page, server }, use) => {
    await openApp(page, server)
    await use(page)
  },
})

/** Opens the app, and waits until its script has run. */
export async function openApp(page: Page, { origin }: TestServer): Promise<void> {
  await page.goto(`${origin}/`)
  await page.waitForSelector('html[data-ready]')
}

/** The file of a finished download. */
export async function fileOf(download: Download): Promise<string> {
  const failure = await download.failure()
  if (failure !== null) throw new Error(`The download failed: ${failure}`)
  return download.path()
}

/** Has Info-ZIP test every entry of the archive; throws if it finds anything to say. */
export function unzipTest(path: string): void {
  execFileSync('unzip', ['-tqq', path], { stdio: 'pipe' })
}

const READ = `
import hashlib, json, sys, zipfile
archive = zipfile.ZipFile(sys.argv[1])
def digest(info):
    hash = hashlib.sha256()
    with archive.open(info) as file:
        while block := file.read(1 << 20):
            hash.update(block)
    return hash.hexdigest()
print(json.dumps({ info.filename: digest(info) for info in archive.infolist() if not info.is_dir() }))
`

/** The sha256 of each file in the archive, by name, as Python's zipfile reads it. */
export function digests(path: string): Record<string, string> {
  const options = { maxBuffer: 1 << 28, encoding: 'utf8' } as const
  return JSON.parse(execFileSync(python(), ['-c', READ, path], options)) as Record<string, string>
}

/** Python itself: what is called so may be a script that looks for it, which takes longer than to read an archive. */
const python = (() => {
  let found: string | undefined
  return (): string => {
    found ??= execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], {
      encoding: 'utf8',
    }).trim()
    return found
  }
})()

export function sha256(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer)
  }
  return hash.digest('hex')
}

/** Keeps the Web Worker of the page's next job at hand, for `killWorker`: it may have been started before. */
export async function keepWorker(page: Page): Promise<void> {
  await page.evaluate(() => {
    const post = Worker.prototype.postMessage
    Worker.prototype.postMessage = function (this: Worker, ...given: [unknown]) {
      Object.assign(window, { worker: this })
      return post.apply(this, given)
    }
  })
}

export async function killWorker(page: Page): Promise<void> {
  await page.evaluate(() => (window as unknown as { worker: Worker }).worker.terminate())
}
