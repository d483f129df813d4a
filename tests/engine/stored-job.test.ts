/** A job that is stored, and made again elsewhere. */

import { afterEach, expect, it, vi } from 'vitest'
import { settle } from '../../src/engine/job.ts'
import { fromStored, toStored, whyNotResumable } from '../../src/engine/stored-job.ts'
import { parseFiles } from '../../src/manifest/parse.ts'
import type { FileInput, ManifestFile } from '../../src/manifest/types.ts'

const url = (name: string, lastModified?: number): ManifestFile => ({
  kind: 'file',
  name,
  source: { type: 'url', url: `https://app.test/${name}` },
  ...(lastModified !== undefined && { lastModified }),
})

afterEach(() => void vi.restoreAllMocks())

it.each(['abort', 'skip'] as const)('is the same archive in another time zone: %s', (onError) => {
  const files = [url('a.txt', Date.UTC(2024, 1, 2, 3, 4, 6)), url('b.txt'), url('c.txt', 0)]
  const job = settle(files, { onError }, Date.UTC(2025, 5, 6, 7, 8, 10), undefined)
  const stored = toStored(job, 'an id', 'a.zip')
  const { getHours } = Date.prototype
  vi.spyOn(Date.prototype, 'getHours').mockImplementation(function (this: Date) {
    return (getHours.call(this) + 9) % 24
  })
  expect(settle(files, { onError }, job.now, undefined).plan).not.toEqual(job.plan)
  expect(fromStored(structuredClone(stored)).plan).toEqual(job.plan)
})

it('is refused where it would be another archive', () => {
  const job = settle([url('a.txt')], {}, 0, undefined)
  const stored = { ...toStored(job, 'an id', 'a.zip'), fingerprint: 'another' }
  expect(() => fromStored(stored)).toThrow(expect.objectContaining({ code: 'invalid-checkpoint' }))
})

it.each(['https://app.test/album.json', undefined])(
  'says of which manifest it is: %s',
  (manifest) => {
    const job = { ...settle([url('a.txt')], {}, 0, undefined), ...(manifest && { manifest }) }
    const stored = structuredClone(toStored(job, 'an id', 'a.zip'))
    expect(stored.manifest).toBe(manifest)
    // made again, it may be stored again
    expect(toStored(fromStored(stored), 'an id', 'a.zip').manifest).toBe(manifest)
  },
)

it('is not gone on with where a file is at a URL that goes with its page', async () => {
  vi.stubGlobal('navigator', { locks: {} })
  const blob = { url: 'blob:https://app.test/0a1b', name: 'drawn.png' }
  const whyNot = async (...files: FileInput[]): Promise<string | undefined> =>
    whyNotResumable(settle(await parseFiles(files, 'https://app.test/', false), {}, 0, undefined))
  expect(await whyNot('/a.txt', { url: 'data:,b', name: 'b' })).toBeUndefined()
  expect(await whyNot('/a.txt', blob)).toMatch(/^"drawn.png" is at a blob: URL/)
  vi.unstubAllGlobals()
})
