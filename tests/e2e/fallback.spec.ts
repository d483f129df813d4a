/** Downloads where the service worker is not to be had: the archive is right, and it is said why. */

import { wholeContent } from './content.ts'
import { digests, expect, fileOf, openApp, sha256, test, unzipTest, type Page } from './fixtures.ts'

const FILES = [
  { url: '/data/1/1000', name: 'one.bin', size: 1000 },
  { url: '/data/2/7000000', name: 'two/zwei.bin', size: 7_000_000 },
]
const DIGESTS = {
  'one.bin': sha256(wholeContent(1, 1000)),
  'two/zwei.bin': sha256(wholeContent(2, 7_000_000)),
}
/** Twenty files that take their time, with the start of the first at once. */
const SLOW = Array.from({ length: 20 }, (_, seed) => ({
  url: `/data/${seed}/50000000?slow=20`,
  name: `${seed}.bin`,
  size: 50_000_000,
}))
/** A file that breaks off half-way, however often it is asked for. */
const BROKEN = [{ url: '/die/2/50000000', name: 'broken.bin', size: 50_000_000 }]

/** No service worker, by the most usual mistake. */
test.use({
  serverOptions: {
    routes: { '/holdall-sw.js': (response) => void response.writeHead(404).end() },
  },
})

/** Takes away what lets pages ask where to save. */
function withoutPicker(page: Page): Promise<void> {
  return page.addInitScript(() => {
    delete (window as { showSaveFilePicker?: unknown }).showSaveFilePicker
  })
}

/** Has the dialog give `picked.zip` in the origin private file system, empty as a browser's own choice is. */
function withPicker(page: Page): Promise<void> {
  return page.addInitScript(() => {
    const showSaveFilePicker = async (options: object): Promise<FileSystemFileHandle> => {
      Object.assign(window, { asked: options })
      const root = await navigator.storage.getDirectory()
      return root.getFileHandle('picked.zip', { create: true })
    }
    Object.assign(window, { showSaveFilePicker })
  })
}

/** The paths of all that is in the origin private file system. */
function privateFiles(page: Page): Promise<string[]> {
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

/** Starts a download that goes on; gives what becomes of it. */
async function begin(page: Page, files: object[], options: object = {}): Promise<Promise<unknown>> {
  await page.evaluate(
    ([inputs, given]) => {
      const job = window.zip(inputs as never, given)
      const outcome = job.download().catch(({ code, detail }) => ({ code, detail }))
      Object.assign(window, { job, outcome })
    },
    [files, options] as const,
  )
  return page.evaluate(() => (window as unknown as { outcome: Promise<unknown> }).outcome)
}

function call(page: Page, method: 'cancel' | 'pause' | 'resume'): Promise<void> {
  return page.evaluate((name) => {
    const { job } = window as unknown as { job: Record<string, () => void> }
    job[name]!()
  }, method)
}

async function downloads(page: Page, options: object): Promise<object> {
  const [download, outcome] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(([files, given]) => window.download(files, given), [FILES, options] as const),
  ])
  const path = await fileOf(download)
  expect(download.suggestedFilename()).toBe('fallen.zip')
  unzipTest(path)
  expect(digests(path)).toEqual(DIGESTS)
  return outcome
}

test.describe('the origin private file system', () => {
  test.beforeEach(async ({ page, server }) => {
    await withoutPicker(page)
    await page.clock.install()
    await openApp(page, server)
  })

  test('takes an archive, which the browser downloads; then it is freed', async ({ page }) => {
    const outcome = await downloads(page, { name: 'fallen.zip' })
    expect(outcome).toMatchObject({
      report: {
        sink: 'origin-private',
        entries: 2,
        fallbacks: [
          { sink: 'service-worker', code: 'service-worker-not-found' },
          { sink: 'save-picker', code: 'sink-unavailable' },
        ],
      },
    })
    expect(await privateFiles(page)).toEqual([expect.stringMatching(/^holdall\/[\w-]+\.zip$/)])
    await page.clock.fastForward('05:30')
    await expect.poll(() => privateFiles(page)).toEqual([])
  })

  test('is told of when it is taken, with the fault and its remedy', async ({ page }) => {
    const told = await page.evaluate(async () => {
      const warnings: object[] = []
      const job = window.zip([{ name: 'a', data: 'a' }])
      job.addEventListener('warning', ({ warning }) => warnings.push(warning))
      const { fallbacks } = await job.download()
      return { warnings, fallbacks }
    })
    expect(told.fallbacks).toHaveLength(2)
    expect(told.warnings).toEqual(told.fallbacks)
    expect(told.fallbacks[0]!.message).toContain('dist/holdall-sw.js')
  })

  for (const [how, code] of [
    ['is cancelled', 'cancelled'],
    ['fails', 'source-failed'],
  ]) {
    test(`is empty after a download that ${how}, and none begins`, async ({ page, server }) => {
      let begun = 0
      page.on('download', () => begun++)
      const files = code === 'cancelled' ? SLOW : BROKEN
      const outcome = await begin(page, files, { retry: { attempts: 1 } })
      outcome
      await expect.poll(() => server.sent).toBeGreaterThan(1_000_000)
      if (code === 'cancelled') {
        await expect.poll(() => privateFiles(page)).not.toEqual([])
        await call(page, 'cancel')
      }
      expect(await outcome).toMatchObject({ code })
      await expect.poll(() => privateFiles(page)).toEqual([])
      await expect.poll(() => server.open).toBe(0)
      expect(begun).toBe(0)
    })
  }
})
