/** A page in a hidden frame: how long it is waited for, and what it may do. */

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { renderPage } from '../../src/bundle/render.ts'
import { stubFrame, URL_OF_PAGE } from './frame.ts'

const SANDBOX = 'allow-same-origin allow-scripts allow-forms'

beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const never = (): Promise<boolean> => new Promise(() => undefined)
const { signal } = new AbortController()

it.each([
  ['a promise that is never kept', never],
  ['a function that never says so', () => false],
  ['a selector that finds nothing', '#none'],
])('a page whose `ready` is %s is given up after 15 s', async (_, ready) => {
  const frame = stubFrame()
  const rendered = renderPage(URL_OF_PAGE, ready, signal)
  await vi.advanceTimersByTimeAsync(14_900)
  expect(frame.isRemoved).toBe(false)
  await vi.advanceTimersByTimeAsync(200)
  expect(frame.isRemoved).toBe(true)
  expect(await rendered).toBeUndefined()
})

it('ends with the job, though `ready` does not', async () => {
  const frame = stubFrame()
  const ending = new AbortController()
  const rendered = renderPage(URL_OF_PAGE, never, ending.signal).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(100)
  const reason = new Error('cancelled')
  ending.abort(reason)
  await vi.advanceTimersByTimeAsync(0)
  expect(frame.isRemoved).toBe(true)
  expect(await rendered).toBe(reason)
})

it('that never is quiet is taken down as it is after 15 s', async () => {
  stubFrame()
  let change = (): void => undefined
  vi.stubGlobal(
    'MutationObserver',
    class {
      constructor(changed: () => void) {
        change = changed
      }
      observe(): void {}
      disconnect(): void {}
    },
  )
  const clock = setInterval(() => change(), 100)
  const rendered = renderPage(URL_OF_PAGE, undefined, signal)
  await vi.advanceTimersByTimeAsync(15_000)
  clearInterval(clock)
  expect(await rendered).toMatchObject({ html: '<html>shown</html>' })
})

it('is loaded as it is where nobody may ask for its service worker', async () => {
  const { sandboxes } = stubFrame()
  const getRegistration = () => Promise.reject(new DOMException('', 'SecurityError'))
  vi.stubGlobal('navigator', { serviceWorker: { getRegistration } })
  expect(await renderPage(URL_OF_PAGE, () => true, signal)).toMatchObject({ base: URL_OF_PAGE })
  expect(sandboxes).toEqual([SANDBOX])
})

it.each([
  ['<img src="#">', '<img src="@">'],
  ['<b style="background: url(&quot;#&quot;)">', '<b style="background: url(&quot;@&quot;)">'],
  ['<img srcset="#, # 2x">', '<img srcset="@, @ 2x">'],
  ['<iframe srcdoc="<img src=&quot;#&quot;>">', '<iframe srcdoc="<img src=&quot;@&quot;>">'],
  ['<style>b{c:url(#);d:url("#")}</style>', '<style>b{c:url(@);d:url("@")}</style>'],
])('takes along what %s shows of its blobs', async (html, expected) => {
  stubFrame({ html: html.replaceAll('#', 'blob:https://app.example/1-2') })
  const asked = vi.fn(
    async (_: string) => new Response('a', { headers: { 'Content-Type': 'a/b' } }),
  )
  vi.stubGlobal('fetch', asked)
  expect(await renderPage(URL_OF_PAGE, () => true, signal)).toMatchObject({
    html: `<html>${expected.replaceAll('@', 'data:a/b;base64,YQ==')}</html>`,
    hasDeadUrls: false,
  })
  expect(asked.mock.calls.map(([url]) => url)).toEqual(['blob:https://app.example/1-2'])
})

it('may not lead the tab away, nor stop it', async () => {
  const { sandboxes } = stubFrame()
  await renderPage(URL_OF_PAGE, () => true, signal)
  expect(sandboxes).toEqual([SANDBOX])
})

it.each([
  [
    'is loaded without its sandbox',
    (sandbox?: string) => sandbox !== undefined,
    [SANDBOX, undefined],
  ],
  ['is loaded once as it is not', () => false, [SANDBOX]],
])('where its service worker may be passed by, %s if it is', async (_, isPassedBy, expected) => {
  const { sandboxes } = stubFrame({ isPassedBy })
  await renderPage(URL_OF_PAGE, () => true, signal)
  expect(sandboxes).toEqual(expected)
})

it('keeps its sandbox where a redirect leads out of the scope of a service worker', async () => {
  const url = 'https://app.example/sign-in'
  const { sandboxes } = stubFrame({ url, isPassedBy: () => true })
  expect(await renderPage(URL_OF_PAGE, () => true, signal)).toMatchObject({ base: url })
  expect(sandboxes).toEqual([SANDBOX])
})
