/** The element as a part of its page: without scripts, in forms and shadow roots, among others, taken away. */

import type { HoldallDownloadElement } from 'holdall/widget'
import { digests, expect, fileOf, type Locator, type Page } from './fixtures.ts'
import { element, heard, links, test } from './widget.ts'

const SLOW = '<a href="/data/7/20000000?slow=400" download="slow.bin">slow</a>'

test('is nothing but its links without JavaScript', async ({ browser, server }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  const body = `<!doctype html><title>Page</title><script type="module" src="/widget.js"></script>
    <holdall-download name="all.zip">${links(['a.bin', 1, 3000])}</holdall-download>`
  await page.route('**/page', (route) => route.fulfill({ body, contentType: 'text/html' }))
  await page.goto(`${server.origin}/page`)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'a.bin' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('a.bin')
  await expect(page.getByRole('button')).toHaveCount(0)
  await context.close()
})

test('has attributes and properties that are the same thing', async ({ page, open }) => {
  await open('<holdall-download></holdall-download>')
  const reflected = await page.evaluate(() => {
    const found = document.querySelector('holdall-download')!
    const markup = (): string => found.outerHTML.replace('<holdall-download', '')
    const seen: unknown[] = []
    for (const [name, value] of [
      ['name', 'a.zip'],
      ['manifest', 'list.json'],
      ['htmlFor', 'a'],
      ['locale', 'de'],
      ['preload', 'none'],
      ['missing', 'skip'],
      ['selectable', true],
      ['disabled', true],
    ] as const) {
      const before = found[name]
      Object.assign(found, { [name]: value })
      seen.push([before, markup(), found[name] === value])
      Object.assign(found, { [name]: undefined }) // as templates do with what is not given
      seen.push(markup())
    }
    Object.assign(found, { files: null, options: undefined, text: null })
    return seen
  })
  const gone = '></holdall-download>'
  expect(reflected).toEqual([
    ['', ' name="a.zip"></holdall-download>', true],
    gone,
    ['', ' manifest="list.json"></holdall-download>', true],
    gone,
    ['', ' for="a"></holdall-download>', true],
    gone,
    ['', ' locale="de"></holdall-download>', true],
    gone,
    ['metadata', ' preload="none"></holdall-download>', true],
    gone,
    ['abort', ' missing="skip"></holdall-download>', true],
    gone,
    [false, ' selectable=""></holdall-download>', true],
    gone,
    [false, ' disabled=""></holdall-download>', true],
    gone,
  ])
})

test('has no effect on the form that it is in, but for being disabled with it', async ({
  page,
  open,
}) => {
  await open(`<form onsubmit="window.submitted = true; return false"><fieldset>
    <holdall-download selectable name="all.zip">${links(['a.bin', 1, 3000])}</holdall-download>
    </fieldset></form>`)
  const { button, panel } = element(page)
  await page.getByText('Choose files').click()
  await button.click()
  await expect(panel).toContainText('Downloaded')
  expect(await page.evaluate(() => [...new FormData(document.forms[0])])).toEqual([])
  expect(await page.evaluate(() => 'submitted' in window)).toBe(false)
  await page.evaluate(() => (document.querySelector('fieldset')!.disabled = true))
  await expect(panel.getByRole('button', { name: 'Again' })).toBeDisabled()
})

test('tells the listeners outside of the shadow root that it is in', async ({ page, open }) => {
  await open(`<div id="host"><template shadowrootmode="open"><holdall-download>
    ${links(['a.bin', 1, 3000])}</holdall-download></template></div>`)
  const { button, panel } = element(page)
  await button.click()
  await expect(panel).toContainText('Downloaded')
  expect(await heard(page)).toEqual(['holdall-start', 'holdall-done'])
  expect((await page.evaluate(() => window.heard)).at(-1)!.id).toBe('host')
})

test('runs beside others of its page', async ({ page, open }) => {
  const one = (id: number): string =>
    `<holdall-download id="e${id}" name="${id}.zip">${links([`${id}.bin`, id, 50_000])}</holdall-download>`
  await open([1, 2, 3, 4, 5, 6].map(one).join('\n'))
  for (const id of [1, 6]) await expect(element(page, `#e${id}`).button).toContainText('50.1 kB')
  const downloads: Promise<unknown>[] = []
  page.on('download', (download) => {
    const [id] = download.suggestedFilename().split('.')
    const check = async (): Promise<void> =>
      expect(Object.keys(digests(await fileOf(download)))).toEqual([`${id}.bin`])
    downloads.push(check())
  })
  await page.evaluate(() => {
    for (const found of document.querySelectorAll('holdall-download')) found.start()
  })
  for (const id of [1, 2, 3, 4, 5, 6]) {
    await expect(element(page, `#e${id}`).panel).toContainText('Downloaded')
  }
  expect(downloads).toHaveLength(6)
  await Promise.all(downloads)
})

test('leaves a running download alone when it is taken away, and is there no more', async ({
  page,
  open,
}) => {
  await open(
    `<holdall-download><a href="/data/7/3000000?slow=200" download="a">a</a></holdall-download>`,
  )
  const { button, part } = element(page)
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  await expect(part('pause')).toBeVisible()
  await page.evaluate(() => {
    const found = document.querySelector('holdall-download')!
    Object.assign(window, { gone: new WeakRef(found) })
    found.remove()
  })
  await expect.poll(() => isCollected(page)).toBe(true)
  expect(Object.keys(digests(await fileOf(download)))).toEqual(['a'])
  expect(await heard(page)).toEqual(['holdall-start'])
})

/** Whether what `window.gone` refers to has been collected. */
async function isCollected(page: Page): Promise<boolean> {
  const session = await page.context().newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  await session.detach()
  return page.evaluate(
    () => (window as unknown as { gone: WeakRef<Element> }).gone.deref() === undefined,
  )
}

test('goes on showing its download when it is moved', async ({ page, open }) => {
  await open(`<holdall-download>${SLOW}</holdall-download><div id="there"></div>`)
  const { host, button, panel, part } = element(page)
  await button.click()
  await expect(part('pause')).toBeVisible()
  await host.evaluate((found) => document.querySelector('#there')!.append(found))
  await expect(panel).toContainText('%')
  await part('cancel').click()
  expect(await heard(page)).toEqual(['holdall-start', 'holdall-cancel'])
})

test('looks the same in another document, and so does what is made of it there', async ({
  page,
  open,
}) => {
  const failed: string[] = []
  page.on('pageerror', ({ message }) => failed.push(message))
  await open(
    `<holdall-download preload="none">${links(['a.bin', 1, 3000])}</holdall-download>
     <holdall-download id="stays">${links(['b.bin', 2, 3000])}</holdall-download><iframe></iframe>`,
    { head: '<style>holdall-download { --holdall-accent: rgb(1, 2, 3) }</style>' },
  )
  await page.evaluate(() => {
    const found = document.querySelector('holdall-download')!
    const { contentDocument } = document.querySelector('iframe')!
    contentDocument!.body.append(found)
  })
  const frame = page.frameLocator('main iframe')
  const there = (part: string): Locator => frame.locator(`holdall-download [part~=${part}]`)
  await expect(there('button')).toContainText('1 file')
  await expect(there('button')).toHaveCSS('border-radius', '14px')
  await expect(there('button')).toHaveCSS('display', 'flex')
  await there('button').click()
  await expect(there('panel')).toContainText('Downloaded')
  await expect(there('panel')).toHaveCSS('border-radius', '14px')
  await expect(there('track')).toBeHidden()
  await frame.locator('holdall-download').evaluate((found: HoldallDownloadElement) => {
    found.selectable = true
  })
  await expect(there('selection')).toBeVisible()
  // those that stay, and those that come, are styled as before
  const { button, panel } = element(page, '#stays')
  await button.click()
  await expect(panel).toContainText('Downloaded')
  await expect(panel).toHaveCSS('border-radius', '14px')
  await page.evaluate(() => {
    document
      .querySelector('main')!
      .append(document.querySelector('iframe')!.contentDocument!.querySelector('holdall-download')!)
  })
  await expect(page.locator('holdall-download:not(#stays) [part~=panel]')).toHaveCSS(
    'border-radius',
    '14px',
  )
  expect(failed).toEqual([])
})

test('says so on its button if no more of it can be loaded', async ({ page, open }) => {
  await page.route(/\/assets\/(?!.*css)/, (route) =>
    /page-job|panel|offers/.test(route.request().url()) ? route.abort() : route.continue(),
  )
  await open(`<holdall-download>${links(['a.bin', 1, 3000])}</holdall-download>`)
  const { button, state } = element(page)
  await button.click()
  await expect(button).toContainText('Download failed')
  await expect(button).toContainText('Cannot load a part of holdall')
  expect(await state()).toBe('failed')
  await expect(button).toBeEnabled()
})

test('needs no styles that policies forbid, and styles nothing but itself', async ({
  page,
  open,
}) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  const policy = `default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self'`
  await open(
    `<p>text</p><holdall-download selectable>${links(['a.bin', 1, 3000])}</holdall-download>`,
    { head: `<meta http-equiv="Content-Security-Policy" content="${policy}">` },
  )
  const { button, panel } = element(page)
  await page.getByText('Choose files').click()
  await button.click()
  await expect(panel).toContainText('Downloaded')
  expect(complaints).toEqual([])
  expect(
    await page.evaluate(() => document.styleSheets.length + document.adoptedStyleSheets.length),
  ).toBe(0)
})

test('is styled by custom properties, parts and slots', async ({ page, open }) => {
  await open(
    `<holdall-download><b slot="label">Take them</b><i slot="icon">!</i>
      ${links(['a.bin', 1, 3000])}</holdall-download>`,
    {
      head: `<style>holdall-download { --holdall-accent: rgb(1, 2, 3); --holdall-width: 300px }
        holdall-download::part(button) { border-radius: 3px }
        a { --accent: rgb(9, 9, 9); color: var(--accent) }</style>`,
    },
  )
  const { button } = element(page)
  await expect(button).toHaveCSS('background-color', 'rgb(1, 2, 3)')
  await expect(button).toHaveCSS('border-radius', '3px')
  await expect(button).toHaveCSS('width', '300px')
  await expect(button).toHaveAccessibleName(/Take them 1 file/)
  await expect(page.getByRole('link')).toHaveCSS('color', 'rgb(9, 9, 9)')
})

test('is as wide as it is told, or as what it says, and spares its picture where that is narrow', async ({
  page,
  open,
}) => {
  await open(
    `<holdall-download id="fit">${links(['a.bin', 1, 3000])}</holdall-download>
    <div style="inline-size: 240px"><holdall-download id="narrow">${SLOW}</holdall-download></div>`,
    { head: '<style>#fit { --holdall-width: fit-content }</style>' },
  )
  const fit = element(page, '#fit')
  await expect(fit.button).toContainText('3.13 kB')
  await fit.button.click()
  await expect(fit.panel).toContainText('Downloaded')
  const { width } = (await fit.panel.boundingBox())!
  expect(width).toBeGreaterThan(200)
  expect(width).toBeLessThan(380)
  const narrow = element(page, '#narrow')
  await expect(narrow.part('icon').first()).toBeVisible()
  await narrow.button.click()
  await expect(narrow.panel).toContainText('left')
  await expect(narrow.part('icon').last()).toBeHidden()
  expect((await narrow.panel.boundingBox())!.width).toBe(240)
  await narrow.part('cancel').click()
})

test('gives another element of its kind its own jobs', async ({ page, open }) => {
  const script = `
    const Element = customElements.get('holdall-download')
    customElements.define('own-download', class extends Element {
      createJob(files, { name }) { return super.createJob([{ name: 'own.txt', data: String(files.length) }], { name: 'own-' + name }) }
    })`
  await open(`<own-download name="a.zip">${links(['a.bin', 1, 3000])}</own-download>`, { script })
  const { button } = element(page, 'own-download')
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  expect(download.suggestedFilename()).toBe('own-a.zip')
  expect(Object.keys(digests(await fileOf(download)))).toEqual(['own.txt'])
})

test('takes options', async ({ page, open }) => {
  await open(`<holdall-download>${links(['a.bin', 1, 3000])}</holdall-download>`)
  const { host, button, panel } = element(page)
  await host.evaluate((found: HoldallDownloadElement) => {
    found.options = { name: 'options.zip', sinks: ['memory'] }
  })
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()])
  expect(download.suggestedFilename()).toBe('options.zip')
  await expect(panel).toContainText('Downloaded')
  const { report } = (await page.evaluate(() => window.heard)).at(-1)!.detail
  expect(report).toMatchObject({ sink: 'memory' })
})
