/** The demo taken along: its ZIP in each engine, opened from a disk. */

import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { BundleDescription } from '../../src/bundle/description.ts'
import { digests, expect, test, unzipTest } from './fixtures.ts'

test.use({ serverOptions: { root: fileURLToPath(new URL('../../dist-demo/', import.meta.url)) } })

test('an app as a ZIP that opens from a disk', async ({ browserOfEngine, server, ended }) => {
  const demo = await browserOfEngine.open(`${server.origin}/`)
  await expect
    .poll(() => demo.evaluate(() => document.querySelector('#plan')?.textContent?.trim()))
    .not.toBe('')
  await demo.evaluate(() => document.querySelector<HTMLElement>('[data-testid=take]')!.click())
  await expect
    .poll(
      () => demo.evaluate(() => document.querySelector('[data-testid=take-state]')!.textContent),
      {
        timeout: 45_000,
      },
    )
    .toMatch(/^It is in your downloads/)
  const { state, path } = await ended()
  expect(state).toBe('complete')
  unzipTest(path)

  const folder = await mkdtemp(join(tmpdir(), 'holdall-demo-'))
  try {
    execFileSync('unzip', ['-q', path, '-d', folder])
    const described = await readFile(join(folder, 'holdall-bundle.json'), 'utf8')
    const { responses } = JSON.parse(described) as BundleDescription
    const seen = digests(path)
    expect(responses.length).toBeGreaterThan(30)
    expect(responses.map((response) => seen[response.path])).toEqual(
      responses.map(({ sha256 }) => sha256),
    )

    const disk = await browserOfEngine.open(pathToFileURL(join(folder, 'index.html')).href)
    const shown = await disk.evaluate(() => ({
      title: document.querySelector('h1')?.innerText,
      note: document.querySelector('.copy-note')?.textContent,
      files: [...document.querySelectorAll('#entries > li')].length,
      plan: document.querySelector('#plan')?.textContent,
      // of the style sheet
      bag: getComputedStyle(document.querySelector('.body')!).backgroundColor,
      broken: [...document.images]
        // an SVG image need not have a width of its own
        .filter(({ src, naturalWidth }) => /\.(?:jpg|png)$/.test(src) && naturalWidth === 0)
        .map(({ src }) => src),
      pictures: document.images.length,
      scripts: document.scripts.length,
    }))
    expect(shown).toMatchObject({ title: 'Everything\nin one bag.', broken: [], scripts: 0 })
    expect(shown.note).toContain(server.origin)
    expect(shown.files).toBeGreaterThan(20)
    expect(shown.plan).toMatch(/exactly/)
    expect(shown.bag).not.toBe('rgba(0, 0, 0, 0)')
    expect(shown.pictures).toBeGreaterThan(10)
    await disk.close()

    const other = await browserOfEngine.open(pathToFileURL(join(folder, 'widget.html')).href)
    const text = await other.evaluate(
      () => document.querySelector('holdall-download')?.shadowRoot?.textContent ?? '',
    )
    expect(text).toContain('Download all')
    await other.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
    await demo.close()
  }
})
