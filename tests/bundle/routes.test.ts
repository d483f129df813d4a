/** Pages that no cache has and no server gives: what a frame shows of them is in the bundle, but no error. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { BundleWarning } from '../../src/manifest/types.ts'
import { Routes } from '../../src/bundle/routes.ts'
import { Shelf, type Gathering } from '../../src/bundle/shelf.ts'
import { stubFrame, URL_OF_PAGE } from './frame.ts'

beforeEach(() => {
  vi.stubGlobal('fetch', async () => new Response('error', { status: 404 }))
})
afterEach(() => vi.unstubAllGlobals())

/** What there is of the page when it was taken. */
async function taken(mayBeLeftOut = false): Promise<{ pages: string[]; warnings: string[] }> {
  const warnings: BundleWarning[] = []
  const gathering: Gathering = {
    baseURL: URL_OF_PAGE,
    digester: {} as never,
    signal: new AbortController().signal,
    warn: (warning) => warnings.push(warning),
  }
  const routes = new Routes(new Shelf(gathering, new Map()), gathering, mayBeLeftOut, new Map())
  await routes.take({ url: URL_OF_PAGE, ready: () => true })
  const pages = [...routes.rendered.values()].map(({ html }) => html)
  return { pages, warnings: warnings.map(({ code, url }) => `${code} ${url}`) }
}

it('a page that the app itself answers in a frame is in the bundle', async () => {
  stubFrame({ responseStatus: 200 })
  expect(await taken()).toEqual({ pages: ['<html>shown</html>'], warnings: [] })
})

it.each([404, 500])(
  'a page that is an error (%i) in a frame, too, is a failure',
  async (status) => {
    stubFrame({ responseStatus: status })
    await expect(taken()).rejects.toMatchObject({
      code: 'source-failed',
      detail: { url: URL_OF_PAGE, status: 404 },
    })
    expect(await taken(true)).toEqual({ pages: [], warnings: [`bundle-left-out ${URL_OF_PAGE}`] })
  },
)

it('a page that may be an error, as the engine does not say, is in the bundle with a warning', async () => {
  stubFrame()
  const { pages, warnings } = await taken()
  expect(pages).toHaveLength(1)
  expect(warnings).toEqual([`bundle-left-out ${URL_OF_PAGE}`])
})

it('a page without a network is in the bundle, whatever the engine says', async () => {
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')))
  stubFrame()
  vi.stubGlobal('navigator', { onLine: false })
  expect(await taken()).toEqual({ pages: ['<html>shown</html>'], warnings: [] })
})
