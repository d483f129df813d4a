/** Archives that are held as Blobs, where a browser has no room for them. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { zip } from '../../src/index.ts'
import { inAPage, leavePage } from '../client/worker.ts'

beforeEach(() => inAPage())
afterEach(() => {
  vi.restoreAllMocks()
  leavePage()
})

describe('a Blob that there is no room for', () => {
  const noRoom = { code: 'sink-failed', message: expect.stringContaining('no room') as string }

  it.each<[string, () => Promise<Blob>]>([
    ['is refused', () => Promise.reject(new TypeError('Failed to fetch'))],
    [
      'cannot be read',
      async () => {
        const read = (): Promise<never> =>
          Promise.reject(new DOMException('it could not be read', 'NotReadableError'))
        return { size: 9, slice: () => ({ arrayBuffer: read }) } as unknown as Blob
      },
    ],
  ])('fails the job with a code: one that %s', async (_, blob) => {
    vi.spyOn(Response.prototype, 'blob').mockImplementation(blob)
    const job = zip([{ name: 'a.bin', data: () => new Uint8Array(9_000_000) }])
    await expect(job.blob()).rejects.toMatchObject(noRoom)
    await expect(job.finished).rejects.toMatchObject(noRoom)
  })

  it('does not hide what has failed the archive', async () => {
    const data = (): Promise<never> => Promise.reject(new Error('not today'))
    const made = zip([{ name: 'a.bin', data }]).blob()
    await expect(made).rejects.toMatchObject({ code: 'source-failed', detail: { entry: 'a.bin' } })
  })

  it('does not keep a job that is cancelled', async () => {
    vi.spyOn(Response.prototype, 'blob').mockReturnValue(new Promise(() => undefined))
    const job = zip([{ name: 'a.bin', data: 'text' }])
    const made = job.blob()
    await vi.waitFor(() => expect(job.state).toBe('running'))
    job.cancel()
    await expect(made).rejects.toMatchObject({ code: 'cancelled' })
  })
})
