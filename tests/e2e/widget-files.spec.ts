/** What the element packs: links, a selector's links, a manifest, files of a property; all or some. */

import type { HoldallDownloadElement } from 'holdall/widget'
import { content } from './content.ts'
import { digests, expect, fileOf, sha256, type Download, type Page } from './fixtures.ts'
import { element, links, test } from './widget.ts'

const A = ['a.bin', 1, 300_000] as const
const B = ['B/b.bin', 2, 40_000] as const
const bytesOf = ([, seed, size]: typeof A | typeof B): string =>
  sha256(Buffer.concat([...content(seed, size)]))

/** Presses the button, and gives the download that begins. */
async function press(page: Page, selector?: string): Promise<Download> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    element(page, selector).button.click(),
  ])
  return download
}

const namesIn = async (download: Download): Promise<string[]> =>
  Object.keys(digests(await fileOf(download)))

test('packs the links that it is wrapped around, and says beforehand what they come to', async ({
  page,
  open,
}) => {
  await open(`<holdall-download name="photos.zip">${links(A, B)}</holdall-download>`)
  await expect(element(page).button).toHaveAccessibleName('Download all 2 files, 340 kB')
  await expect(page.getByRole('link', { name: 'a.bin' })).toBeVisible()
  const download = await press(page)
  expect(download.suggestedFilename()).toBe('photos.zip')
  expect(digests(await fileOf(download))).toEqual({ 'a.bin': bytesOf(A), 'B/b.bin': bytesOf(B) })
})

test('packs what can be packed, and each file once', async ({ page, open }) => {
  await open(`<holdall-download>${links(A, A)}
    <a href="#top">Top</a> <a href="mailto:a@example.org">Write</a> <a>nothing</a>
    <a href="javascript:void 0">Script</a>
    <a href="/data/3/7">no name</a> <a href="data:text/plain,hello" download="hello.txt">data</a>
  </holdall-download>`)
  expect((await namesIn(await press(page))).toSorted()).toEqual(['7', 'a.bin', 'hello.txt'])
})

test('follows links that come, change and go', async ({ page, open }) => {
  await open(`<holdall-download>${links(A)}</holdall-download>`)
  const { part } = element(page)
  await expect(part('button')).toContainText('1 file, 300 kB')
  await page.evaluate((more) => {
    document.querySelector('holdall-download')!.insertAdjacentHTML('beforeend', `<p>${more}</p>`)
  }, links(B))
  await expect(part('button')).toContainText('2 files, 340 kB')
  await page.evaluate(() => document.querySelector('a')!.setAttribute('href', '/data/1/100000'))
  await expect(part('button')).toContainText('2 files, 140 kB')
  await page.evaluate(() => document.querySelector('p')!.remove())
  await expect(part('button')).toContainText('1 file, 100 kB')
  await page.evaluate(() => document.querySelector('a')!.remove())
  await expect(part('button')).toContainText('No files')
  await expect(part('button')).toBeDisabled()
})

test('takes sizes from data-size, and asks no server for them', async ({ page, open, server }) => {
  await open(`<holdall-download>
    <a href="/data/1/5000" data-size="5000">a</a> <a href="/data/2/70000" data-size="70000">b</a>
  </holdall-download>`)
  await expect(element(page).button).toContainText('2 files, 75.2 kB')
  expect(server.requests.filter((request) => request.includes('/data/'))).toEqual([])
})

test('packs the links that `for` finds, as they come and go', async ({ page, open }) => {
  await open(`<ul class="gallery"><li>${links(A)}</li></ul> <p>${links(['no.bin', 9, 9])}</p>
    <holdall-download for=".gallery a"></holdall-download>`)
  const { host, button } = element(page)
  await expect(button).toContainText('1 file, 300 kB')
  await page.evaluate(() => document.querySelector('p')!.classList.add('gallery'))
  await expect(button).toContainText('2 files')
  await host.evaluate((found) => found.setAttribute('for', 'p.gallery a'))
  await expect(button).toContainText('1 file, 1')
  expect(await namesIn(await press(page))).toEqual(['no.bin'])
})

test('looks for links where it is: in its shadow root, if that is in one', async ({
  page,
  open,
}) => {
  await open(`<p>${links(A)}</p><div id="host"><template shadowrootmode="open">
    <p>${links(B)}</p><holdall-download for="p a"></holdall-download></template></div>`)
  expect(await namesIn(await press(page))).toEqual(['B/b.bin'])
})

test('packs the files of a manifest, under its name', async ({ page, open }) => {
  await page.route('**/lists/album.json', (route) =>
    route.fulfill({
      json: {
        name: 'album.zip',
        files: [{ url: '../data/1/300000', name: 'a.bin' }, { url: '/data/2/40000' }],
      },
    }),
  )
  await open(`<holdall-download manifest="lists/album.json"></holdall-download>`)
  await expect(element(page).button).toContainText('2 files, 340 kB')
  const download = await press(page)
  expect(download.suggestedFilename()).toBe('album.zip')
  expect((await namesIn(download)).toSorted()).toEqual(['40000', 'a.bin'])
})

test('packs the files of its property, wherever they come from', async ({ page, open }) => {
  await open(`<holdall-download name="own.zip">${links(A)}</holdall-download>`)
  await page.evaluate(() => {
    async function* files() {
      yield { name: 'text.txt', data: 'text' }
      yield new File(['file'], 'file.txt')
      yield new URL('/data/2/40000', location.href)
    }
    document.querySelector('holdall-download')!.files = files()
  })
  await expect(element(page).button).toContainText('3 files')
  expect(digests(await fileOf(await press(page)))).toEqual({
    'text.txt': sha256('text'),
    'file.txt': sha256('file'),
    '40000': bytesOf(B),
  })
  await page.evaluate(() => (document.querySelector('holdall-download')!.files = undefined))
  await expect(element(page).button).toContainText('1 file, 300 kB')
})

test('waits for a list that takes its time', async ({ page, open }) => {
  await open('<holdall-download></holdall-download>')
  await page.evaluate(() => {
    async function* files() {
      yield { name: 'first.txt', data: 'first' }
      document.documentElement.dataset['listing'] = ''
      await new Promise((resolve) => addEventListener('listed', resolve, { once: true }))
      yield { name: 'last.txt', data: 'last' }
    }
    document.querySelector('holdall-download')!.files = files()
  })
  const { button } = element(page)
  await page.waitForSelector('html[data-listing]')
  await expect(button).toBeDisabled()
  await page.evaluate(() => dispatchEvent(new Event('listed')))
  await expect(button).toContainText('2 files')
  expect(await namesIn(await press(page))).toEqual(['first.txt', 'last.txt'])
})

test('takes what was set before it was defined', async ({ page, open }) => {
  const before = `Object.assign(document.querySelector('holdall-download'), {
    files: [{ name: 'early.txt', data: 'early' }],
    text: { download: 'Take it' },
    options: { onError: 'skip' },
    name: 'early.zip',
    locale: 'de',
  })`
  await open('<holdall-download></holdall-download>', { before })
  await expect(element(page).button).toHaveAccessibleName(/Take it 1 Datei/)
  const download = await press(page)
  expect(download.suggestedFilename()).toBe('early.zip')
  expect(await namesIn(download)).toEqual(['early.txt'])
})

test('prefers its property to the manifest, that to `for`, and that to its own links', async ({
  page,
  open,
}) => {
  await page.route('**/list.json', (route) =>
    route.fulfill({ json: { files: [{ url: '/data/1/1000' }, { url: '/data/1/1001' }] } }),
  )
  await open(`<p>${links(A, B, ['c', 3, 3])}</p><holdall-download>${links(A)}</holdall-download>`)
  const { host, button } = element(page)
  await expect(button).toContainText('1 file,')
  await host.evaluate((found: HoldallDownloadElement) => (found.htmlFor = 'p a'))
  await expect(button).toContainText('3 files,')
  await host.evaluate((found: HoldallDownloadElement) => (found.manifest = 'list.json'))
  await expect(button).toContainText('2 files,')
  await host.evaluate((found: HoldallDownloadElement) => {
    found.files = ['/data/1/1', '/data/1/2', '/data/1/3', '/data/1/4']
  })
  await expect(button).toContainText('4 files,')
})

test('asks for sizes when it comes into view, and with preload="none" not before the click', async ({
  page,
  open,
  server,
}) => {
  const asked = (): string[] => server.requests.filter((request) => request.includes('/data/'))
  await open(`<holdall-download id="none" preload="none">${links(B)}</holdall-download>
    <div style="height: 300vh"></div><holdall-download id="far">${links(A)}</holdall-download>
    <holdall-download id="later" hidden>${links(['c.bin', 3, 3])}</holdall-download>`)
  await expect(element(page, '#far').button).toContainText('1 file')
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
  expect(asked()).toEqual([])
  await page.locator('#far').scrollIntoViewIfNeeded()
  await expect(element(page, '#far').button).toContainText('300 kB')
  expect(asked()).toEqual(['HEAD /data/1/300000'])
  await expect(element(page, '#none').button).toHaveAccessibleName('Download all 1 file')
  expect(await namesIn(await press(page, '#none'))).toEqual(['B/b.bin'])
})

test('asks for sizes once: the job that knew them is the one that is run', async ({
  page,
  open,
  server,
}) => {
  await open(`<holdall-download>${links(A)}</holdall-download>`)
  await expect(element(page).button).toContainText('300 kB')
  await fileOf(await press(page))
  const asked = server.requests.filter((request) => request.includes('/data/'))
  expect(asked).toEqual(['HEAD /data/1/300000', 'GET /data/1/300000'])
})

test('tries anew on the click what could not be had before it', async ({ page, open }) => {
  let asked = 0
  let answers = false
  await page.route('**/list.json', (route) =>
    ++asked && answers
      ? route.fulfill({ json: { files: [{ url: '/data/1/1000', name: 'late.bin' }] } })
      : route.fulfill({ status: 404 }),
  )
  await open('<holdall-download manifest="list.json"></holdall-download>')
  await expect.poll(() => asked).toBe(1)
  answers = true
  expect(await namesIn(await press(page))).toEqual(['late.bin'])
})
