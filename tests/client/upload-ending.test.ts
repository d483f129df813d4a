/** How uploads end: what can be gone on with is left at its store, and nothing else is. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { unfinished, zip, type FileInput, type UploadTarget } from '../../src/index.ts'
import { claimLock } from '../../src/port/delivery.ts'
import { Making } from '../../src/worker/making.ts'
import { SecretiveLocks, type Locks } from '../sw/scope.ts'
import { objectStore, type ObjectStore } from '../sinks/object-store.ts'
import { forgetAll, store as stored, storedJobs } from './stored.ts'
import { FILES, openPage, OPTIONS, soon, targetAt as targetOf, whole } from './uploading.ts'
import { leavePage } from './worker.ts'

vi.mock('../../src/engine/store.ts', async () => (await import('./stored.ts')).store)

let store: ObjectStore

beforeEach(async () => {
  openPage()
  store = await objectStore()
})
afterEach(async () => {
  vi.restoreAllMocks()
  leavePage()
  forgetAll()
  await store[Symbol.asyncDispose]()
})

const targetAt = (overrides: Partial<UploadTarget> = {}): UploadTarget => targetOf(store, overrides)

async function expectTheArchive(): Promise<void> {
  expect(store.object!.equals(await whole())).toBe(true)
}

/** Begins an upload whose part 3 fails, and leaves it to be gone on with. */
async function interrupt(): Promise<void> {
  store.fault = (number) => (number === 3 ? { status: 503 } : undefined)
  await expect(zip(FILES, OPTIONS).upload(targetAt())).rejects.toMatchObject({
    code: 'upload-failed',
  })
  store.fault = () => undefined
  expect([storedJobs(), store.aborts]).toEqual([1, 0])
}

describe('an upload that fails for what may pass', () => {
  it('can be gone on with though its store has no part yet', async () => {
    store.fault = (number) => (number === 1 ? { status: 503 } : undefined)
    const uploaded = zip(FILES, OPTIONS).upload(targetAt())
    await expect(uploaded).rejects.toMatchObject({ code: 'upload-failed' })
    expect([storedJobs(), store.aborts]).toEqual([1, 0])
    store.fault = () => undefined
    await (await unfinished())[0]!.resume({ upload: targetAt() }).finished
    await expectTheArchive()
  })

  it('can be gone on with where nobody knows what it was, and is told with a code', async () => {
    let chunks = 0
    const { next } = Making.prototype
    vi.spyOn(Making.prototype, 'next').mockImplementation(function (this: Making) {
      if (chunks++ === 2) throw new RangeError('Array buffer allocation failed')
      return next.call(this)
    })
    const job = zip(FILES, OPTIONS)
    const error: unknown = await job.upload(targetAt()).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'worker-failed' })
    expect((error as Error).message).toContain('Array buffer allocation failed')
    await expect(job.finished).rejects.toBe(error)
    expect([storedJobs(), store.aborts]).toEqual([1, 0])
  })

  it('can be gone on with where what is stored of it cannot be read just now', async () => {
    await interrupt()
    const why = new DOMException('the disk is busy', 'UnknownError')
    vi.spyOn(stored, 'storedParts').mockRejectedValueOnce(why)
    const again = (await unfinished())[0]!.resume({ upload: targetAt() })
    await expect(again.finished).rejects.toMatchObject({
      code: 'upload-failed',
      message: expect.stringContaining('the disk is busy') as string,
    })
    expect([storedJobs(), store.aborts]).toEqual([1, 0])
    await (await unfinished())[0]!.resume({ upload: targetAt() }).finished
    await expectTheArchive()
  })
})

describe('an upload that is cancelled', () => {
  /** Cancels it while its target completes it, which ends as `settle` says. */
  async function cancelled(settle: () => unknown): Promise<[Promise<unknown>, string[]]> {
    const events: string[] = []
    let go: () => void = () => undefined
    const going = new Promise<void>((resolve) => (go = resolve))
    const complete: UploadTarget['complete'] = async (parts) => {
      job.cancel()
      await going
      settle()
      store.complete(parts)
      events.push('completed')
    }
    const abort = (): void => void events.push('aborted')
    const job = zip(FILES, OPTIONS)
    const uploaded = job.upload(targetAt({ complete, abort }))
    uploaded.catch(() => undefined)
    await soon(() => expect(store.taken).toHaveLength(5))
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(events, 'what becomes of it is not known yet').toEqual([])
    go()
    return [uploaded, events]
  }

  it('while it is completed is done if its object is there', async () => {
    const [uploaded, events] = await cancelled(() => undefined)
    expect(await uploaded).toMatchObject({ sink: 'upload' })
    expect(events).toEqual(['completed'])
    expect(storedJobs()).toBe(0)
  })

  it('while it is completed is aborted, and asked for no more, if that fails', async () => {
    const [uploaded, events] = await cancelled(() => {
      throw new Error('no answer')
    })
    await expect(uploaded).rejects.toMatchObject({ code: 'cancelled' })
    expect(events).toEqual(['aborted'])
    expect(storedJobs()).toBe(0)
  })

  it('while it is completed is aborted, if its target is silent for too long', async () => {
    const events: string[] = []
    const complete: UploadTarget['complete'] = () => {
      events.push('asked')
      job.cancel()
      return new Promise(() => undefined)
    }
    const job = zip(FILES, { ...OPTIONS, retry: { silence: 50 } })
    const uploaded = job.upload(targetAt({ complete, abort: () => void events.push('aborted') }))
    await expect(uploaded).rejects.toMatchObject({ code: 'cancelled' })
    expect(events).toEqual(['asked', 'aborted'])
  })

  it('before it is planned again is aborted, as at any other time', async () => {
    await interrupt()
    const again = (await unfinished())[0]!.resume({ upload: targetAt() })
    expect(again.state).toBe('planning')
    again.cancel()
    await expect(again.finished).rejects.toMatchObject({ code: 'cancelled' })
    await soon(() => expect([storedJobs(), store.aborts]).toEqual([0, 1]))
  })

  it.each([
    ['are told', (locks: Locks) => locks],
    [
      'are not told',
      (locks: Locks) => Object.assign(locks, { query: SecretiveLocks.prototype.query }),
    ],
  ])(
    'before it is planned again is left to another page that goes on with it, where locks %s',
    async (_, known) => {
      await interrupt()
      const [job] = await unfinished()
      await zip(FILES).plan() // a worker that lives: with the last of them, all locks are let go here
      const locks = known(navigator.locks as unknown as Locks)
      const letGo = await locks.hold(claimLock(job!.id))
      const again = job!.resume({ upload: targetAt() })
      again.cancel()
      await expect(again.finished).rejects.toMatchObject({ code: 'cancelled' })
      await new Promise((resolve) => setTimeout(resolve, 1500))
      expect([storedJobs(), store.aborts]).toEqual([1, 0])
      letGo()
    },
  )

  it('before it is planned again is left where nobody can tell whether another page goes on with it', async () => {
    await interrupt()
    const [job] = await unfinished()
    vi.stubGlobal('navigator', {})
    const again = job!.resume({ upload: targetAt() })
    again.cancel()
    await expect(again.finished).rejects.toMatchObject({ code: 'cancelled' })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect([storedJobs(), store.aborts]).toEqual([1, 0])
  })
})

it('an upload that is paused again by who hears that it goes on sends nothing', async () => {
  store.fault = (number) => (number === 2 ? 'hang' : undefined)
  const job = zip(FILES, OPTIONS)
  let isHeld = false
  job.addEventListener('statechange', ({ state }) => {
    if (isHeld && state === 'running') job.pause()
  })
  const uploaded = job.upload(targetAt())
  await soon(() => expect(store.taken).toHaveLength(4))
  job.pause()
  await soon(() => expect(store.open).toBe(0))
  isHeld = true
  job.resume()
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect([job.state, store.open]).toEqual(['paused', 0])
  isHeld = false
  store.fault = () => undefined
  job.resume()
  await uploaded
  await expectTheArchive()
})

describe('an upload of more local files than are stored', () => {
  const large: FileInput[] = [{ name: 'a', data: new Uint8Array(17 * 1024 * 1024) }]

  it('says so, and why', async () => {
    const job = zip(large, OPTIONS)
    const plan = await job.plan()
    expect(plan).toMatchObject({
      resumable: true,
      notKept: expect.stringContaining('16 MiB') as string,
    })
    await job.upload(targetAt({ partSize: 8 * 1024 * 1024 }))
    expect(job.resumable).toBe(false)
    const small = zip(FILES, OPTIONS)
    expect(await small.plan()).not.toHaveProperty('notKept')
    await small.upload(targetAt())
    expect(small.resumable).toBe(true)
  })
})
