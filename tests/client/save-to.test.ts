/** A stream that an archive is saved to: whoever waits at its other end learns how the job ends, whenever that is. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { zip, type FileInput } from '../../src/index.ts'
import { inAPage, isGuarded, leavePage } from './worker.ts'

beforeEach(() => inAPage())
afterEach(leavePage)

const TEXT: FileInput = { name: 'a.txt', data: 'text' }

/** A stream, and what it was aborted for. */
function target(): { stream: WritableStream<Uint8Array>; aborted: unknown[] } {
  const aborted: unknown[] = []
  const stream = new WritableStream<Uint8Array>({ abort: (reason) => void aborted.push(reason) })
  return { stream, aborted }
}

describe('a stream that an archive is saved to', () => {
  it('is aborted if the input is bad', async () => {
    const { stream, aborted } = target()
    const error: unknown = await zip([])
      .saveTo(stream)
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'no-files' })
    expect(aborted).toEqual([error])
    expect(stream.locked).toBe(false)
  })

  it('is aborted if the job is cancelled while it is planned', async () => {
    const { stream, aborted } = target()
    const job = zip([TEXT])
    job.addEventListener('statechange', ({ state }) => state === 'planning' && job.cancel('no'))
    await expect(job.saveTo(stream)).rejects.toMatchObject({ code: 'cancelled', cause: 'no' })
    expect(aborted).toMatchObject([{ code: 'cancelled', cause: 'no' }])
  })

  it('is aborted if the job was cancelled before', async () => {
    const { stream, aborted } = target()
    const saved = zip([TEXT], { signal: AbortSignal.abort() }).saveTo(stream)
    await expect(saved).rejects.toMatchObject({ code: 'cancelled' })
    expect(aborted).toMatchObject([{ code: 'cancelled' }])
  })

  it('is aborted if the job has another sink', async () => {
    const { stream, aborted } = target()
    const job = zip([TEXT])
    const made = job.blob()
    await expect(job.saveTo(stream)).rejects.toMatchObject({ code: 'already-started' })
    expect(aborted).toMatchObject([{ code: 'already-started' }])
    await made
  })

  it('is left alone while somebody else writes to it', async () => {
    const { stream, aborted } = target()
    const writer = stream.getWriter()
    await expect(zip([]).saveTo(stream)).rejects.toMatchObject({ code: 'sink-failed' })
    await writer.write(new Uint8Array(1))
    expect(aborted).toEqual([])
  })

  it('is left to the job that had it first', async () => {
    const { stream, aborted } = target()
    const job = zip([TEXT])
    const saved = job.saveTo(stream)
    await expect(job.saveTo(stream)).rejects.toMatchObject({ code: 'already-started' })
    await expect(zip([]).saveTo(stream)).rejects.toMatchObject({ code: 'sink-failed' })
    const late = zip([TEXT], { signal: AbortSignal.abort() }).saveTo(stream)
    await expect(late).rejects.toMatchObject({ code: 'cancelled' })
    expect(await saved).toMatchObject({ entries: 1 })
    expect(aborted).toEqual([])
  })

  it('is left to the job that is planned for it', async () => {
    const { stream, aborted } = target()
    let list: () => void = () => undefined
    const listed = new Promise<void>((resolve) => (list = resolve))
    const files = async function* (): AsyncGenerator<FileInput> {
      await listed
      yield TEXT
    }
    const job = zip(files())
    const saved = job.saveTo(stream)
    await vi.waitFor(() => expect(stream.locked).toBe(true))
    expect(job.state).toBe('planning')
    await expect(job.saveTo(stream)).rejects.toMatchObject({ code: 'already-started' })
    await expect(zip([]).saveTo(stream)).rejects.toMatchObject({ code: 'sink-failed' })
    list()
    await saved
    expect(aborted).toEqual([])
  })
})

describe('a page', () => {
  const MEANWHILE = [true, true]

  it('is guarded while an archive is saved to a stream, and told that it is needed', async () => {
    const seen: boolean[][] = []
    const job = zip([TEXT])
    const look = (): void => void seen.push([isGuarded(), job.needsPage])
    await job.saveTo(new WritableStream({ write: look }))
    look()
    expect(seen.at(0)).toEqual(MEANWHILE)
    expect(seen.at(-1)).toEqual([false, false])
    await expect(zip([]).saveTo(new WritableStream())).rejects.toMatchObject({ code: 'no-files' })
    expect(isGuarded()).toBe(false)
  })

  it('is all that can give a stream what it wants, which is told', async () => {
    const job = zip([TEXT])
    expect(await job.plan()).toMatchObject({ resumable: true })
    expect(job.resumable).toBe(true)
    await job.saveTo(new WritableStream())
    expect(job.resumable).toBe(false)
  })

  it('is not guarded for what it reads itself', async () => {
    const job = zip([TEXT])
    const reader = job.stream().getReader()
    await reader.read()
    expect([isGuarded(), job.needsPage]).toEqual([false, false])
    await reader.cancel()
    await expect(job.finished).rejects.toMatchObject({ code: 'cancelled' })
  })
})
