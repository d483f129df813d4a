/** The element through a download: its states, its events, what its buttons do, and how it ends. */

import type { ServerResponse } from 'node:http'
import type { FileInput } from 'holdall'
import type { HoldallDownloadElement } from 'holdall/widget'
import { digests, expect, fileOf, type Page } from './fixtures.ts'
import { element, heard, links, test } from './widget.ts'

/** Eight seconds of a file. */
const SLOW = '<a href="/data/7/20000000?slow=400" download="slow.bin">slow</a>'

/** Whether a style sheet finds the element by `:state(…)`. */
const matches = (page: Page, state: string): Promise<boolean> =>
  page.evaluate((name) => document.querySelector(`holdall-download:state(${name})`) !== null, state)

test('goes from idle to done, and says so to its page, its readers and its style sheets', async ({
  page,
  open,
}) => {
  await open(
    `<holdall-download id="one" name="one.zip">${links(['a.bin', 1, 3_000_000])}</holdall-download>`,
  )
  const { button, panel, part, state } = element(page)
  await expect(button).toContainText('3.0 MB')
  expect(await state()).toBe('idle')
  expect(await matches(page, 'idle')).toBe(true)
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  await expect(panel).toContainText('Downloaded')
  await expect(panel).toContainText('1 file, 3.0 MB')
  await expect(part('track')).toBeHidden()
  await expect(page.getByRole('status')).toHaveText('Downloaded, 1 file, 3.0 MB')
  expect(await state()).toBe('done')
  expect(await matches(page, 'done')).toBe(true)
  expect(await matches(page, 'idle')).toBe(false)

  expect(await heard(page)).toEqual(['holdall-start', 'holdall-done'])
  const events = await page.evaluate(() => window.heard)
  expect(events.map(({ id }) => id)).toEqual(events.map(() => 'one'))
  const { report } = events.at(-1)!.detail as { report: { name: string; entries: number } }
  expect(report).toMatchObject({ name: 'one.zip', entries: 1, sink: 'service-worker' })
  expect(Object.keys(digests(await fileOf(download)))).toEqual(['a.bin'])
})

test('shows how far it is, how fast, and how long yet', async ({ page, open }) => {
  await open(`<holdall-download>${SLOW}</holdall-download>`)
  const { button, panel, part } = element(page)
  await expect(page.getByRole('status')).toBeAttached()
  const told = await page.evaluateHandle(() => {
    const told: (string | null)[] = []
    const status = document.querySelector('holdall-download')!.shadowRoot!.querySelector('p')!
    const written = (): unknown => told.push(status.textContent)
    new MutationObserver(written).observe(status, { childList: true, subtree: true })
    return told
  })
  await button.click()
  await expect(panel).toContainText(/\d+%, \d+\ssec left/)
  await expect(panel).toContainText(/[\d.]+ of 20\sMB, [\d.]+\sMB\/s/)
  const bar = page.getByRole('progressbar', { name: 'Progress' })
  await expect(bar).toHaveAttribute('aria-valuetext', /%/)
  expect(Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(0)
  await expect(page.getByRole('status')).toContainText('Downloading')
  const progressed = (): Promise<number> =>
    page.evaluate(() => window.heard.filter(({ type }) => type === 'holdall-progress').length)
  await expect.poll(progressed).toBeGreaterThan(4)
  const events = await page.evaluate(() => window.heard)
  // what is written anew is read anew
  const words = await told.jsonValue()
  expect(words).toEqual([...new Set(words)])
  expect(events.find(({ type }) => type === 'holdall-progress')?.detail).toMatchObject({
    progress: { total: expect.any(Number), bytes: expect.any(Number) },
  })
  await part('cancel').click()
})

test('is held up and goes on, by its button and by its methods', async ({ page, open }) => {
  await open(`<holdall-download>${links(['a.bin', 1, 60_000_000])}</holdall-download>`)
  const { host, button, panel, part, state } = element(page)
  // its rate is whatever it is: what is seen of it must wait until it is held up
  await host.evaluate((found: HoldallDownloadElement) =>
    found.addEventListener('holdall-progress', () => found.pause(), { once: true }),
  )
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  await expect(panel).toContainText('Paused')
  expect(await state()).toBe('paused')
  expect(await matches(page, 'paused')).toBe(true)
  await expect(part('pause')).toHaveAccessibleName('Resume')
  await part('pause').click()
  await expect(panel).toContainText('Downloaded')
  await fileOf(download)
})

test('can be held up whenever its job can', async ({ page, open }) => {
  const script = `
    const Element = customElements.get('holdall-download')
    customElements.define('own-download', class extends Element {
      async createJob() {
        const job = new EventTarget()
        job.plan = job.download = () => new Promise(() => {})
        job.pause = () => this.become('paused')
        job.resume = () => this.become('running')
        this.become = (state) => job.dispatchEvent(Object.assign(new Event('statechange'), { state }))
        return job
      }
    })`
  await open(`<own-download>${SLOW}</own-download>`, { script })
  const { host, button, panel, part } = element(page, 'own-download')
  await button.click()
  await expect(panel).toContainText('Getting ready')
  const become = (state: string): Promise<void> =>
    host.evaluate((found, name) => Object(found).become(name), state)
  await expect(part('pause')).toBeHidden()
  for (const state of ['waiting', 'taken-over']) {
    await become(state)
    await expect(part('pause')).toBeVisible()
    await part('pause').click()
    await expect(panel).toContainText('Paused')
  }
  await become('stalled') // nobody would hear of it
  await expect(part('pause')).toBeHidden()
})

test('is cancelled by its button, and begins anew', async ({ page, open, server }) => {
  await open(`<holdall-download>${SLOW}</holdall-download>`)
  const { button, part, state } = element(page)
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  await expect(part('pause')).toBeVisible()
  await part('cancel').click()
  await expect(button).toHaveAccessibleName('Download all Cancelled')
  expect(await state()).toBe('cancelled')
  expect(await download.failure()).not.toBeNull()
  await expect.poll(() => server.open).toBe(0)
  expect(await heard(page)).toEqual(['holdall-start', 'holdall-cancel'])
  expect((await page.evaluate(() => window.heard)).at(-1)!.detail).toEqual({ by: 'page' })
  await button.click()
  await expect(part('pause')).toBeVisible()
  await part('cancel').click()
})

test('takes a double click for one, on what comes under the pointer, too', async ({
  page,
  open,
}) => {
  await open(`<holdall-download>${SLOW}</holdall-download>`)
  const { button, part } = element(page)
  await expect(button).toContainText(/20\sMB/)
  await expect(part('panel')).toBeAttached()
  const { width, height } = (await button.boundingBox())!
  await button.dblclick({ position: { x: width - 30, y: height / 2 } })
  await expect(part('pause')).toBeVisible()
  expect(await heard(page)).toEqual(['holdall-start'])
  await part('cancel').dblclick()
  await expect(button).toContainText('Cancelled')
  expect(await heard(page)).toEqual(['holdall-start', 'holdall-cancel'])
})

test('can be cancelled before there is a job', async ({ page, open }) => {
  await open(`<holdall-download preload="none">${SLOW}</holdall-download>`)
  await page.evaluate(() => {
    const found = document.querySelector('holdall-download')!
    found.start()
    found.cancel()
  })
  await expect(element(page).button).toContainText('Cancelled')
  expect(await heard(page)).toEqual(['holdall-start', 'holdall-cancel'])
})

test('says which file could not be had, and tries again', async ({ page, open }) => {
  let there = false
  await page.route('**/gone.bin', (route) =>
    there ? route.fulfill({ body: 'back' }) : route.fulfill({ status: 404 }),
  )
  await open('<holdall-download><a href="/gone.bin" download>gone</a></holdall-download>')
  const { button, panel, part, state } = element(page)
  await button.click()
  await expect(panel).toContainText('Download failed')
  await expect(panel).toContainText('“gone.bin” could not be downloaded.')
  expect(await state()).toBe('failed')
  expect(await heard(page)).toEqual(['holdall-start', 'holdall-error'])
  const told = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const found = document.querySelector('holdall-download')!
        found.addEventListener('holdall-error', ({ detail }) =>
          resolve('code' in detail.error && detail.error.code),
        )
        found.start()
      }),
  )
  expect(told).toBe('source-failed')
  there = true
  await part('retry').click()
  await expect(panel).toContainText('Downloaded')
})

test('lists the files that it left out, where `missing` allows that', async ({ page, open }) => {
  await open(`<holdall-download missing="skip"><a href="/gone.bin" download="Gone.bin">gone</a>
    ${links(['a.bin', 1, 1000])}</holdall-download>`)
  const { button, panel, part } = element(page)
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  await expect(panel).toContainText('Downloaded')
  await expect(panel).toContainText('1 file')
  await page.getByText('1 file left out', { exact: true }).click()
  await expect(part('failures').getByRole('listitem')).toHaveText(['Gone.bin'])
  expect(Object.keys(digests(await fileOf(download)))).toEqual(['a.bin', 'holdall-report.txt'])
  expect(await page.getByRole('status').textContent()).toContain('1 file left out')
})

test('does nothing if its start is prevented, while it is disabled, or while it runs', async ({
  page,
  open,
  server,
}) => {
  await open(`<holdall-download preload="none">${SLOW}</holdall-download>`)
  const { host, button, part, state } = element(page)
  await page.evaluate(() =>
    addEventListener('holdall-start', (event) => event.preventDefault(), { once: true }),
  )
  await button.click()
  expect(await state()).toBe('idle')
  await host.evaluate((found: HoldallDownloadElement) => {
    found.disabled = true
    found.start()
    found.disabled = false
  })
  expect(await state()).toBe('idle')
  expect(server.requests.filter((request) => request.includes('/data/'))).toEqual([])
  await button.click()
  await expect(part('pause')).toBeVisible()
  await host.evaluate((found: HoldallDownloadElement) => found.start())
  expect(await heard(page)).toEqual(['holdall-start', 'holdall-start'])
  await part('cancel').click()
})

test.describe('without a service worker', () => {
  const missing = (response: ServerResponse): void => void response.writeHead(404).end()
  test.use({ serverOptions: { routes: { '/holdall-sw.js': missing } } })

  test('says that its page saves the archive where the browser cannot, and why', async ({
    page,
    open,
  }) => {
    await open(`<holdall-download>${SLOW}</holdall-download>`)
    const { host, button, panel, part } = element(page)
    await host.evaluate((found: HoldallDownloadElement) => {
      found.options = { sinks: ['service-worker', 'memory'] }
    })
    await button.click()
    await expect(panel).toContainText('This page saves it: keep it open')
    await expect(page.getByRole('status')).toContainText('keep it open')
    expect(await heard(page)).toEqual(['holdall-start', 'holdall-fallback'])
    const { fallback } = (await page.evaluate(() => window.heard)).find(
      ({ type }) => type === 'holdall-fallback',
    )!.detail
    expect(fallback).toMatchObject({ sink: 'service-worker', code: 'service-worker-not-found' })
    await part('cancel').click()
    await expect(button).toContainText('Cancelled')
  })
})

test('packs files at once that it has just been given', async ({ page, open }) => {
  await open('<holdall-download></holdall-download>')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(() => {
      const found = document.querySelector('holdall-download')!
      found.files = [{ name: 'now.txt', data: 'now' }]
      found.start()
    }),
  ])
  expect(Object.keys(digests(await fileOf(download)))).toEqual(['now.txt'])
  await expect(element(page).panel).toContainText('Downloaded')
})

test('tells which files it is about to pack', async ({ page, open, server }) => {
  await page.route('**/list.json', (route) =>
    route.fulfill({ json: { files: [{ url: '/data/1/1000' }] } }),
  )
  await open('<holdall-download manifest="list.json"></holdall-download>', {
    script: `addEventListener('holdall-start', (event) => event.preventDefault())`,
  })
  const { host, button } = element(page)
  await expect(button).toContainText('1 file, 1')
  await button.click()
  await host.evaluate((found: HoldallDownloadElement) => (found.files = ['/data/2/2000']))
  await expect(button).toContainText('1 file, 2')
  await button.click()
  const details = (await page.evaluate(() => window.heard)).map(({ detail }) => detail)
  expect(details).toEqual([{ files: `${server.origin}/list.json` }, { files: ['/data/2/2000'] }])
})

test('shows an end no longer than its files are the same', async ({ page, open }) => {
  await open(`<holdall-download>${links(['a.bin', 1, 1000])}</holdall-download>`)
  const { host, button, panel } = element(page)
  await button.click()
  await expect(panel).toContainText('Downloaded')
  await host.evaluate((found) => found.parentElement!.append(found)) // as a page does that sorts
  await expect(panel).toContainText('Downloaded')
  await page.evaluate(
    (more) => {
      document.querySelector('holdall-download')!.insertAdjacentHTML('beforeend', more)
    },
    links(['b.bin', 2, 1000]),
  )
  await expect(button).toContainText('2 files')
})

test('keeps what it shows when it is given the same files once more', async ({ page, open }) => {
  await open('<holdall-download></holdall-download>')
  const { host, button, panel } = element(page)
  const give = (size: number): Promise<void> =>
    host.evaluate((found: HoldallDownloadElement, bytes) => {
      found.files = [{ url: `/data/1/${bytes}`, name: 'a.bin' }]
    }, size)
  await give(1000)
  await button.click()
  await expect(panel).toContainText('Downloaded')
  await give(1000)
  await expect(panel).toContainText('Downloaded')
  await give(2000)
  await expect(button).toContainText('1 file, 2')
  await host.evaluate((found: HoldallDownloadElement) => {
    const files = found.files as FileInput[]
    files.push('/data/2/2000')
    found.files = files
  })
  await expect(button).toContainText('2 files, 4')
})

test('asks before its page is left, and says so, while it runs and would end with it', async ({
  page,
  open,
}) => {
  const { host, button, part } = element(page)
  /** Whether the page would ask. */
  const asks = (): Promise<boolean> =>
    page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })))
  for (const resumable of [true, false]) {
    await open(`<holdall-download>${SLOW}</holdall-download>`)
    await host.evaluate(
      (found: HoldallDownloadElement, options) => {
        found.options = options
      },
      { resumable },
    )
    expect(await asks()).toBe(false)
    await button.click()
    await expect(part('pause')).toBeVisible()
    expect(await asks(), 'Chromium has the service worker go on').toBe(!resumable)
    await expect(part('note')).toHaveText(resumable ? '' : 'Keep this page open')
    await part('cancel').click()
    await expect(button).toBeVisible()
    expect(await asks()).toBe(false)
  }
})
