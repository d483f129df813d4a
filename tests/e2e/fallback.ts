/** What the specs of the fallbacks share: files, pages that lack a sink, a look at what is left. */

import { wholeContent } from './content.ts'
import { digests, expect, fileOf, sha256, unzipTest, type Page } from './fixtures.ts'
import type { ServerOptions } from './server.ts'

/** A site whose service worker was not put where it must be: the most usual mistake. */
export const WITHOUT_WORKER: ServerOptions = {
  routes: { '/holdall-sw.js': (response) => void response.writeHead(404).end() },
}

export const FILES = [
  { url: '/data/1/1000', name: 'one.bin', size: 1000 },
  { url: '/data/2/7000000', name: 'two/zwei.bin', size: 7_000_000 },
]

const DIGESTS = {
  'one.bin': sha256(wholeContent(1, 1000)),
  'two/zwei.bin': sha256(wholeContent(2, 7_000_000)),
}

/** Twenty files that take their time. */
export const SLOW = Array.from({ length: 20 }, (_, seed) => ({
  url: `/data/${seed}/50000000?slow=20`,
  name: `${seed}.bin`,
  size: 50_000_000,
}))

/** One that comes, and one that breaks off half-way, however often it is asked for. */
export const BROKEN = [
  { url: '/data/1/3000000', name: 'whole.bin', size: 3_000_000 },
  { url: '/die/2/50000000', name: 'broken.bin', size: 50_000_000 },
]

/** Takes away what lets pages ask where to save. */
export async function withoutPicker(page: Page): Promise<void> {
  await page.addInitScript(() => {
    delete (window as { showSaveFilePicker?: unknown }).showSaveFilePicker
  })
}

/** Has the dialog choose `picked.zip` in the origin private file system: there and empty, as by a user. */
export async function withPicker(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const showSaveFilePicker = async (options: object): Promise<FileSystemFileHandle> => {
      Object.assign(window, { asked: options })
      const root = await navigator.storage.getDirectory()
      return root.getFileHandle('picked.zip', { create: true })
    }
    Object.assign(window, { showSaveFilePicker })
  })
}

/** Takes away the origin private file system. */
export async function withoutPrivateFiles(page: Page): Promise<void> {
  await page.addInitScript(() => {
    StorageManager.prototype.getDirectory = () =>
      Promise.reject(new DOMException('not in this window', 'SecurityError'))
  })
}

/** The paths of all that is in the origin private file system. */
export function privateFiles(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const paths: string[] = []
    const list = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === 'file') paths.push(`${path}${name}`)
        else await list(handle as FileSystemDirectoryHandle, `${path}${name}/`)
      }
    }
    await list(await navigator.storage.getDirectory(), '')
    return paths
  })
}

/** A job whose download has begun, as the page sees it. */
export interface Begun {
  /** Its report, or its error as plain data. */
  readonly outcome: Promise<unknown>
  call(method: 'cancel' | 'pause' | 'resume'): Promise<void>
}

export async function begin(page: Page, files: object[], options: object = {}): Promise<Begun> {
  await page.evaluate(
    ([inputs, given]) => {
      const job = window.zip(inputs as never, given)
      const outcome = job.download().catch(({ code, message, detail }) => ({
        code,
        message,
        detail: { ...detail },
      }))
      Object.assign(window, { job, outcome })
    },
    [files, options] as const,
  )
  const outcome = page.evaluate(() => (window as unknown as { outcome: Promise<unknown> }).outcome)
  outcome.catch(() => undefined) // of a page that is closed
  return {
    outcome,
    call: (method) =>
      page.evaluate((name) => {
        const { job } = window as unknown as { job: Record<string, () => void> }
        job[name]!()
      }, method),
  }
}

/** Downloads `FILES`, and makes sure that they are what is on the disk. */
export async function downloadsRight(page: Page, options: object = {}): Promise<object> {
  const [download, outcome] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(([files, given]) => window.download(files, { name: 'fällt.zip', ...given }), [
      FILES,
      options,
    ] as const),
  ])
  expect(outcome).toMatchObject({ report: { name: 'fällt.zip', entries: 2 } })
  expect(download.suggestedFilename()).toBe('fällt.zip')
  expectRight(await fileOf(download))
  return outcome
}

export function expectRight(path: string): void {
  unzipTest(path)
  expect(digests(path)).toEqual(DIGESTS)
}
