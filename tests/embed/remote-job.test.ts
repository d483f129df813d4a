/** The page's end of a job that a frame makes. */

import { getEventListeners } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { JobState } from '../../src/client/events.ts'
import type { Report } from '../../src/client/options.ts'
import { NamedFiles } from '../../src/embed/answer-requests.ts'
import type { Connection } from '../../src/embed/connection.ts'
import type { JobReply, JobRequest } from '../../src/embed/protocol.ts'
import { RemoteJob } from '../../src/embed/remote-job.ts'
import { HoldallError } from '../../src/errors.ts'
import type { FileInput } from '../../src/manifest/types.ts'
import { readableFromPort } from '../../src/port/readable.ts'
import { toWire } from '../../src/port/wire-error.ts'
import { MANIFEST } from '../../src/widget/manifest.ts'
import type { PlanSummary, WireFile } from '../../src/worker/protocol.ts'

const GONE = new HoldallError('delivery-lost', 'it is gone', { reason: 'frame-gone' })

interface Begun {
  job: RemoteJob
  /** The frame's end of its port. */
  frame: MessagePort
  /** Tells that the frame is gone. */
  lose: () => void
  gone: AbortSignal
  named: NamedFiles
}

/** A job of `files`. */
function begin(files: FileInput[] | string, gone?: AbortSignal, options?: object): Begun {
  const { port1, port2: frame } = new MessageChannel()
  onTestFinished(() => port1.close())
  const going = new AbortController()
  const lose = (): void => going.abort(GONE)
  const named = new NamedFiles('https://shop.test')
  const connection = {
    named,
    gone: gone ?? going.signal,
    job: () => port1,
  } as unknown as Connection
  const job = new RemoteJob(
    connection,
    files,
    { ...options, baseURL: 'https://shop.test/' },
    undefined,
  )
  return { job, frame, lose, gone: going.signal, named }
}

it('says which file it is that cannot be sent to the frame', async () => {
  const { job } = begin(['/a', { name: 'b', data: Promise.resolve('b') } as unknown as FileInput])
  await expect(job.plan()).rejects.toMatchObject({
    code: 'invalid-file',
    detail: { index: 1 },
    message: expect.stringContaining('file 1, "b": its data') as string,
  })
})

it.each<[string, FileInput[] | string]>([
  ['some files', ['/a']],
  ['a manifest', '/manifest.json'],
])('says which option of %s it is that cannot be', async (_, files) => {
  const { job, frame } = begin(files, undefined, { comment: () => 'x' })
  frame.onmessage = () => frame.postMessage({ type: 'taken' } satisfies JobReply)
  await expect(job.plan()).rejects.toMatchObject({
    code: 'invalid-option',
    detail: { option: 'comment' },
  })
})

it('says it by its place in the list where a folder is before it', async () => {
  const names = ['x', 'y', 'z']
  const children = names.map((name) => ({ kind: 'file', name, getFile: async () => new Blob() }))
  const folder = { kind: 'directory', name: 'folder', values: () => children.values() }
  const file = { name: 'b', data: Promise.resolve('b') }
  const { job } = begin([folder, file] as unknown as FileInput[])
  await expect(job.plan()).rejects.toMatchObject({
    detail: { index: 1 },
    message: expect.stringContaining('file 1, "b"') as string,
  })
})

it.each(['done', 'failed', 'not planned', 'cancelled', 'not begun'])(
  'is not held by its connection when it is %s',
  async (how) => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const data = how === 'not begun' ? Promise.resolve('a') : 'a'
    const { job, frame, gone } = begin([{ name: 'a', data } as unknown as FileInput])
    const reply = (message: JobReply): void => frame.postMessage(message)
    frame.onmessage = ({ data: { type } }: MessageEvent<JobRequest>) => {
      if (type === 'files') reply({ type: 'taken' })
      else if (type === 'plan') reply({ type: 'not-planned', error: toWire(GONE) })
      else if (type !== 'download') return
      else if (how === 'done') reply({ type: 'done', report: {} as Report })
      else if (how === 'failed') reply({ type: 'failed', error: toWire(GONE) })
      else job.cancel()
    }
    const over = how === 'not planned' ? job.plan() : job.download()
    expect(getEventListeners(gone, 'abort')).not.toHaveLength(0)
    await over.catch(() => undefined)
    vi.advanceTimersByTime(6 * 60_000) // it is asked for files until then
    expect(getEventListeners(gone, 'abort')).toHaveLength(0)
  },
)

describe('files that the page has listed of a manifest', () => {
  /** What of `url` is named to the frame, and crosses, if it is listed with cookies in that manifest. */
  async function listed(url: string, manifest: string): Promise<[boolean, WireFile]> {
    const file = { url, credentials: 'include', [MANIFEST]: manifest } as const
    const { job, frame, named } = begin([file])
    const crossed = new Promise<WireFile>((resolve) => {
      frame.onmessage = ({ data }: MessageEvent<JobRequest>) => {
        if (data.type === 'files') resolve(data.files[0]!)
      }
    })
    job.plan().catch(() => undefined)
    onTestFinished(() => job.cancel())
    const sent = await crossed
    return [named.has(url), sent]
  }
  const FILES = { page: 'https://shop.test/a', other: 'https://cdn.test/a' }
  const OWN = 'https://shop.test/list.json'
  const STRANGERS = 'https://files.test/list.json'

  it('are named if it is of the page, and not if it is of another origin', async () => {
    expect(await listed(FILES.page, OWN)).toEqual([
      true,
      { url: FILES.page, credentials: 'include' },
    ])
    expect((await listed(FILES.page, STRANGERS))[0]).toBe(false)
  })

  it.each([OWN, STRANGERS])(
    'are asked for without cookies in other origins: %s',
    async (manifest) => {
      const crossed = { url: FILES.other, credentials: 'omit' }
      expect(await listed(FILES.other, manifest)).toEqual([false, crossed])
    },
  )
})

it('tells its plan as often as it is asked', async () => {
  const { job, frame } = begin(['/a'])
  const plan = { name: 'a.zip' } as PlanSummary
  frame.onmessage = ({ data: { type } }: MessageEvent<JobRequest>) => {
    if (type === 'files') frame.postMessage({ type: 'taken' } satisfies JobReply)
    if (type === 'plan') frame.postMessage({ type: 'planned', plan } satisfies JobReply)
  }
  expect(await Promise.all([job.plan(), job.plan()])).toEqual([plan, plan])
})

it('fails at once when its frame was gone before it', async () => {
  const { job } = begin(['/a'], AbortSignal.abort(GONE))
  await expect(job.plan()).rejects.toBe(GONE)
})

it.each(['cancelled', 'failed', 'lost'])(
  'cancels a stream of the page that is being read when it is %s',
  async (how) => {
    const cancel = vi.fn()
    const chunk = new Uint8Array(8 * 1024 * 1024) // more than is read ahead
    const data = new ReadableStream<Uint8Array>({ pull: (to) => to.enqueue(chunk), cancel })
    const { job, frame, lose } = begin([{ name: 'a', data }])
    const reply = (message: JobReply): void => frame.postMessage(message)
    const read = new Promise<void>((resolve) => {
      frame.onmessage = async ({ data: message }: MessageEvent<JobRequest>) => {
        if (message.type === 'files') reply({ type: 'taken' })
        else if (message.type === 'begin') reply({ type: 'open', ask: 0, remote: 0 })
        else if (message.type === 'answer') {
          await readableFromPort(message.value as MessagePort)
            .getReader()
            .read()
          resolve()
        }
      }
    })
    await read
    expect(cancel).not.toHaveBeenCalled()
    if (how === 'cancelled') job.cancel()
    else if (how === 'failed') reply({ type: 'failed', error: toWire(GONE) })
    else lose()
    await vi.waitFor(() => expect(cancel).toHaveBeenCalled())
  },
)

describe('a stream that nobody has asked for', () => {
  const REFUSED = new HoldallError('handoff-failed', 'it was not taken', { url: '/a' })

  /** Ends a job, told to be in that state, and gives what its stream was cancelled with. */
  async function end(how: string, state: JobState, error: HoldallError): Promise<unknown[]> {
    const cancel = vi.fn<(reason: unknown) => void>()
    const { job, frame, lose } = begin([{ name: 'a', data: new ReadableStream({ cancel }) }])
    const reply = (message: JobReply): void => frame.postMessage(message)
    frame.onmessage = ({ data: { type } }: MessageEvent<JobRequest>) => {
      if (type === 'files') return reply({ type: 'taken' })
      if (type !== 'download') return
      reply({ type: 'state', state, needsPage: false })
      if (how === 'failed') reply({ type: 'failed', error: toWire(error) })
    }
    job.addEventListener('statechange', () => {
      if (how === 'cancelled') job.cancel('enough')
      else if (how === 'lost') lose()
    })
    await expect(job.download()).rejects.toBeInstanceOf(HoldallError)
    return cancel.mock.calls.flat()
  }

  it.each([
    ['cancelled', { code: 'cancelled', cause: 'enough' }],
    ['failed', { code: 'delivery-lost' }],
    ['lost', { code: 'delivery-lost' }],
  ])('is cancelled when a job that ran is %s', async (how, error) => {
    expect(await end(how, 'running', GONE)).toEqual([expect.objectContaining(error)])
  })

  it.each(['cancelled', 'failed', 'lost'])(
    'is left when a job that did not run is %s',
    async (how) => {
      expect(await end(how, 'planning', GONE)).toEqual([])
    },
  )

  it('is left to another maker when the frame cannot bring the archive', async () => {
    expect(await end('failed', 'running', REFUSED)).toEqual([])
  })
})
