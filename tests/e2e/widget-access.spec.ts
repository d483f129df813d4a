/** The element for everybody: WCAG 2.2 AA in each state, by keyboard, in each language, in what users prefer. */

import { mkdirSync } from 'node:fs'
import { look } from './axe.ts'
import { expect, type Locator, type Page } from './fixtures.ts'
import { element, links, test } from './widget.ts'

const FILES = links(['a.bin', 1, 3000], ['b.bin', 2, 400_000])
/** Minutes of a file. */
const SLOW = '<a href="/data/7/90000000?slow=2000" download="slow.bin">slow</a>'

/** An element in each state, by id. */
const STATES = `
  <holdall-download id="empty"></holdall-download>
  <holdall-download id="idle">${FILES}</holdall-download>
  <holdall-download id="disabled" disabled>${FILES}</holdall-download>
  <holdall-download id="selectable" selectable>${FILES}</holdall-download>
  <holdall-download id="running" name="running.zip">${SLOW}</holdall-download>
  <holdall-download id="paused" name="paused.zip">${SLOW}</holdall-download>
  <holdall-download id="done">${FILES}</holdall-download>
  <holdall-download id="skipped" missing="skip"><a href="/gone.bin" download>gone</a></holdall-download>
  <holdall-download id="failed"><a href="/gone.bin" download>gone</a></holdall-download>
  <holdall-download id="cancelled">${FILES}</holdall-download>`

const PAGE = `<style>
  :root { color-scheme: light dark; font-family: system-ui, sans-serif }
  @media (prefers-color-scheme: dark) { body { background: #0c131b; color: #eaeff4 } a { color: inherit } }
  main { display: grid; gap: 1.5rem; padding: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); align-items: start }
</style>`

/** Brings each into the state that it is called after. */
async function reachStates(page: Page): Promise<void> {
  const press = (id: string): Promise<void> => element(page, `#${id}`).button.click()
  await page.getByText('Choose files').click()
  await page.getByRole('checkbox', { name: 'b.bin' }).uncheck()
  for (const id of ['done', 'skipped', 'failed', 'running', 'paused']) await press(id)
  await page.evaluate(() => {
    const found = document.querySelector<HTMLElementTagNameMap['holdall-download']>('#cancelled')!
    found.start()
    found.cancel()
  })
  await element(page, '#paused').part('pause').click()
  await expect(element(page, '#running').panel).toContainText(/left/)
  await expect(element(page, '#paused').panel).toContainText('Paused')
  await expect(element(page, '#done').panel).toContainText('Downloaded')
  await expect(element(page, '#skipped').panel).toContainText('Downloaded')
  await page.getByText('1 file left out', { exact: true }).click()
  await expect(element(page, '#failed').panel).toContainText('failed')
  await expect(element(page, '#cancelled').button).toContainText('Cancelled')
}

/** A picture of the page, to be looked at. */
async function picture(page: Page, name: string): Promise<void> {
  mkdirSync('reports/widget', { recursive: true })
  await page.screenshot({ path: `reports/widget/${name}.png`, fullPage: true })
}

/** What users may prefer; what is not said is not asked for. */
const PREFERENCES = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  contrast: { contrast: 'more' },
  forced: { forcedColors: 'active', colorScheme: 'dark' },
} as const

test('has nothing that axe complains of, in any state, whatever users prefer', async ({
  page,
  open,
}) => {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await open(`<h1>Downloads</h1>${STATES}`, { head: PAGE })
  await reachStates(page)
  const { width, height } = page.viewportSize()!
  for (const [name, media] of Object.entries(PREFERENCES)) {
    const nothing = { colorScheme: 'light', contrast: null, forcedColors: null } as const
    await page.emulateMedia({ ...nothing, ...media, reducedMotion: 'reduce' })
    await picture(page, name)
    const { violations, passes } = await look(page, name === 'light' ? 'all' : 'colours')
    expect(violations, name).toEqual([])
    const looked =
      name === 'light' ? ['button-name', 'label', 'color-contrast'] : ['color-contrast']
    expect(passes).toEqual(expect.arrayContaining(looked))
    await page.setViewportSize({ width: 320, height: 800 })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(320)
    await picture(page, `${name}-phone`)
    await page.setViewportSize({ width, height })
    await expect(element(page, '#running').panel, 'it is as it was').toContainText(/left/)
  }
})

/** How much what is drawn around the start of `target` differs from the page there: from 1 to 21, as WCAG counts. */
async function contrastAround(page: Page, target: Locator): Promise<number> {
  const { x, y, height } = (await target.boundingBox())!
  const clip = { x: Math.floor(x) - 10, y: Math.floor(y + height / 2), width: 10, height: 1 }
  const picture = await page.screenshot({ clip })
  return page.evaluate(async (base64) => {
    const image = new Image()
    image.src = `data:image/png;base64,${base64}`
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width })
    const context = canvas.getContext('2d')!
    context.drawImage(image, 0, 0)
    const luminances = Array.from({ length: image.width }, (_, index) => {
      const linear = [...context.getImageData(index, 0, 1, 1).data].map((value) =>
        value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      )
      return 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!
    })
    const ground = luminances[0]!
    const contrasts = luminances.map(
      (other) => (Math.max(other, ground) + 0.05) / (Math.min(other, ground) + 0.05),
    )
    return Math.max(...contrasts)
  }, picture.toString('base64'))
}

const ACCENTS = {
  'as it comes': '',
  pale: '--holdall-accent: #ffe9b0; --holdall-on-accent: #222',
  deep: '--holdall-accent: #10182b; --holdall-on-accent: #fff',
} as const

for (const [accent, style] of Object.entries(ACCENTS)) {
  test(`shows that its button has the focus, whatever users prefer, with an accent ${accent}`, async ({
    page,
    open,
  }) => {
    await open(
      `<button id="before">before</button><holdall-download style="${style}">${FILES}</holdall-download>`,
      { head: PAGE },
    )
    const { button } = element(page)
    await expect(button).toContainText('2 files')
    for (const [name, media] of Object.entries(PREFERENCES)) {
      const nothing = { colorScheme: 'light', contrast: null, forcedColors: null } as const
      await page.emulateMedia({ ...nothing, ...media, reducedMotion: 'reduce' })
      await page.locator('#before').focus()
      expect(await contrastAround(page, button), name).toBeLessThan(1.1)
      await page.keyboard.press('Tab')
      await expect(button).toBeFocused()
      expect(await contrastAround(page, button), name).toBeGreaterThanOrEqual(3)
    }
  })
}

test('is worked by keyboard, and keeps the focus where the user is', async ({ page, open }) => {
  await open(
    `<button id="before">before</button><holdall-download selectable>${SLOW}</holdall-download>`,
  )
  const { button, panel, part } = element(page)
  await expect(part('selection')).toBeVisible()
  await page.locator('#before').focus()
  await page.keyboard.press('Tab')
  await expect(button).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(panel).toBeFocused()
  await expect(part('pause')).toBeVisible()
  await page.keyboard.press('Tab')
  await expect(part('pause')).toBeFocused()
  await page.keyboard.press('Space')
  await expect(panel).toContainText('Paused')
  await page.keyboard.press('Space')
  await expect(panel).not.toContainText('Paused')
  await page.keyboard.press('Tab')
  await expect(part('cancel')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(button).toBeFocused()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  const box = page.getByRole('checkbox', { name: 'slow.bin' })
  await expect(box).toBeVisible()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await expect(box).toBeFocused()
  await page.keyboard.press('Space')
  await expect(button).toBeDisabled()
})

test('keeps the focus when a download ends under it', async ({ page, open }) => {
  await open(
    `<holdall-download name="letter.zip"><a href="/data/7/3000000?slow=300" download="a">a</a></holdall-download>`,
  )
  const { host, button, panel, part } = element(page)
  await expect(button).toContainText('3.0 MB')
  await button.click()
  await expect(panel).toHaveAccessibleName('letter.zip')
  await part('cancel').focus()
  await expect(panel).toContainText('Downloaded')
  await expect(panel).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(part('again')).toBeFocused()
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
  await host.evaluate((found) => (found as HTMLElement).focus())
  await expect(panel).toBeFocused()
})

test('leaves the page where it was scrolled to when a download ends', async ({ page, open }) => {
  await open(
    `<holdall-download><a href="/data/7/3000000?slow=1000" download="a">a</a></holdall-download>
    <div style="block-size: 400vh"></div>`,
  )
  const { button, panel, part } = element(page)
  await expect(button).toContainText(/3\.0\sMB/)
  await button.click()
  await expect(part('pause')).toBeVisible()
  await part('cancel').focus()
  await page.evaluate(() => scrollTo(0, innerHeight * 2))
  await expect(panel).not.toBeInViewport()
  await expect(panel).toContainText('Downloaded')
  await expect(panel).toBeFocused()
  await expect(panel).not.toBeInViewport()
})

test('shows which of its buttons do nothing while it is disabled', async ({ page, open }) => {
  await open(
    `<fieldset><holdall-download id="failed"><a href="/gone.bin" download>gone</a></holdall-download>
    <holdall-download id="done">${FILES}</holdall-download></fieldset>`,
  )
  await element(page, '#failed').button.click()
  await element(page, '#done').button.click()
  const retry = element(page, '#failed').part('retry')
  const again = element(page, '#done').part('again')
  for (const button of [retry, again]) {
    await expect(button).toBeEnabled()
    await expect(button).toHaveCSS('opacity', '1')
    await expect(button).toHaveCSS('cursor', 'pointer')
  }
  await page.evaluate(() => (document.querySelector('fieldset')!.disabled = true))
  for (const button of [retry, again]) {
    await expect(button).toBeDisabled()
    await expect(button).toHaveCSS('opacity', '0.5')
    await expect(button).toHaveCSS('cursor', 'not-allowed')
  }
})

test('has targets that fingers find', async ({ page, open }) => {
  await open(STATES, { head: PAGE })
  await reachStates(page)
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('holdall-download')]
      .flatMap((found) => [...found.shadowRoot!.querySelectorAll('button, summary, label')])
      .map((target) => target.getBoundingClientRect())
      .filter(({ width, height }) => width > 0 && Math.min(width, height) < 24),
  )
  expect(small).toEqual([])
})

const languages = {
  en: ['Download all', '2 files, 403 kB'],
  de: ['Alle herunterladen', '2 Dateien, 403 kB'],
  fr: ['Tout télécharger', '2 fichiers, 403 ko'],
  es: ['Descargar todo', '2 archivos, 403 kB'],
  ja: ['すべてダウンロード', '2 個のファイル、403 KB'],
  zh: ['全部下载', '2 个文件，403 kB'],
} as const

for (const [locale, [title, detail]] of Object.entries(languages)) {
  test(`speaks the language of its page: ${locale}`, async ({ page, open, server }) => {
    await open(`<holdall-download>${FILES}</holdall-download>`, { lang: locale })
    const { button, part } = element(page)
    await expect(button).toContainText(title)
    await expect(part('detail').first()).toHaveText(spaced(detail))
    await expect(part('base')).toHaveAttribute('lang', locale)
    const loaded = server.requests.filter((request) => /text-/.test(request))
    expect(loaded).toHaveLength(locale === 'en' ? 0 : 1)
  })
}

/** A pattern of `words` with whatever kind of spaces. */
function spaced(words: string): RegExp {
  return new RegExp(`^${words.replaceAll(' ', '\\s')}$`)
}

test('says no word before it knows its language, and English if that cannot be had', async ({
  page,
  open,
}) => {
  let refuse = (): void => undefined
  const refused = new Promise<void>((resolve) => (refuse = resolve))
  await page.route('**/assets/text-de*', async (route) => {
    await refused
    await route.abort()
  })
  await open(`<holdall-download>${FILES}</holdall-download>`, { lang: 'de' })
  const { host, button } = element(page)
  await expect(host).toHaveJSProperty('state', 'idle')
  await expect(button).toHaveText('')
  refuse()
  await expect(button).toContainText('Download all')
})

test('speaks that of its attribute, and changes it', async ({ page, open }) => {
  await open(`<div lang="fr"><holdall-download locale="de-AT">${FILES}</holdall-download></div>`)
  const { host, button } = element(page)
  await expect(button).toContainText('Alle herunterladen')
  await host.evaluate((found) => found.setAttribute('locale', 'pt-BR'))
  await expect(button).toContainText('Download all') // there is none in Portuguese
  await host.evaluate((found) => found.removeAttribute('locale'))
  await expect(button).toContainText('Tout télécharger')
  await page.evaluate(() => document.querySelector('div')!.setAttribute('lang', 'es'))
  await expect(button).toContainText('Descargar todo')
})

test('says what its page would rather have it say, with the numbers of that language', async ({
  page,
  open,
}) => {
  await open(`<holdall-download dir="rtl" locale="ar-EG">${FILES}</holdall-download>`, {
    before: `document.querySelector('holdall-download').text = {
      download: 'تنزيل الكل', files: (count, formatted) => formatted + ' ملفات', separator: '، ' }`,
  })
  const { button, part } = element(page)
  await expect(button).toContainText('تنزيل الكل')
  await expect(part('detail').first()).toHaveText(/^٢ ملفات، ٤٠٣/)
  await expect(part('base')).toHaveAttribute('lang', 'ar-EG')
})

test('is mirrored where text runs from right to left', async ({ page, open }) => {
  await open(`<div dir="rtl"><holdall-download>${SLOW}</holdall-download></div>`)
  const { button, panel, part } = element(page)
  await button.click()
  await expect(panel).toContainText('left')
  const [icon, cancel, bar, track] = await Promise.all(
    ['icon', 'cancel', 'bar', 'track'].map((name) =>
      part(name)
        .last()
        .evaluate((found) => found.getBoundingClientRect().toJSON() as DOMRect),
    ),
  )
  expect(icon!.left).toBeGreaterThan(cancel!.right)
  expect(bar!.right).toBeCloseTo(track!.right, 0)
  expect(bar!.left).toBeGreaterThan(track!.left)
})

test('does not move where that is not wanted', async ({ page, open }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await open(`<holdall-download>${SLOW}</holdall-download>`)
  const { button, part } = element(page)
  await button.click()
  await expect(part('bar')).toHaveCSS('transition-property', 'none')
  await expect(button).toHaveCSS('transition-property', 'none')
})
