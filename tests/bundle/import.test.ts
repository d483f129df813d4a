/** What is imported is what was exported: bodies byte for byte, statuses, headers, caches. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { importBundle, type ImportProgress } from '../../src/bundle.ts'
import { stubRequest } from './cache-storage.ts'
import { openPage, type Browser } from './import-page.ts'
import { APP, describeApp, HERE, zipOf, type Given } from './made-bundle.ts'

let browser: Browser

beforeEach(async () => {
  browser = await openPage()
})

afterEach(() => vi.unstubAllGlobals())

const bundle = async (responses?: readonly Given[], origin?: string): Promise<Blob> =>
  new Blob([await zipOf(describeApp(responses, origin))])

/** The body that the cache called `name` has for a request. */
async function body(name: string, url: string, headers = {}): Promise<string> {
  const cache = await browser.caches.open(name)
  const response = await cache.match(new Request(url, { headers }))
  return response === undefined
    ? 'none'
    : Buffer.from(await response.arrayBuffer()).toString('latin1')
}

describe('importBundle()', () => {
  it('restores every response to its cache, and reports that', async () => {
    const report = await importBundle(await bundle())
    expect(report).toEqual({
      origin: HERE,
      created: '2026-11-25T12:00:00.000Z',
      responses: APP.length,
      bytes: APP.reduce((sum, { body = '' }) => sum + body.length, 0),
      caches: [`workbox-precache-v2-${HERE}/`, 'api', 'holdall-bundle'],
      warnings: [],
    })
    for (const { url, cache, vary, body: expected = '' } of APP) {
      const text = Buffer.from(expected).toString('latin1')
      expect(await body(cache ?? 'holdall-bundle', url, vary), url).toBe(text)
    }
  })

  it('restores status and headers as they were, those of an encoding that is undone too', async () => {
    await importBundle(await bundle())
    const seen = browser.caches.seen()
    expect(seen['api']).toContainEqual({
      url: `${HERE}/api/gone`,
      status: 404,
      headers: [],
      body: 'gone',
    })
    expect(seen['api']).toContainEqual(expect.objectContaining({ status: 204, body: '' }))
    const [, script] = seen[`workbox-precache-v2-${HERE}/`]!
    expect(script?.headers).toEqual(APP[1]!.headers)
  })

  it('leaves what it has nothing for, and nothing of its own', async () => {
    const before = browser.caches.seen()
    await importBundle(await bundle())
    const after = browser.caches.seen()
    expect(Object.keys(after).toSorted()).toEqual(
      [...Object.keys(before), `workbox-precache-v2-${HERE}/`, 'holdall-bundle'].toSorted(),
    )
    expect(after['somebody else']).toEqual(before['somebody else'])
    expect(await body('api', `${HERE}/api/other`)).toBe('other')
  })

  it('shows nothing of a bundle that it verifies to who looks into all caches', async () => {
    let asked = 0
    browser.caches.beforePut = async (name) => {
      if (!name.startsWith('holdall-import:')) return
      asked++
      const found = await browser.caches.match(`${HERE}/photo.jpg`)
      expect(await found?.text()).toBe('theirs')
    }
    await importBundle(await bundle())
    expect(asked).toBeGreaterThanOrEqual(APP.length)
  })

  it('reads files that were packed anew, by another program, compressed', async () => {
    const { zipSync } = await import('fflate')
    const { description, bodies } = describeApp()
    const files = {
      ...Object.fromEntries(bodies),
      'index.html': Buffer.from('<p>'),
      'holdall-bundle.json': Buffer.from(JSON.stringify(description)),
    }
    const report = await importBundle(new Blob([new Uint8Array(zipSync(files))]))
    expect(report.responses).toBe(APP.length)
    expect(await body('api', `${HERE}/api/gone`)).toBe('gone')
  })

  it('puts what was of no cache into the one that is named', async () => {
    await importBundle(await bundle(), { cache: 'my own' })
    expect(await body('my own', `${HERE}/empty.txt`)).toBe('')
    expect(browser.caches.made.has('holdall-bundle')).toBe(false)
  })

  it('drops headers that no page may restore, and says so', async () => {
    const headers: [string, string][] = [
      ['Set-Cookie', 'session=1'],
      ['Vary', 'Accept, *'],
      ['X-Kept', 'yes'],
    ]
    const { warnings } = await importBundle(await bundle([{ url: `${HERE}/a`, headers }]))
    expect(warnings.map(({ code, header, url }) => [code, header, url])).toEqual([
      ['header-dropped', 'Set-Cookie', `${HERE}/a`],
      ['header-dropped', 'Vary', `${HERE}/a`],
    ])
    expect(browser.caches.seen()['holdall-bundle']![0]!.headers).toEqual([['x-kept', 'yes']])
  })

  it('restores all variants of a URL, whatever order they are in', async () => {
    const url = `${HERE}/a`
    const variant = (vary: Record<string, string>, text: string): Given => ({
      url,
      cache: 'api',
      vary,
      headers: Object.keys(vary).map((name) => ['vary', name]),
      body: text,
    })
    const given = [
      variant({}, 'none'),
      variant({ 'accept-language': 'de' }, 'de'),
      variant({ accept: 'text/plain' }, 'plain'),
      variant({ 'accept-language': 'de', accept: 'text/plain' }, 'de plain'),
      variant({ 'accept-language': 'en' }, 'en'),
    ]
    // as bodies of several sizes take
    browser.caches.beforePut = async () => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5))
    }
    for (const responses of [given, given.toReversed()]) {
      await browser.caches.delete('api')
      await importBundle(await bundle(responses))
      const bodies = browser.caches.seen()['api']!.map((response) => response.body)
      expect(bodies.toSorted()).toEqual(['de', 'de plain', 'en', 'none', 'plain'])
    }
  })

  it('says which variants nothing tells apart any more, as their Vary is not restored', async () => {
    const variant = (accept: string): Given => ({
      url: `${HERE}/a`,
      vary: { accept },
      headers: [['vary', 'Accept, *']],
      body: accept,
    })
    const { warnings } = await importBundle(await bundle([variant('a/b'), variant('a/c')]))
    expect(warnings.map(({ code }) => code)).toEqual(['header-dropped', 'variant-dropped'])
    expect(await body('holdall-bundle', `${HERE}/a`)).toBe('a/b')
  })

  it('finds again what varied by a header that no page may set, the first of several', async () => {
    stubRequest()
    const response = (mobile: string, language: string, text: string): Given => ({
      url: `${HERE}/a`,
      vary: { 'Sec-CH-UA-Mobile': mobile, 'accept-language': language },
      headers: [['Vary', 'Sec-CH-UA-Mobile, Accept-Language']],
      body: text,
    })
    const only: Given = {
      url: `${HERE}/b`,
      vary: { 'sec-ch-ua': 'x' },
      headers: [['Vary', 'Sec-CH-UA']],
      body: 'b',
    }
    const { warnings, responses } = await importBundle(
      await bundle([
        response('?0', 'de', 'Tisch'),
        response('?1', 'de', 'Handy'),
        response('?0', 'en', 'desk'),
        only,
      ]),
    )
    expect(responses).toBe(3)
    expect(await body('holdall-bundle', `${HERE}/a`, { 'Accept-Language': 'de' })).toBe('Tisch')
    expect(await body('holdall-bundle', `${HERE}/a`, { 'Accept-Language': 'en' })).toBe('desk')
    expect(await body('holdall-bundle', `${HERE}/b`)).toBe('b')
    const headers = browser.caches.seen()['holdall-bundle']!.map((seen) => seen.headers)
    expect(headers).toContainEqual([['vary', 'Accept-Language']])
    expect(headers).toContainEqual([])
    expect(warnings.map(({ code, url }) => `${code} ${url}`)).toEqual([
      `header-dropped ${HERE}/a`,
      `variant-dropped ${HERE}/a`,
      `header-dropped ${HERE}/a`,
      `header-dropped ${HERE}/b`,
    ])
  })

  it('restores a `Vary` that could be no header’s name, as every engine keeps it', async () => {
    const headers: [string, string][] = [['Vary', ':ccept, a b']]
    await importBundle(await bundle([{ url: `${HERE}/a`, headers, body: 'kept' }]))
    expect(await body('holdall-bundle', `${HERE}/a`)).toBe('kept')
  })

  it('tells how far it is', async () => {
    const seen: ImportProgress[] = []
    const { bytes, responses } = await importBundle(await bundle(), {
      progress: (progress) => seen.push(progress),
    })
    expect(seen.at(-1)).toEqual({
      phase: 'restoring',
      responses,
      totalResponses: responses,
      bytes,
      totalBytes: bytes,
    })
    const verified = seen.findLast(({ phase }) => phase === 'verifying')
    expect(verified).toMatchObject({ responses, bytes })
    for (const [index, progress] of seen.entries()) {
      expect(progress.bytes).toBeGreaterThanOrEqual(seen[index - 1]?.bytes ?? 0)
    }
  })
})

describe('a bundle', () => {
  it('can be a handle', async () => {
    const file = new File([await bundle()], 'app.zip')
    const handle = { kind: 'file', name: 'app.zip', getFile: () => Promise.resolve(file) }
    const report = await importBundle(handle as unknown as FileSystemFileHandle)
    expect(report.responses).toBe(APP.length)
  })

  it.each(['/app.zip', new URL('/app.zip', HERE)])('can be at a URL: %s', async (url) => {
    const blob = await bundle()
    const fetched = vi.fn<(input: unknown) => Promise<Response>>(() =>
      Promise.resolve(new Response(blob)),
    )
    vi.stubGlobal('fetch', fetched)
    expect((await importBundle(url)).responses).toBe(APP.length)
    expect(fetched).toHaveBeenCalledOnce()
    expect(fetched.mock.calls[0]![0]).toBe(url)
  })

  it('of another origin is moved here, if `from` names that: URLs and names of caches', async () => {
    const there = 'https://staging.example:8443'
    const report = await importBundle(
      await bundle(
        [
          { url: `${there}/a?to=${there}/b`, cache: `workbox-precache-v2-${there}/` },
          { url: 'https://cdn.example/font', cache: 'fonts', body: 'font' },
        ],
        there,
      ),
      { from: there, origins: ['https://cdn.example'] },
    )
    expect(report.origin).toBe(there)
    expect(report.caches).toEqual([`workbox-precache-v2-${HERE}/`, 'fonts'])
    expect(await body(report.caches[0]!, `${HERE}/a?to=${there}/b`)).toBe('')
    expect(await body('fonts', 'https://cdn.example/font')).toBe('font')
  })
})
