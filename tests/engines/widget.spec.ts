/** The element in each engine: what a page sees of it from its links to their archive. */

import { wholeContent } from '../e2e/content.ts'
import { digests, expect, outcomeOf, sha256, test } from './fixtures.ts'
import type { Page } from './engine.ts'

/** Puts `markup` into the page, with the element defined. */
async function show(app: Page, markup: string): Promise<void> {
  await app.evaluate(async (html) => {
    // by a tag: what a driver runs, and what that imports, may be in a world of its own
    const script = Object.assign(document.createElement('script'), { type: 'module' })
    script.src = '/widget.js'
    document.head.append(script)
    await customElements.whenDefined('holdall-download')
    document.body.innerHTML = html
  }, markup)
}

/** What is to be read on its button, or on the panel in its place. */
const shown = (app: Page): Promise<string> =>
  app.evaluate(() => {
    const parts = document
      .querySelector('holdall-download')!
      .shadowRoot!.querySelectorAll<HTMLElement>('[part=button], [part=panel]')
    const texts = [...parts].filter(({ hidden }) => !hidden).map(({ innerText }) => innerText)
    return texts.join('').replace(/\s+/g, ' ').trim()
  })

/** The names in its list of files to choose of, which is opened. */
const choices = (app: Page): Promise<string[]> =>
  app.evaluate(() => {
    const { shadowRoot } = document.querySelector('holdall-download')!
    const list = shadowRoot!.querySelector<HTMLDetailsElement>('[part=selection]')
    if (list) list.open = true
    const names = shadowRoot!.querySelectorAll('[part=file-name]')
    return [...names].map(({ textContent }) => textContent ?? '')
  })

const press = (app: Page, part: string): Promise<void> =>
  app.evaluate((name) => {
    const { shadowRoot } = document.querySelector('holdall-download')!
    shadowRoot!.querySelector<HTMLElement>(`[part=${name}]`)!.click()
  }, part)

test('the element packs its links, and says what it does', async ({ app, ended }) => {
  await show(
    app,
    `<holdall-download name="photos.zip" selectable>
      <a href="/data/1/3000000" download="a.bin">a</a> <a href="/data/2/40000" download="b.bin">b</a>
      <a href="/data/3/7" download="c.bin">c</a></holdall-download>`,
  )
  await expect.poll(() => shown(app)).toBe('Download all 3 files, 3.04 MB')
  await app.evaluate(() => {
    const found = document.querySelector('holdall-download')!
    window.outcome = new Promise((resolve) => {
      found.addEventListener('holdall-done', ({ detail }) => resolve(detail))
      found.addEventListener('holdall-error', ({ detail }) => resolve(detail.error.message))
    })
  })
  await expect.poll(() => choices(app)).toEqual(['a.bin', 'b.bin', 'c.bin'])
  await app.evaluate(() => {
    const { shadowRoot } = document.querySelector('holdall-download')!
    shadowRoot!.querySelectorAll<HTMLElement>('li input')[1]!.click()
  })
  await expect.poll(() => shown(app)).toMatch(/^Download selected 2 of 3 files, 3.0 MB$/)
  await press(app, 'button')
  const { state, name, path } = await ended()
  expect(await outcomeOf(app)).toMatchObject({ report: { entries: 2, name: 'photos.zip' } })
  expect({ state, name }).toEqual({ state: 'complete', name: 'photos.zip' })
  expect(digests(path)).toEqual({
    'a.bin': sha256(wholeContent(1, 3_000_000)),
    'c.bin': sha256(wholeContent(3, 7)),
  })
  expect(await shown(app)).toBe('Downloaded 2 files, 3.0 MB')
  const done = await app.evaluate(() => document.querySelector(':state(done)') !== null)
  expect(done).toBe(true)
})

test('the element shows how far it is, and is cancelled', async ({ app, ended, engine }) => {
  await show(
    app,
    `<div dir="rtl"><holdall-download locale="de">
      <a href="/data/1/30000000?slow=300" download="a.bin">a</a></holdall-download></div>`,
  )
  await expect.poll(() => shown(app)).toBe('Alle herunterladen 1 Datei, 30 MB')
  await press(app, 'button')
  await expect
    .poll(() => shown(app))
    .toMatch(
      engine === 'chromium'
        ? /^\d+ %, noch \d+ Sek\. [\d,]+ von 30 MB, [\d,]+ MB\/s$/
        : /^\d+ %, noch \d+ Sek\. [\d,]+ von 30 MB, [\d,]+ MB\/s Diese Seite geöffnet lassen$/,
    )
  const width = await app.evaluate(() => {
    const bar = document.querySelector('holdall-download')!.shadowRoot!.querySelector('[part=bar]')!
    return bar.getBoundingClientRect().width
  })
  expect(width).toBeGreaterThan(0)
  await press(app, 'cancel')
  await expect.poll(() => shown(app)).toBe('Alle herunterladen Abgebrochen')
  expect((await ended()).state).not.toBe('complete')
})
