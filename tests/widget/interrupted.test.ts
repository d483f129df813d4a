/** What was interrupted of the files of an element, and of no others. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StoredJob } from '../../src/engine/stored-job.ts'
import { interruptedJob } from '../../src/widget/interrupted.ts'
import { forgetAll, store } from '../client/stored.ts'
import { Locks } from '../sw/scope.ts'

const ALBUM = 'https://app.test/album.json'

vi.mock('../../src/engine/store.ts', async () => (await import('../client/stored.ts')).store)

beforeEach(() => {
  const createElement = (): object => ({ setAttribute: vi.fn(), append: vi.fn() })
  vi.stubGlobal('document', { baseURI: 'https://app.test/', createElement })
  vi.stubGlobal('navigator', { locks: new Locks() })
})
afterEach(() => {
  forgetAll()
  vi.unstubAllGlobals()
})

async function interrupted(id: string, more: Partial<StoredJob> = {}): Promise<void> {
  const url = 'https://app.test/a.jpg'
  await store.storeJob({
    version: 1,
    id,
    name: 'a.zip',
    created: 0,
    files: [{ kind: 'file', name: 'a.jpg', source: { type: 'url', url } }],
    options: {},
    now: 0,
    dosTimestamps: new Uint32Array(2),
    fingerprint: id,
    ...more,
  })
}

describe('what the element offers of what was interrupted', () => {
  it('is a download of its files', async () => {
    await interrupted('download')
    expect(await interruptedJob(['a.jpg'])).toBeDefined()
    expect(await interruptedJob(['b.jpg'])).toBeUndefined()
    expect(await interruptedJob(['a.jpg'], 'https://app.test/sub/')).toBeUndefined()
    expect(await interruptedJob(['../a.jpg'], 'https://app.test/sub/')).toBeDefined()
  })

  it('is a download of some of its files, if those can be chosen', async () => {
    await interrupted('some')
    const all = ['b.jpg', { url: 'a.jpg', name: 'a' }, new Blob()]
    expect(await interruptedJob(all)).toBeUndefined()
    const some = await interruptedJob(all, undefined, true)
    expect(some).toBeDefined()
    expect(some!.isOf(all, undefined)).toBe(true)
    expect(some!.isOf(['a.jpg'], undefined)).toBe(true)
    expect(some!.isOf(['b.jpg'], undefined)).toBe(false)
    expect(await interruptedJob(['b.jpg'], undefined, true)).toBeUndefined()
    expect(await interruptedJob([], undefined, true)).toBeUndefined()
  })

  it('is a download of its manifest, whatever its name is', async () => {
    await interrupted('album', { manifest: ALBUM })
    expect(await interruptedJob(ALBUM)).toBeDefined()
    expect(await interruptedJob('album.json')).toBeDefined()
    expect(await interruptedJob('https://app.test/2/album.json')).toBeUndefined()
    expect(await interruptedJob('album.json', 'https://app.test/2/')).toBeUndefined()
  })

  it('is no download that is not known to be of its manifest', async () => {
    await interrupted('list')
    expect(await interruptedJob(ALBUM)).toBeUndefined()
  })

  it('is no upload of them, as it cannot have its parts signed', async () => {
    await interrupted('upload', { upload: { id: 'u1', partSize: 1 }, manifest: ALBUM })
    expect(await interruptedJob(['a.jpg'])).toBeUndefined()
    expect(await interruptedJob('album.json')).toBeUndefined()
  })
})
