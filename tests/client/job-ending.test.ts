import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { configure, isHoldallError, zip, type FileInput, type ZipOptions } from '../../src/index.ts'
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

  it.each<[string, object]>([
    ['data', { name: 'b', data: (async function* () {})() }],
    ['data', { name: 'b', data: Promise.resolve('b') }],
    ['mode', { ...TEXT, name: 'b', mode: () => 7 }],
    ['name', { name: () => 'b', data: new Uint8Array(3) }],
  ])(
    'because the %s of a file is nothing that a worker can be sent says which',
    async (field, file) => {
      const files = [...Array.from({ length: 600 }, (_, index) => `/${index}`), file as FileInput]
      const [, error] = await failure(files)
      expect(error).toMatchObject({ code: 'invalid-file', detail: { index: 600 } })
      const called = field === 'name' ? '' : ', "b"'
      expect((error as Error).message).toContain(
        `Cannot pack file 600${called}: its ${field} cannot`,
      )
    },
  )

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

describe('a job that is cancelled', () => {
  const byPage = { code: 'cancelled', detail: { by: 'page' } }

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
