import { afterEach, describe, expect, it, vi } from 'vitest'
import { prepareJob } from '../../src/engine/job.ts'
import { isCrossOrigin } from '../../src/sources/request.ts'

afterEach(() => vi.unstubAllGlobals())

const { signal } = new AbortController()

/** What `/a` becomes in a job that is told no base. */
async function urlOf(): Promise<unknown> {
  const { files } = await prepareJob([{ url: '/a', size: 1 }], {}, signal)
  return files[0]!.source
}

/** As runtimes have it: a getter. */
function locate(get: () => unknown): void {
  vi.stubGlobal('location', undefined)
  Object.defineProperty(globalThis, 'location', { get, configurable: true })
}

describe.each([
  ['undefined, as in Deno', () => undefined],
  [
    'not to be had, as in Deno before 2.0',
    () => {
      throw new ReferenceError('Access to "location", run again with --location <href>.')
    },
  ],
])('a location that is %s', (_, get) => {
  it('is no base, and makes no other origin', async () => {
    locate(get)
    expect(isCrossOrigin('https://host.test/a')).toBe(false)
    await expect(urlOf()).rejects.toMatchObject({ code: 'invalid-url' })
  })
})

it('is that of a page, whose base is another, or of a Web Worker', async () => {
  vi.stubGlobal('location', new URL('https://app.test/folder/worker.js'))
  expect(isCrossOrigin('https://app.test/a')).toBe(false)
  expect(isCrossOrigin('https://host.test/a')).toBe(true)
  expect(await urlOf()).toMatchObject({ url: 'https://app.test/a' })
  vi.stubGlobal('document', { baseURI: 'https://base.test/folder/' })
  expect(await urlOf()).toMatchObject({ url: 'https://base.test/a' })
})
