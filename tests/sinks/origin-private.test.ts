/** Archives in the storage of the page's origin: what is left there of those that fail, and what is no storage at all. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { zip } from '../../src/index.ts'
import { makeRoom } from '../../src/sinks/origin-private.ts'
import { inAPage, leavePage } from '../client/worker.ts'
import { Locks } from '../sw/scope.ts'

/** A folder in which a file that is written to cannot be removed. */
class Folder {
  readonly open = new Map<string, boolean>()
  /** Awaited before a file is closed. */
  onClose: () => Promise<void> = async () => undefined
  onEntries: () => void = () => undefined

  async *entries(): AsyncGenerator<[string, object]> {
    this.onEntries()
    for (const name of this.open.keys())
      yield [name, { kind: 'file', getFile: async () => new File([], name) }]
  }

  async getFileHandle(name: string): Promise<object> {
    this.open.set(name, false)
    const createWritable = async (): Promise<WritableStream> => {
      this.open.set(name, true)
      const end = (): void => void this.open.set(name, false)
      const close = (): Promise<void> => this.onClose().then(end)
      const truncate = async (): Promise<void> => undefined
      return Object.assign(new WritableStream({ close, abort: end }), { truncate })
    }
    return { createWritable, getFile: async () => new File([], name) }
  }

  async removeEntry(name: string): Promise<void> {
    if (this.open.get(name)) throw new DOMException('it is open', 'NoModificationAllowedError')
    this.open.delete(name)
  }
}

let folder: Folder
let locks: Locks

beforeEach(() => {
  inAPage()
  folder = new Folder()
  locks = new Locks()
  const storage = { getDirectory: async () => ({ getDirectoryHandle: async () => folder }) }
  vi.stubGlobal('navigator', { locks, storage })
  vi.stubGlobal(
    'FileSystemFileHandle',
    class {
      createWritable(): void {}
    },
  )
})
afterEach(leavePage)

/** What holds the room of an archive. */
const held = async (): Promise<(string | undefined)[]> =>
  ((await locks.query()).held ?? [])
    .map(({ name }) => name)
    .filter((name) => name?.startsWith('holdall:file:'))

const packed = (): ReturnType<typeof zip> =>
  zip([{ name: 'a.txt', data: 'text' }], { sinks: ['origin-private'] })

describe('an archive in private storage', () => {
  it('that is cancelled while its file is closed leaves nothing once that is done', async () => {
    let close: () => void = () => undefined
    const closing = new Promise<void>((began) => {
      folder.onClose = () => {
        began()
        return new Promise<void>((resolve) => (close = resolve))
      }
    })
    const job = packed()
    const downloaded = job.download()
    downloaded.catch(() => undefined)
    await closing
    job.cancel()
    await expect(downloaded).rejects.toMatchObject({ code: 'cancelled' })
    expect(folder.open.size, 'a file that is open cannot be removed').toBe(1)
    expect(await held()).toHaveLength(1)
    close()
    await vi.waitFor(() => expect(folder.open.size).toBe(0))
    await vi.waitFor(async () => expect(await held()).toEqual([]))
  })

  it('that was never written, as the part that does so cannot be loaded, leaves nothing', async () => {
    const room = await makeRoom(4)
    expect([...folder.open.values()]).toEqual([true])
    await room.free()
    expect(folder.open.size).toBe(0)
    await vi.waitFor(async () => expect(await held()).toEqual([]))
  })

  it('that cannot be closed leaves nothing', async () => {
    folder.onClose = () => Promise.reject(new Error('no space left'))
    await expect(packed().download()).rejects.toMatchObject({ code: 'sink-failed' })
    await vi.waitFor(async () => expect(await held()).toEqual([]))
  })
})

describe('a browser whose private storage fails', () => {
  it.each([
    [
      'cannot be listed',
      () => {
        folder.onEntries = () => {
          throw new DOMException('The object is in an invalid state', 'InvalidStateError')
        }
      },
    ],
    [
      'cannot be locked',
      () => {
        locks.request = () => Promise.reject(new DOMException('refused', 'SecurityError'))
      },
    ],
  ])('since it %s has none, so that the next sink is tried', async (_, fail) => {
    fail()
    await expect(makeRoom(undefined)).rejects.toMatchObject({
      code: 'sink-unavailable',
      detail: { sink: 'origin-private' },
    })
  })
})
