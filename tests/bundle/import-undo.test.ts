/** An import that fails, is ended or dies half-way: the caches of the app are as they were. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { importBundle } from '../../src/bundle.ts'
import { CheckedBody } from '../../src/bundle/import-digests.ts'
import { openPage, type Browser } from './import-page.ts'
import { APP, describeApp, HERE, zipOf, type Given } from './made-bundle.ts'
import type { Seen } from './import-caches.ts'

let browser: Browser
let before: Record<string, Seen[]>

beforeEach(async () => {
  browser = await openPage()
  before = browser.caches.seen()
})

afterEach(() => vi.unstubAllGlobals())

const bundle = async (responses?: readonly Given[]): Promise<Blob> =>
  new Blob([await zipOf(describeApp(responses))])

/** By cache and URL, as no order is promised. */
function sorted(seen: Record<string, Seen[]>): unknown {
  return Object.entries(seen)
    .map(([name, all]) => [
      name,
      all.toSorted((a, b) => (a.url + a.body < b.url + b.body ? -1 : 1)),
    ])
    .toSorted()
}

function expectAsBefore(): void {
  expect(sorted(browser.caches.seen())).toEqual(sorted(before))
}

const full = (): never => {
  throw new DOMException('Quota exceeded.', 'QuotaExceededError')
}

const isStaged = (name: string): boolean => name.startsWith('holdall-import:')

describe('a storage that is full', () => {
  it('while the bundle is verified', async () => {
    browser.caches.room = 50_000
    const refused = importBundle(await bundle())
    await expect(refused).rejects.toMatchObject({
      code: 'storage-failed',
      detail: { quota: true, undone: true },
      message: expect.stringContaining('nothing was restored'),
    })
    expectAsBefore()
  })

  it.each(APP.map((_, index) => index))(
    'at response %i that goes into a cache of the app',
    async (nth) => {
      let puts = 0
      browser.caches.beforePut = (name) => {
        if (!isStaged(name) && puts++ === nth) full()
      }
      const refused = importBundle(await bundle())
      await expect(refused).rejects.toMatchObject({
        code: 'storage-failed',
        detail: { quota: true, undone: true },
      })
      expectAsBefore()
    },
  )

  it('needs no more room than the bodies once and the largest again', async () => {
    const responses = Array.from({ length: 20 }, (_, index) => ({
      url: `${HERE}/${index}`,
      body: `${index}`.padStart(10_000),
    }))
    browser.caches.room = browser.caches.used + 200_000 + 4 * 10_000
    await importBundle(await bundle(responses))
  })
})

describe('what was replaced', () => {
  it('is put back in the room that it has had', async () => {
    const responses = Array.from({ length: 10 }, (_, index) => ({
      url: `${HERE}/${index}`,
      cache: 'large',
      body: 'new',
    }))
    const cache = await browser.caches.open('large')
    for (const { url } of responses) await cache.put(url, new Response('x'.repeat(50_000)))
    before = browser.caches.seen()
    browser.caches.room = browser.caches.used + 4 * 50_000 + 100
    browser.caches.beforePut = (name, url) => {
      if (name === 'large' && url === `${HERE}/9`) {
        browser.caches.beforePut = () => undefined
        full()
      }
    }
    await expect(importBundle(await bundle(responses))).rejects.toMatchObject({
      detail: { quota: true, undone: true },
    })
    expectAsBefore()
  })
})

describe('a storage that fails', () => {
  it.each([
    ['before a small body is read', 1000, 0],
    ['after it', 1000, 20],
    ['before a large one is read', 3_000_000, 0],
    ['while that waits', 3_000_000, 20],
  ])('%s', async (_, size, wait) => {
    browser.caches.beforePut = async (name, url) => {
      if (!isStaged(name) || !url.endsWith('/7')) return
      await new Promise((resolve) => setTimeout(resolve, wait))
      throw new TypeError('broken')
    }
    const responses = [...APP.slice(0, 7), { url: `${HERE}/a`, body: new Uint8Array(size) }]
    await expect(importBundle(await bundle(responses))).rejects.toMatchObject({
      code: 'storage-failed',
      detail: { quota: false, undone: true },
      cause: new TypeError('broken'),
    })
    expectAsBefore()
  })

  it('altogether, as in a window that keeps nothing', async () => {
    browser.caches.open = () => Promise.reject(new DOMException('No.', 'SecurityError'))
    const refused = importBundle(await bundle())
    await expect(refused).rejects.toMatchObject({
      code: 'storage-failed',
      detail: { undone: true },
    })
  })

  it('to give what is to be replaced, and says what to do', async () => {
    const cache = await browser.caches.open('api')
    cache.match = () => Promise.reject(new TypeError('Blocked'))
    await expect(importBundle(await bundle())).rejects.toMatchObject({
      code: 'storage-failed',
      detail: { undone: true },
      message: expect.stringContaining('/api/list of the cache "api" cannot be kept') as string,
    })
    expectAsBefore()
  })

  it('and cannot be put back: that is told', async () => {
    let broken = false
    browser.caches.beforePut = (name, url) => {
      if (!isStaged(name) && url === `${HERE}/photo.jpg`) broken = true
      if (broken) throw new TypeError('broken')
    }
    const refused = importBundle(await bundle())
    await expect(refused).rejects.toMatchObject({
      code: 'storage-failed',
      detail: { undone: false },
      message: expect.stringContaining('import it again'),
    })
  })

  it('leaves a cache alone into which the app has put something meanwhile', async () => {
    browser.caches.beforePut = async (name, url) => {
      if (name !== 'holdall-bundle' || url !== `${HERE}/photo.jpg`) return
      browser.caches.beforePut = () => undefined
      const cache = await browser.caches.open(name)
      await cache.put(`${HERE}/theirs`, new Response('theirs'))
      full()
    }
    await expect(importBundle(await bundle())).rejects.toMatchObject({ code: 'storage-failed' })
    const { 'holdall-bundle': made, ...rest } = browser.caches.seen()
    expect(made?.map(({ url }) => url)).toEqual([`${HERE}/theirs`])
    expect(sorted(rest)).toEqual(sorted(before))
  })
})

describe('an import that is ended', () => {
  const reason = new Error('enough')

  it('before it begins', async () => {
    const refused = importBundle(await bundle(), { signal: AbortSignal.abort(reason) })
    await expect(refused).rejects.toBe(reason)
    expectAsBefore()
  })

  it.each([1, 2])('while the bundle is opened, at its read %i', async (nth) => {
    const ending = new AbortController()
    const whole = await bundle([{ url: `${HERE}/a`, body: new Uint8Array(3_000_000) }])
    const file = new File([whole], 'app.zip')
    let reads = 0
    file.slice = (start, end) => {
      if (++reads === nth) ending.abort(reason)
      return whole.slice(start, end)
    }
    await expect(importBundle(file, { signal: ending.signal })).rejects.toBe(reason)
    expectAsBefore()
  })

  it('while the bundle is fetched', async () => {
    const ending = new AbortController()
    vi.stubGlobal('fetch', () => {
      ending.abort(reason)
      return Promise.reject(new DOMException('Aborted.', 'AbortError'))
    })
    await expect(importBundle('/a.zip', { signal: ending.signal })).rejects.toBe(reason)
  })

  it.each(['verifying', 'restoring'] as const)('while %s', async (phase) => {
    const ending = new AbortController()
    const refused = importBundle(await bundle(), {
      signal: ending.signal,
      progress: (progress) => {
        if (progress.phase === phase && progress.responses === 3) ending.abort(reason)
      },
    })
    await expect(refused).rejects.toBe(reason)
    expectAsBefore()
  })

  it('in the midst of a body', async () => {
    const ending = new AbortController()
    const body = new Uint8Array(3_000_000)
    const refused = importBundle(await bundle([{ url: `${HERE}/a`, body }]), {
      signal: ending.signal,
      progress: ({ bytes }) => {
        if (bytes > 0 && bytes < body.length) ending.abort(reason)
      },
    })
    await expect(refused).rejects.toBe(reason)
    expectAsBefore()
  })

  it.each(['verifying', 'restoring'])('by a callback that throws while %s', async (now) => {
    const refused = importBundle(await bundle(), {
      progress: ({ phase }) => {
        if (phase === now) throw reason
      },
    })
    await expect(refused).rejects.toBe(reason)
    expectAsBefore()
  })

  it('while it waits for another', async () => {
    const letGo = await browser.locks.hold('holdall-import')
    const ending = new AbortController()
    const refused = importBundle(await bundle(), { signal: ending.signal })
    setTimeout(() => ending.abort(reason), 20)
    await expect(refused).rejects.toBe(reason)
    letGo()
    expectAsBefore()
  })
})

describe('two imports', () => {
  it('come one after the other, and both are whole', async () => {
    const one = [{ url: `${HERE}/a`, body: 'first' }]
    const two = [{ url: `${HERE}/a`, body: 'second' }]
    await Promise.all([importBundle(await bundle(one)), importBundle(await bundle(two))])
    const [seen, ...rest] = browser.caches.seen()['holdall-bundle']!
    expect(rest).toEqual([])
    expect(['first', 'second']).toContain(seen?.body)
  })

  it('do not hold each other up when one fails', async () => {
    const broken = new Blob([await zipOf({ description: '{}', bodies: new Map() })])
    const both = await Promise.allSettled([importBundle(broken), importBundle(await bundle())])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })
})

describe('what a page that died has staged', () => {
  it('is removed by the next import', async () => {
    const left = await browser.caches.open('holdall-import:of a dead page')
    await left.put(`${HERE}/holdall-import:x/0`, new Response('left'))
    // before there is anything new, which may need its room
    browser.caches.beforePut = () => expect(left.stored).toEqual([])
    await importBundle(await bundle())
    expect(Object.keys(browser.caches.seen()).filter(isStaged)).toEqual([])
  })
})

describe('a file', () => {
  it.each([
    ['its description', (start: number) => start === 0],
    ['a large body', (start: number, end: number) => end - start === 3_000_000],
  ])('that goes while %s is read', async (_, isGone) => {
    const body = new Uint8Array(3_000_000)
    const whole = await bundle([{ url: `${HERE}/a` }, { url: `${HERE}/b`, body }])
    const gone = new DOMException('The file is gone.', 'NotReadableError')
    const file = new File([whole], 'app.zip')
    file.slice = (start = 0, end = 0) => {
      const part = whole.slice(start, end)
      if (!isGone(start, end)) return part
      part.arrayBuffer = () => Promise.reject(gone)
      part.stream = () => new ReadableStream({ pull: (controller) => controller.error(gone) })
      return part
    }
    await expect(importBundle(file)).rejects.toMatchObject({
      code: 'source-failed',
      detail: { entry: 'app.zip' },
      cause: gone,
    })
    expectAsBefore()
  })

  it('whose handle is of no use any more', async () => {
    const gone = new DOMException('Not allowed.', 'NotAllowedError')
    const handle = { kind: 'file', name: 'app.zip', getFile: () => Promise.reject(gone) }
    const refused = importBundle(handle as unknown as FileSystemFileHandle)
    await expect(refused).rejects.toMatchObject({ code: 'source-failed', cause: gone })
  })

  it.each([
    [
      'that is not there',
      () => Promise.resolve(new Response('no', { status: 404 })),
      { status: 404 },
    ],
    ['without a network', () => Promise.reject(new TypeError('Failed to fetch')), {}],
  ])('at a URL %s', async (_, answer, detail) => {
    vi.stubGlobal('fetch', answer)
    const refused = importBundle('/app.zip')
    await expect(refused).rejects.toMatchObject({
      code: 'source-failed',
      detail: { entry: '/app.zip', ...detail },
    })
    expectAsBefore()
  })
})

describe('a page on plain HTTP', () => {
  it('has no Cache Storage, and is told what it needs', async () => {
    vi.stubGlobal('caches', undefined)
    Reflect.deleteProperty(globalThis, 'caches')
    const refused = importBundle(await bundle())
    await expect(refused).rejects.toMatchObject({
      code: 'insecure-context',
      detail: { origin: HERE },
    })
  })
})

describe('a body', () => {
  it('that goes on beyond its size is refused at once', async () => {
    const [response] = describeApp([{ url: `${HERE}/a`, body: 'abc' }]).description.responses
    const body = new CheckedBody(response!, () => undefined)
    const reader = body.readable.getReader()
    const writer = body.writable.getWriter()
    const [written, read] = await Promise.allSettled([
      writer.write(new Uint8Array(4)),
      reader.read(),
    ])
    const refused = { status: 'rejected', reason: { code: 'bundle-mismatch' } }
    expect(written).toMatchObject(refused)
    expect(read).toMatchObject(refused)
    await writer.closed.catch(() => undefined)
  })
})
