import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  configure,
  HoldallError,
  isHoldallError,
  zip,
  type FileInput,
  type ZipOptions,
} from '../../src/index.ts'
import type { ZipJob } from '../../src/index.ts'
import { inAPage, leavePage, workers } from './worker.ts'

beforeEach(() => inAPage())
afterEach(leavePage)

const TEXT: FileInput = { name: 'a.txt', data: 'text' }
const stuck = (): FileInput => ({ name: 'stuck', data: new ReadableStream<Uint8Array>() })

describe('a job that fails', () => {
  async function failure(files: FileInput[], options?: ZipOptions): Promise<[ZipJob, unknown]> {
    const job = zip(files, options)
    const error: unknown = await job.blob().then(
      () => expect.fail('it was made'),
      (reason: unknown) => reason,
    )
    await expect(job.finished).rejects.toBe(error)
    expect(workers.every(({ ended }) => ended)).toBe(true)
    return [job, error]
  }

  it.each<[string, FileInput[], ZipOptions, string]>([
    ['no files', [], {}, 'no-files'],
    ['no list', 5 as unknown as FileInput[], {}, 'invalid-option'],
    ['a number for a file', [5 as unknown as FileInput], {}, 'invalid-file'],
    ['null', [null as unknown as FileInput], {}, 'invalid-file'],
    ['a symbol', [Symbol('x') as unknown as FileInput], {}, 'invalid-file'],
    ['a function', [(() => 'x') as unknown as FileInput], {}, 'invalid-file'],
    ['no name', [{ data: 'x' } as FileInput], {}, 'missing-name'],
    ['a negative size', [{ ...TEXT, data: () => 'x', size: -1 } as FileInput], {}, 'invalid-size'],
    ['two of a name', [TEXT, TEXT], { duplicates: 'error' }, 'duplicate-name'],
    ['a bad option', [TEXT], { concurrency: 0 }, 'invalid-option'],
  ])('for %s says so, in the same words as in a worker', async (_, files, options, code) => {
    const [job, error] = await failure(files, options)
    expect(isHoldallError(error)).toBe(true)
    expect(error).toMatchObject({ code })
    expect(job.state).toBe('failed')
  })

  it.each<[string, unknown]>([
    ['concurrency', () => 4],
    ['comment', Symbol('x')],
    ['retry', { attempts: () => 4 }],
    ['retry', () => 4],
  ])('because its option %s cannot be sent to a worker says so', async (option, value) => {
    const [, error] = await failure([TEXT], { [option]: value })
    expect(error).toMatchObject({ code: 'invalid-option', detail: { option } })
    expect((error as Error).message).toContain(`the option ${option} must be`)
  })

  it('because what is said of a file cannot be sent says so, naming its place', async () => {
    const files = Array.from({ length: 700 }, (_, index) => ({ url: `https://app.test/${index}` }))
    const bad = { url: 'https://app.test/x', size: () => 5 } as unknown as FileInput
    const [, error] = await failure([...files, bad])
    expect(error).toMatchObject({ code: 'invalid-file', detail: { index: 700 } })
    expect((error as Error).message).toContain('its size, a value of type function,')
  })

  it.each([(async function* () {})(), Promise.resolve('b')])(
    'because its content cannot be sent says so, naming the file: %s',
    async (data) => {
      const [, error] = await failure([TEXT, { name: 'b', data: data as unknown as string }])
      expect(error).toMatchObject({ code: 'invalid-file', detail: { index: 1 } })
      expect((error as Error).message).toContain('Cannot pack file 1, "b": its data, a')
    },
  )

  it('because a function gave no data says so', async () => {
    const data = (() => 5) as unknown as () => string
    const [, error] = await failure([{ name: 'a.txt', data }])
    expect(error).toMatchObject({ code: 'invalid-file', detail: { index: 0 } })
    expect((error as Error).message).toContain('"a.txt": it gave no data')
  })

  it.each<[string, unknown]>([
    ['an error', new Error('not today')],
    ['no error', null],
  ])('because its list threw %s is told so with a code', async (_, thrown) => {
    const files = (function* (): Generator<FileInput> {
      yield TEXT
      throw thrown
    })()
    const [, error] = await failure(files as unknown as FileInput[])
    expect(error).toMatchObject({
      code: 'invalid-option',
      detail: { option: 'files' },
      cause: thrown,
    })
    expect((error as Error).message).not.toContain('pack fewer files')
    if (thrown) expect((error as Error).message).toContain('Cannot list the files: not today; give')
  })

  it('because its list failed with a code says no other', async () => {
    const thrown = new HoldallError('no-files', 'none today', {})
    const files = (async function* (): AsyncGenerator<FileInput> {
      yield TEXT
      throw thrown
    })()
    const [, error] = await failure(files as unknown as FileInput[])
    expect(error).toBe(thrown)
  })

  it('because a stream was read before says so', async () => {
    const data = new Blob(['x']).stream()
    data.getReader()
    const [, error] = await failure([{ name: 'a', data }])
    expect(error).toMatchObject({ code: 'stream-used', detail: { entry: 'a' } })
  })

  it('because a function threw says so, naming the file', async () => {
    const data = (): never => {
      throw new Error('not today')
    }
    const [, error] = await failure([TEXT, { name: 'b.txt', data }])
    expect(error).toMatchObject({ code: 'source-failed', detail: { entry: 'b.txt' } })
    expect((error as Error).message).toContain('not today')
  })

  it('because its worker broke says so', async () => {
    const job = zip([stuck()])
    const made = job.blob()
    await vi.waitFor(() => expect(job.state).toBe('running'))
    workers[0]!.break('out of memory')
    await expect(made).rejects.toMatchObject({ code: 'worker-failed' })
    await expect(made).rejects.toThrow('out of memory')
  })

  it('because its worker cannot be started says so', async () => {
    configure({
      worker: () => {
        throw new Error('refused by the policy')
      },
    })
    const [, error] = await failure([TEXT])
    expect(error).toMatchObject({ code: 'worker-failed' })
    expect((error as Error).message).toContain('refused by the policy')
  })

  it('because its target refuses it says so, and aborts it', async () => {
    const target = new WritableStream<Uint8Array>({
      write: () => Promise.reject(new Error('the disk is full')),
    })
    const made = zip([TEXT]).saveTo(target)
    await expect(made).rejects.toMatchObject({ code: 'sink-failed' })
    await expect(made).rejects.toThrow('the disk is full')
  })

  it('because its worker broke leaves nothing half written', async () => {
    const aborted: unknown[] = []
    const target = new WritableStream<Uint8Array>({ abort: (reason) => void aborted.push(reason) })
    const job = zip([stuck()])
    const made = job.saveTo(target)
    await vi.waitFor(() => expect(job.state).toBe('running'))
    workers[0]!.break('out of memory')
    await expect(made).rejects.toMatchObject({ code: 'worker-failed' })
    await vi.waitFor(() => expect(aborted).toMatchObject([{ code: 'worker-failed' }]))
  })

  it('while it is only planned is over, and holds no worker', async () => {
    const job = zip([])
    await expect(job.plan()).rejects.toMatchObject({ code: 'no-files' })
    expect(job.state).toBe('failed')
    expect(workers.map(({ ended }) => ended)).toEqual([true])
    await expect(job.finished).rejects.toMatchObject({ code: 'no-files' })
    await expect(job.blob()).rejects.toMatchObject({ code: 'no-files' })
  })

  it('fails its stream', async () => {
    const reader = zip([]).stream().getReader()
    await expect(reader.read()).rejects.toMatchObject({ code: 'no-files' })
  })
})

const byPage = { code: 'cancelled', detail: { by: 'page' } }

describe('a job that is cancelled', () => {
  it('before it began makes nothing', async () => {
    const job = zip([TEXT])
    job.cancel('changed my mind')
    expect(job.state).toBe('cancelled')
    await expect(job.finished).rejects.toMatchObject({ ...byPage, cause: 'changed my mind' })
    await expect(job.blob()).rejects.toMatchObject(byPage)
    expect(workers).toEqual([])
  })

  it('before it is planned starts no worker', async () => {
    const job = zip([TEXT], { signal: AbortSignal.abort() })
    await expect(job.plan()).rejects.toMatchObject({ code: 'cancelled' })
    expect(workers).toEqual([])
  })

  it('while it runs ends at once, and ends its worker', async () => {
    const job = zip([TEXT, stuck()])
    const made = job.blob()
    await vi.waitFor(() => expect(job.state).toBe('running'))
    job.cancel()
    await expect(made).rejects.toMatchObject(byPage)
    expect(job.state).toBe('cancelled')
    expect(workers.map(({ ended }) => ended)).toEqual([true])
  })

  it('by its signal ends, too', async () => {
    const ending = new AbortController()
    const job = zip([stuck()], { signal: ending.signal })
    const made = job.blob()
    await vi.waitFor(() => expect(job.state).toBe('running'))
    ending.abort(new Error('no more'))
    await expect(made).rejects.toMatchObject({ ...byPage, cause: ending.signal.reason as Error })
    await expect(zip([TEXT], { signal: AbortSignal.abort() }).blob()).rejects.toMatchObject(byPage)
  })

  it('after it is done stays done', async () => {
    const job = zip([TEXT])
    await job.blob()
    job.cancel()
    expect(job.state).toBe('done')
  })

  it.each([
    ['is done', (job: ZipJob) => job.blob()],
    ['is cancelled', (job: ZipJob) => Promise.resolve(job.cancel())],
  ])('is not held by the signal when it %s', async (_, end) => {
    const { signal } = new AbortController()
    const listening = new Set<unknown>()
    signal.addEventListener = (_type: string, listener: unknown) => void listening.add(listener)
    signal.removeEventListener = (_type: string, heard: unknown) => void listening.delete(heard)
    const job = zip([TEXT], { signal })
    expect(listening.size).toBe(1)
    await end(job)
    await job.finished.catch(() => undefined)
    await undefined
    expect(listening.size).toBe(0)
  })

  it('aborts the file that it was written to', async () => {
    const aborted: unknown[] = []
    const target = new WritableStream<Uint8Array>({ abort: (reason) => void aborted.push(reason) })
    const job = zip([TEXT, stuck()])
    const made = job.saveTo(target)
    await vi.waitFor(() => expect(job.state).toBe('running'))
    job.cancel()
    await expect(made).rejects.toMatchObject(byPage)
    await vi.waitFor(() => expect(aborted).toHaveLength(1))
  })
})

describe('the streams of a job', () => {
  /** A stream without end, and the reasons that it was cancelled for. */
  function source(): { stream: ReadableStream<Uint8Array>; told: unknown[] } {
    const told: unknown[] = []
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
      cancel: (reason) => void told.push(reason),
    })
    return { stream, told }
  }

  const full = (): WritableStream<Uint8Array> =>
    new WritableStream({ write: () => new Promise(() => undefined) })

  it.each<[string, (job: ZipJob) => Promise<unknown>]>([
    ['a Blob', (job) => job.blob()],
    ['a stream that takes no more', (job) => job.saveTo(full())],
  ])('are cancelled and let go when it is cancelled on its way to %s', async (_, bring) => {
    const [first, second] = [source(), source()]
    const job = zip([
      { name: 'a', data: first.stream },
      { name: 'b', data: second.stream },
    ])
    const made = bring(job)
    await vi.waitFor(() => expect(first.stream.locked).toBe(true))
    job.cancel('enough')
    await expect(made).rejects.toMatchObject({ code: 'cancelled' })
    await vi.waitFor(() =>
      expect([first.stream.locked, second.stream.locked]).toEqual([false, false]),
    )
    expect(first.told).toMatchObject([{ code: 'cancelled', cause: 'enough' }])
    expect(second.told).toMatchObject([{ code: 'cancelled', cause: 'enough' }])
  })

  it('are cancelled during a read, when its worker broke', async () => {
    const told: unknown[] = []
    const stream = new ReadableStream<Uint8Array>({ cancel: (reason) => void told.push(reason) })
    const made = zip([{ name: 'a', data: stream }]).blob()
    await vi.waitFor(() => expect(stream.locked).toBe(true))
    workers[0]!.break('out of memory')
    await expect(made).rejects.toMatchObject({ code: 'worker-failed' })
    expect(told).toMatchObject([{ code: 'worker-failed' }])
    expect(stream.locked).toBe(false)
  })

  it('are cancelled, if a function gives them when it is over', async () => {
    const { stream, told } = source()
    let give: (data: ReadableStream<Uint8Array>) => void = () => undefined
    const data = vi.fn(() => new Promise<ReadableStream<Uint8Array>>((resolve) => (give = resolve)))
    const job = zip([{ name: 'a', data }])
    const made = job.blob()
    await vi.waitFor(() => expect(data).toHaveBeenCalled())
    job.cancel()
    await expect(made).rejects.toMatchObject(byPage)
    give(stream)
    await vi.waitFor(() => expect(told).toMatchObject([byPage]))
    expect(stream.locked).toBe(false)
  })

  it('are left to the page if it never ran', async () => {
    const { stream, told } = source()
    const files: FileInput[] = [{ name: 'a', data: stream }, TEXT, TEXT]
    await expect(zip(files, { duplicates: 'error' }).blob()).rejects.toMatchObject({
      code: 'duplicate-name',
    })
    expect([told, stream.locked]).toEqual([[], false])
  })

  it('are cancelled by nobody when it is done', async () => {
    const cancel = vi.fn()
    const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
      controller.enqueue(new Uint8Array(3))
      controller.close()
    }
    const blob = await zip([{ name: 'a', data: new ReadableStream({ start, cancel }) }]).blob()
    expect(blob.size).toBeGreaterThan(100)
    expect(cancel).not.toHaveBeenCalled()
  })
})
