/** What an import has taken the place of is put back, whatever fails or dies on the way. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { importBundle } from '../../src/bundle.ts'
import { Locks } from '../sw/scope.ts'
import { openPage, type Browser } from './import-page.ts'
import { describeApp, HERE, zipOf, type Given } from './made-bundle.ts'

let browser: Browser

beforeEach(async () => {
  browser = await openPage()
})

afterEach(() => vi.unstubAllGlobals())

const bundle = async (responses?: readonly Given[]): Promise<Blob> =>
  new Blob([await zipOf(describeApp(responses))])

const full = (): never => {
  throw new DOMException('Quota exceeded.', 'QuotaExceededError')
}

const isStaged = (name: string): boolean => name.startsWith('holdall-import:')

describe('an undo', () => {
  const urls = Array.from({ length: 10 }, (_, index) => `${HERE}/${index}`)
  const news = (): Promise<Blob> =>
    bundle(urls.map((url) => ({ url, cache: 'app', body: `new ${url}` })))
  const bodies = (): string[] => browser.caches.seen()['app']!.map(({ body }) => body)
  const staged = (): string[] => [...browser.caches.made.keys()].filter(isStaged)

  beforeEach(async () => {
    const cache = await browser.caches.open('app')
    for (const url of urls) await cache.put(url, new Response(`old ${url}`))
  })

  /** Ends an import when six are in the cache; from then on, `answer` decides about each put into it. */
  async function cancelled(answer: (url: string) => void | Promise<void>): Promise<void> {
    const ending = new AbortController()
    await importBundle(await news(), {
      signal: ending.signal,
      progress: ({ phase, responses }) => {
        if (phase !== 'restoring' || responses !== 6) return
        ending.abort(new Error('enough'))
        browser.caches.beforePut = (name, url) => (isStaged(name) ? undefined : answer(url))
      },
    })
  }

  /** Has the page die in the midst of an undo, of which two are done, and another one take its place. */
  async function die(): Promise<void> {
    let puts = 0
    await new Promise<void>((resolve) => {
      void cancelled(async (url) => {
        // those that were on their way
        if (!bodies().includes(`new ${url}`) && puts++ >= 2) {
          resolve()
          await new Promise(() => undefined)
        }
      })
    })
    browser.caches.beforePut = () => undefined
    vi.stubGlobal('navigator', { locks: new Locks() })
  }

  it('leaves one place empty at most if its page dies, which the next import fills', async () => {
    await die()
    expect(bodies()).toHaveLength(9)
    await importBundle(await bundle([{ url: `${HERE}/a` }]))
    expect(bodies().map((body) => body.replace(/^\w+ /, ''))).toEqual(expect.arrayContaining(urls))
    expect(staged()).toEqual([])
  })

  it('of a page that died is left alone where there is something in its place', async () => {
    await die()
    const cache = await browser.caches.open('app')
    for (const url of urls) await cache.put(url, new Response('newer'))
    await importBundle(await bundle([{ url: `${HERE}/a` }]))
    expect(new Set(bodies())).toEqual(new Set(['newer']))
  })

  it('of a page that died makes no cache anew that the app has deleted', async () => {
    await die()
    await browser.caches.delete('app')
    await importBundle(await bundle([{ url: `${HERE}/a` }]))
    expect(browser.caches.made.has('app')).toBe(false)
    expect(staged()).toEqual([])
  })

  it('tries a second time what was refused', async () => {
    let refused = false
    const ended = cancelled(() => {
      if (refused) return
      refused = true
      full()
    })
    await expect(ended).rejects.toThrow('enough')
    expect(bodies().toSorted()).toEqual(urls.map((url) => `old ${url}`))
  })

  it('that cannot put back one puts back all others, and leaves that one to the next import', async () => {
    const ended = cancelled((url) => {
      if (url === urls[3]) full()
    })
    await expect(ended).rejects.toMatchObject({ code: 'storage-failed', detail: { undone: false } })
    expect(bodies().toSorted()).toEqual(
      urls.filter((url) => url !== urls[3]).map((url) => `old ${url}`),
    )
    expect(staged()).toHaveLength(1)
    // not if that cannot, either
    await importBundle(await bundle([{ url: `${HERE}/a` }]))
    expect(staged()).toHaveLength(1)
    browser.caches.beforePut = () => undefined
    await importBundle(await bundle([{ url: `${HERE}/a` }]))
    expect(bodies().toSorted()).toEqual(urls.map((url) => `old ${url}`))
    expect(staged()).toEqual([])
  })
})
