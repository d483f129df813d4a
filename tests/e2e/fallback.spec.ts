/** Downloads where the service worker is not to be had: the archive is right, and it is said why. */

import {
  begin,
  BROKEN,
  downloadsRight,
  expectRight,
  FILES,
  privateFiles,
  SLOW,
  WITHOUT_WORKER,
  withoutPicker,
  withoutPrivateFiles,
  withPicker,
} from './fallback.ts'
import { expect, fileOf, openApp, test, type Page } from './fixtures.ts'

const NO_WORKER = { sink: 'service-worker', code: 'service-worker-not-found' }
const NO_PICKER = { sink: 'save-picker', code: 'sink-unavailable' }
const NO_STORAGE = { sink: 'origin-private', code: 'sink-unavailable' }

test.use({ serverOptions: WITHOUT_WORKER })

/** The ways to pages where each sink is the best that there is. */
const PAGES = {
  'save-picker': withPicker,
  'origin-private': withoutPicker,
  memory: async (page: Page) => {
    await withoutPicker(page)
    await withoutPrivateFiles(page)
  },
}

test('storage of the origin’s own takes an archive until the browser has it', async ({
  page,
  server,
}) => {
  await withoutPicker(page)
  await page.clock.install()
  await openApp(page, server)
  expect(await downloadsRight(page)).toMatchObject({
    report: { sink: 'origin-private', fallbacks: [NO_WORKER, NO_PICKER] },
  })
  expect(await privateFiles(page)).toEqual([expect.stringMatching(/^holdall\/[\w-]+\.zip$/)])
  await page.clock.fastForward('06:00')
  await expect.poll(() => privateFiles(page)).toEqual([])
})

test('a file that the user chooses takes an archive', async ({ page, server }) => {
  await withPicker(page)
  await openApp(page, server)
  const { outcome } = await begin(page, FILES, { name: 'fällt.zip' })
  expect(await outcome).toMatchObject({
    sink: 'save-picker',
    entries: 2,
    fallbacks: [NO_WORKER],
  })
  const asked = await page.evaluate(() => (window as unknown as { asked: unknown }).asked)
  expect(asked).toMatchObject({ suggestedName: 'fällt.zip' })
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(async () => {
      const root = await navigator.storage.getDirectory()
      const link = document.createElement('a')
      link.href = URL.createObjectURL(await (await root.getFileHandle('picked.zip')).getFile())
      link.download = 'copy.zip'
      link.click()
    }),
  ])
  expectRight(await fileOf(download))
})

test('memory takes an archive', async ({ page, server }) => {
  await PAGES.memory(page)
  await openApp(page, server)
  expect(await downloadsRight(page)).toMatchObject({
    report: { sink: 'memory', fallbacks: [NO_WORKER, NO_PICKER, NO_STORAGE] },
  })
})

test('each sink passed over is told when it is, with the fault and its remedy', async ({
  page,
  server,
}) => {
  await withoutPicker(page)
  await openApp(page, server)
  const told = await page.evaluate(async () => {
    const warnings: object[] = []
    const job = window.zip([{ name: 'a', data: 'a' }])
    job.addEventListener('warning', ({ warning }) => warnings.push(warning))
    const { fallbacks } = await job.download()
    return { warnings, fallbacks }
  })
  expect(told.warnings).toEqual(told.fallbacks)
  expect(told.fallbacks).toMatchObject([NO_WORKER, NO_PICKER])
  expect(told.fallbacks[0]!.message).toContain('dist/holdall-sw.js')
})

test('a dialog without a gesture is passed over', async ({ page, server }) => {
  await openApp(page, server)
  const download = page.waitForEvent('download')
  const report = await page.evaluate(async () => {
    while (navigator.userActivation.isActive) await new Promise((next) => setTimeout(next, 100))
    return window.zip([{ name: 'a', data: 'a' }]).download()
  })
  expect(report).toMatchObject({ sink: 'origin-private', fallbacks: [NO_WORKER, NO_PICKER] })
  expect(report.fallbacks[1]!.message).toContain('click')
  await download
})

test('a dialog that is cancelled cancels the download', async ({ page, server }) => {
  await openApp(page, server) // headless Chromium answers its own dialog so
  const { outcome } = await begin(page, FILES)
  expect(await outcome).toMatchObject({ code: 'cancelled', detail: { by: 'browser' } })
  expect(server.sent).toBe(0)
})

test('a job that is cancelled while the dialog is open leaves no file', async ({
  page,
  server,
}) => {
  await withPicker(page)
  await openApp(page, server)
  await page.evaluate(() => {
    const { showSaveFilePicker: pick } = window as unknown as {
      showSaveFilePicker: (options: object) => Promise<FileSystemFileHandle>
    }
    const open = new Promise<void>((resolve) => Object.assign(window, { choose: resolve }))
    const showSaveFilePicker = async (options: object): Promise<FileSystemFileHandle> => {
      const handle = await pick(options)
      await open
      return handle
    }
    Object.assign(window, { showSaveFilePicker })
  })
  const { outcome, call } = await begin(page, FILES)
  await expect.poll(() => privateFiles(page)).toEqual(['picked.zip'])
  await call('cancel')
  expect(await outcome).toMatchObject({ code: 'cancelled', detail: { by: 'page' } })
  await page.evaluate(() => (window as unknown as { choose: () => void }).choose())
  await expect.poll(() => privateFiles(page)).toEqual([])
  expect(server.sent).toBe(0)
})

test('bad input is told before anyone is asked where to save it', async ({ page, server }) => {
  await withPicker(page)
  await openApp(page, server)
  const { outcome } = await begin(page, [])
  expect(await outcome).toMatchObject({ code: 'no-files' })
  expect(await page.evaluate(() => 'asked' in window)).toBe(false)
  expect(await privateFiles(page)).toEqual([])
})

for (const [sink, prepare] of Object.entries(PAGES)) {
  test.describe(`with ${sink} for a sink`, () => {
    let begun = 0

    test.beforeEach(async ({ page, server }) => {
      begun = 0
      page.on('download', () => begun++)
      await prepare(page)
      await openApp(page, server)
    })

    test('a job that is cancelled leaves nothing, and ends every request @alone', async ({
      page,
      server,
    }) => {
      const { outcome, call } = await begin(page, SLOW, { memoryLimit: Infinity })
      await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
      expect(await page.evaluate(() => 'asked' in window)).toBe(sink === 'save-picker')
      await call('cancel')
      expect(await outcome).toMatchObject({ code: 'cancelled', detail: { by: 'page' } })
      await expect.poll(() => server.open, { timeout: 2000 }).toBe(0)
      if (sink !== 'memory') await expect.poll(() => privateFiles(page)).toEqual([])
      expect(begun).toBe(0)
    })

    test('a source that fails leaves nothing', async ({ page, server }) => {
      const { outcome } = await begin(page, BROKEN, { retry: { delay: 1 } })
      expect(await outcome).toMatchObject({
        code: 'source-failed',
        detail: { entry: 'broken.bin' },
      })
      expect(server.sent).toBeGreaterThan(25_000_000)
      expect(server.sent).toBeLessThan(1_000_000_000) // it is not asked for ever, for next to nothing
      if (sink !== 'memory') await expect.poll(() => privateFiles(page)).toEqual([])
      expect(begun).toBe(0)
    })

    test('a job that is paused goes on', async ({ page, server }) => {
      const files = [{ url: '/data/3/30000000?slow=60', name: 'a.bin', size: 30_000_000 }]
      const { outcome, call } = await begin(page, files)
      await expect.poll(() => server.sent).toBeGreaterThan(5_000_000)
      await call('pause')
      const state = page.evaluate(() => (window as unknown as { job: { state: string } }).job.state)
      expect(await state).toBe('paused')
      await call('resume')
      expect(await outcome).toMatchObject({ sink, entries: 1 })
    })
  })
}

test.describe('an archive too large for memory', () => {
  test.beforeEach(async ({ page, server }) => {
    await PAGES.memory(page)
    await openApp(page, server)
  })

  test('is refused before anything is fetched, in words that help', async ({ page, server }) => {
    const { outcome } = await begin(page, [{ url: '/data/1/600000000', size: 600_000_000 }])
    const error = (await outcome) as { message: string; detail: { length: number } }
    expect(error).toMatchObject({
      code: 'too-large-for-memory',
      detail: { limit: 512 * 1024 * 1024 },
    })
    expect(error.detail.length).toBeGreaterThan(600_000_000)
    for (const words of ['memoryLimit', 'fewer files', 'dist/holdall-sw.js']) {
      expect(error.message).toContain(words)
    }
    expect(server.requests.filter((request) => request.includes('/data/'))).toEqual([])
  })

  test('is refused when it passes the limit, if its length is not known', async ({
    page,
    server,
  }) => {
    let begun = 0
    page.on('download', () => begun++)
    const files = [{ url: '/data/1/500000000', name: 'a.bin' }]
    const { outcome } = await begin(page, files, { sizes: 'as-given', memoryLimit: 10_000_000 })
    const error = (await outcome) as object
    expect(error).toMatchObject({ code: 'too-large-for-memory', detail: { limit: 10_000_000 } })
    expect(error).not.toHaveProperty('detail.length')
    await expect.poll(() => server.open).toBe(0)
    expect(server.sent).toBeLessThan(200_000_000)
    expect(begun).toBe(0)
  })
})

test('only the sinks that are allowed are tried', async ({ page, server }) => {
  await openApp(page, server)
  const alone = await begin(page, FILES, { sinks: ['service-worker'] })
  expect(await alone.outcome).toMatchObject({ code: 'service-worker-not-found' })
  expect(server.sent).toBe(0)
  expect(await downloadsRight(page, { sinks: ['memory', 'service-worker'] })).toMatchObject({
    report: { sink: 'memory', fallbacks: [] },
  })
  const wrong = await begin(page, FILES, { sinks: ['disk'] })
  expect(await wrong.outcome).toMatchObject({ code: 'invalid-option', detail: { option: 'sinks' } })
})
