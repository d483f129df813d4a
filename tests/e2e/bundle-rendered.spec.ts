/** Pages that are rendered for a bundle: what they show is taken along, and what they try does no harm. */

import { execFileSync } from 'node:child_process'
import { bundleApp } from './bundle-app.ts'
import { expect, fileOf, test, type Page } from './fixtures.ts'

const svg = (color: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><rect width="8" height="8" fill="${color}"/></svg>`

test.use({
  serverOptions: {
    root: bundleApp,
    routes: {
      '/look/shown.css': (response) =>
        response
          .writeHead(200, { 'Content-Type': 'text/css' })
          .end('@import "more.css"; h1 { color: rgb(1, 1, 1) }'),
      '/look/plain.css': (response) =>
        response.writeHead(200, { 'Content-Type': 'text/css' }).end('h3 { color: rgb(7, 7, 7) }'),
      '/look/more.css': (response) =>
        response.writeHead(200, { 'Content-Type': 'text/css' }).end('h2 { color: rgb(2, 2, 2) }'),
      '/look/dot.svg': (response) =>
        response.writeHead(200, { 'Content-Type': 'image/svg+xml' }).end(svg('red')),
    },
  },
})

/** Exports the page at `/shown`, and gives its form for a disk. */
async function rendered(page: Page, ready?: string): Promise<{ html: string; warnings: string[] }> {
  const [download, warnings] = await Promise.all([
    page.waitForEvent('download'),
    page.evaluate(async (selector) => {
      const route = { url: '/shown', render: true, ...(selector !== null && { ready: selector }) }
      const job = window.exportBundle({
        name: 'shown.zip',
        caches: [],
        routes: [route],
        start: '/shown',
      })
      const report = await job.download()
      return report.warnings.map(({ code }) => code)
    }, ready ?? null),
  ])
  const html = execFileSync('unzip', ['-p', await fileOf(download), 'shown.html'], {
    encoding: 'utf8',
  })
  return { html, warnings }
}

test('a page that wants no frame around it leaves the tab alone, and asks nobody', async ({
  page,
  server,
}) => {
  server.pages.set(
    '/shown',
    `<!doctype html><title>Shown</title><p id="app"></p>
    <script>
      try { top.location.href = '/elsewhere' } catch {}
      alert('Is anybody there?')
      document.querySelector('#app').textContent = navigator.serviceWorker.controller ? 'kept' : 'alone'
    </script>`,
  )
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message())
    void dialog.dismiss()
  })
  await page.goto(server.origin)
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
  const { html } = await rendered(page)
  expect(html).toContain('<p id="app">kept</p>')
  expect(page.url()).toBe(`${server.origin}/`)
  expect(dialogs).toEqual([])
})

test('what scripts have made is in the picture of a page', async ({ page, server }) => {
  server.pages.set(
    '/shown',
    `<!doctype html><title>Shown</title>
    <link rel="stylesheet" href="/look/shown.css" media="screen">
    <link rel="stylesheet" href="/look/plain.css">
    <style>p { color: rgb(3, 3, 3) }</style><style>/* as it is */ b{color:rgb(6,6,6)}</style><style></style>
    <h1>Title</h1><p onclick="alert(1)">Text</p><img id="picture"><i>not</i>
    <iframe srcdoc="<p onload=x()>in</p><script>alert(2)</script>"></iframe>
    <script>
      const [link, , own, , empty] = document.styleSheets
      link.insertRule('h1 { background: url(dot.svg) }', link.cssRules.length)
      own.deleteRule(0)
      own.insertRule('p { color: rgb(4, 4, 4) }')
      empty.insertRule('i::after { content: "</style>" }')
      const blob = new Blob(['${svg('blue')}'], { type: 'image/svg+xml' })
      document.querySelector('#picture').src = URL.createObjectURL(blob)
      document.querySelector('i').style.background = 'url(' + URL.createObjectURL(blob) + ')'
    </script>`,
  )
  await page.goto(server.origin)
  await page.waitForSelector('html[data-ready]')
  const { html, warnings } = await rendered(page)
  expect(warnings).toEqual([])
  expect(html).not.toMatch(/script|onclick|onload|blob:|shown\.css/)
  expect(html).toContain('href="./look/plain.css"')
  expect(html).toContain('/* as it is */ b{color:rgb(6,6,6)}')

  await page.route('**/picture/**', async (route) => {
    const path = new URL(route.request().url()).pathname
    const file = path.endsWith('.svg')
      ? svg('red')
      : path.endsWith('.css')
        ? 'h2 { color: rgb(2, 2, 2) }'
        : html
    await route.fulfill({
      body: file,
      contentType: path.endsWith('.svg')
        ? 'image/svg+xml'
        : path.endsWith('.css')
          ? 'text/css'
          : 'text/html',
    })
  })
  await page.goto(`${server.origin}/picture/shown.html`)
  const heading = page.locator('h1')
  await expect(heading).toHaveCSS('color', 'rgb(1, 1, 1)')
  await expect(heading).toHaveCSS('background-image', /\/picture\/look\/dot\.svg"/)
  await expect(page.locator('p')).toHaveCSS('color', 'rgb(4, 4, 4)')
  await expect(page.locator('i')).toHaveText('not')
  await expect(page.locator('i')).toHaveCSS(
    'background-image',
    /^url\("data:image\/svg\+xml;base64,/,
  )
  expect(
    await page.locator('#picture').evaluate((image: HTMLImageElement) => image.naturalWidth),
  ).toBe(8)
})

test('what is gone when a page is taken down is told', async ({ page, server }) => {
  server.pages.set(
    '/shown',
    `<!doctype html><title>Shown</title><img>
    <script>
      const url = URL.createObjectURL(new Blob(['x']))
      document.querySelector('img').src = url
      URL.revokeObjectURL(url)
    </script>`,
  )
  await page.goto(server.origin)
  await page.waitForSelector('html[data-ready]')
  const { warnings } = await rendered(page)
  expect(warnings).toEqual(['bundle-not-rewritten'])
})
