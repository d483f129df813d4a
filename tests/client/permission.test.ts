/** Jobs that are gone on with, whose files were picked: their user is asked for them again, in the click. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { DownloadJob } from '../../src/client/choose-sink.ts'
import type { ZipJob } from '../../src/client/job.ts'
import { listUnfinished } from '../../src/client/unfinished.ts'
import { prepareJob } from '../../src/engine/job.ts'
import { toStored, type StoredJob } from '../../src/engine/stored-job.ts'
import { ZipJob as Job } from '../../src/client/job.ts'
import { forgetAll, store, storedJobs } from './stored.ts'
import { inAPage, leavePage } from './worker.ts'

vi.mock('../../src/engine/store.ts', async () => (await import('./stored.ts')).store)
vi.mock('../../src/client/choose-sink.ts', () => ({
  deliver: async (job: DownloadJob) => {
    await job.plan()
    return { sink: 'service-worker', entries: 1, bytes: 1, skipped: [] }
  },
}))

const ID = '00000000-0000-4000-8000-000000000000'

/** What was asked of the user, in order. */
let asked: string[] = []

/** As a browser's, which structured clone takes: what it was asked stays with the tests. */
class Handle {
  readonly kind = 'file'
  readonly name: string
  state: PermissionState
  /** What the user answers. */
  answer: PermissionState | Error

  constructor(name: string, state: PermissionState, answer: PermissionState | Error = 'granted') {
    this.name = name
    this.state = state
    this.answer = answer
  }

  async queryPermission(): Promise<PermissionState> {
    return this.state
  }

  async requestPermission({ mode }: { mode: string }): Promise<PermissionState> {
    if (this.state === 'granted') return 'granted'
    asked.push(`${mode} ${this.name}`)
    if (this.answer instanceof Error) throw this.answer
    this.state = this.answer
    // one answer gives back all
    if (this.answer === 'granted')
      for (const other of picked) if (other.state === 'prompt') other.state = 'granted'
    return this.answer
  }
}

let picked: Handle[] = []

/** What is resumed of a job of these files. */
async function resumed(files: Handle[], target?: Handle): Promise<ZipJob> {
  picked = [...files, ...(target ? [target] : [])]
  const sources = files.map((handle) => ({
    kind: 'file',
    name: handle.name,
    source: { type: 'handle', handle },
  }))
  const job = { id: ID, name: 'a.zip', created: 0, files: sources, ...(target && { target }) }
  vi.spyOn(store, 'unfinishedJobs').mockResolvedValue([
    { job: job as unknown as StoredJob, bytes: 0, parts: new Map() },
  ] as never)
  const [entry] = await listUnfinished((stored, options) => new Job([], options, stored))
  return entry!.resume()
}

beforeEach(async () => {
  inAPage()
  asked = []
  const prepared = await prepareJob([{ name: 'a', data: 'a' }], {}, new AbortController().signal)
  await store.storeJob(toStored(prepared, ID, 'a.zip'))
})
afterEach(() => {
  leavePage()
  forgetAll()
  vi.restoreAllMocks()
})

describe('a job that is gone on with', () => {
  it('asks once for all that was picked', async () => {
    const job = await resumed([new Handle('1', 'prompt'), new Handle('2', 'prompt')])
    expect(await job.finished).toMatchObject({ sink: 'service-worker' })
    expect(asked).toEqual(['read 1'])
  })

  it('asks nothing for what may be read still, as in private storage', async () => {
    const bare = { kind: 'file', name: '2' } as unknown as Handle // of browsers that take back nothing
    const job = await resumed([new Handle('1', 'granted'), bare])
    expect(await job.finished).toMatchObject({ sink: 'service-worker' })
    expect(asked).toEqual([])
  })

  it.each([
    ['denied', 'denied' as const],
    ['asked for outside a click', new DOMException('User activation is required', 'SecurityError')],
  ])('fails if that is %s, and can be gone on with later', async (_, answer) => {
    const job = await resumed([new Handle('1', 'granted'), new Handle('2', 'prompt', answer)])
    await expect(job.finished).rejects.toMatchObject({
      code: 'source-failed',
      detail: { entry: '2' },
      message: expect.stringMatching(/"2" again: .*; call resume\(\) in a click/) as string,
    })
    expect(job.state).toBe('failed')
    expect(storedJobs()).toBe(1)
  })

  it('asks for its file first, and is downloaded if that may not be written', async () => {
    class Target extends Handle {}
    vi.stubGlobal('FileSystemFileHandle', Target)
    const job = await resumed([new Handle('1', 'prompt')], new Target('t.zip', 'prompt', 'denied'))
    const report = await job.finished
    expect(report).toMatchObject({ fallbacks: [{ sink: 'file-system' }], sink: 'service-worker' })
    expect(asked).toEqual(['readwrite t.zip', 'read 1'])
  })

  it('is cancelled while the user is asked', async () => {
    class Target extends Handle {
      override requestPermission(): Promise<PermissionState> {
        return new Promise(() => undefined)
      }
    }
    vi.stubGlobal('FileSystemFileHandle', Target)
    const job = await resumed([], new Target('t.zip', 'prompt'))
    await vi.waitFor(() => expect(job.state).toBe('planning'))
    job.cancel()
    await expect(job.finished).rejects.toMatchObject({ code: 'cancelled' })
    expect(storedJobs()).toBe(1)
  })
})
