import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { StoredJob } from '../../src/engine/stored-job.ts'
import { interruptedJob } from '../../src/widget/interrupted.ts'
import { forgetAll, store } from '../client/stored.ts'

vi.mock('../../src/engine/store.ts', async () => (await import('../client/stored.ts')).store)

beforeEach(() => {
  const createElement = (): object => ({ setAttribute: vi.fn(), append: vi.fn() })
  vi.stubGlobal('document', { baseURI: 'https://app.test/', createElement })
})
afterEach(() => {
  forgetAll()
  vi.unstubAllGlobals()
})

async function interrupted(id: string, upload?: StoredJob['upload']): Promise<void> {
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
    ...(upload !== undefined && { upload }),
  })
}

describe('what the element offers of what was interrupted', () => {
  it('is a download of its files', async () => {
    await interrupted('download')
    expect(await interruptedJob(['a.jpg'], undefined)).toBeDefined()
    expect(await interruptedJob(['b.jpg'], undefined)).toBeUndefined()
  })

  it('is no upload of them, as it cannot have its parts signed', async () => {
    await interrupted('upload', { id: 'u1', partSize: 1 })
    expect(await interruptedJob(['a.jpg'], undefined)).toBeUndefined()
    expect(await interruptedJob('album.json', 'a.zip')).toBeUndefined()
  })
})
