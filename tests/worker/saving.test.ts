/** Archives that are written to a file: what is left of them at each moment, and how they go on. */

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { prepareJob, type PreparedJob } from '../../src/engine/job.ts'
import type { StoredProgress } from '../../src/engine/store.ts'
import { toStored } from '../../src/engine/stored-job.ts'
import { HoldallError } from '../../src/errors.ts'
import { Gate } from '../../src/sources/gate.ts'
import { Saving } from '../../src/worker/saving.ts'
import type { CheckpointLog, CheckpointPart } from '../../src/zip/checkpoint-log.ts'
import { noise } from '../zip/archive.ts'
import { FakeFile } from './fake-file.ts'

const MIB = 1024 * 1024
const ID = '00000000-0000-4000-8000-000000000000'

/** What is stored, as far as these tests need it. */
const stored = vi.hoisted(() => ({
  job: false,
  refuses: false,
  progress: undefined as StoredProgress | undefined,
  parts: [] as CheckpointPart[],
  /** For whom others to the same file were dropped. */
  takenOver: [] as string[],
}))
vi.mock('../../src/engine/store.ts', () => ({
  storeJob: async () => {
    if (stored.refuses) throw new Error('the storage is full')
    Object.assign(stored, { job: true, progress: undefined, parts: [] })
  },
  dropOthersIn: async (_: unknown, id: string) => void stored.takenOver.push(id),
  dropJob: async () => Object.assign(stored, { job: false, progress: undefined, parts: [] }),
  storedProgress: async () => stored.progress,
  storeProgress: async (progress: StoredProgress, part: CheckpointPart) => {
    stored.progress = progress
    stored.parts.push(structuredClone(part))
  },
  loadCheckpoints: async (_: string, log: CheckpointLog) => {
    for (const part of stored.parts) log.addPart(part)
  },
}))

const CONTENT = noise(30 * MIB, 1)
/** How many entries were opened. */
let opened = 0
/** Told before each is opened, and may refuse. */
let onOpen: (index: number) => void = () => undefined

/** Some 120 MiB, in four entries. */
async function job(): Promise<PreparedJob> {
  const files = Array.from({ length: 4 }, (_, index) => ({
    name: `${index}.bin`,
    data: () => {
      onOpen(index)
      opened++
      return CONTENT
    },
    size: CONTENT.length,
    lastModified: 1e12,
  }))
  return prepareJob(files, {}, new AbortController().signal)
}

async function save(
  file: FakeFile,
  { again = false, signal = new AbortController().signal } = {},
): Promise<Awaited<ReturnType<Saving['run']>>> {
  const page = {
    progress: () => undefined,
    waiting: () => undefined,
    refreshUrl: async () => undefined,
  }
  const prepared = await job()
  const kept = toStored(prepared, ID, 'a.zip', file.handle)
  return new Saving(prepared, { signal, gate: new Gate(), page }, file.handle, kept, again).run()
}

/** A file that nothing is written to any more from byte `from` on, as its page has died. */
function dying(from: number): { file: FakeFile; died: Promise<void> } {
  const file = new FakeFile()
  const died = new Promise<void>((resolve) => {
    file.onWrite = (position) => {
      if (position < from) return
      resolve()
      return new Promise(() => undefined)
    }
  })
  return { file, died }
}

let whole: Buffer
beforeEach(async () => {
  vi.stubGlobal('navigator', {})
  Object.assign(stored, {
    job: false,
    refuses: false,
    progress: undefined,
    parts: [],
    takenOver: [],
  })
  if (whole === undefined) {
    const file = new FakeFile()
    await save(file)
    whole = Buffer.from(file.bytes)
  }
  opened = 0
  onOpen = () => undefined
})

describe('an archive that is written to a file', () => {
  it('is the archive, of which nothing is stored when it is done', async () => {
    const file = new FakeFile()
    const summary = await save(file)
    expect(summary).toEqual({ entries: 4, bytes: whole.length, skipped: [] })
    expect(file.bytes.length).toBe(whole.length)
    expect(new DataView(file.bytes.buffer).getUint32(0)).toBe(0x504b0304)
    expect(stored).toMatchObject({ job: false, progress: undefined })
  })

  it('goes on where it was kept, as what it was before', async () => {
    const { file, died } = dying(100 * MIB)
    void save(file)
    await died
    const { bytes } = stored.progress!
    expect(bytes).toBeGreaterThanOrEqual(64 * MIB)
    expect(file.bytes.length).toBe(bytes)
    expect(file.bytes.subarray(0, 4), 'nobody takes it for an archive').toEqual(new Uint8Array(4))
    file.onWrite = (position) => expect(position === 0 || position >= bytes).toBe(true)
    opened = 0
    expect(await save(file, { again: true })).toMatchObject({ entries: 4, bytes: whole.length })
    expect(opened).toBe(2)
    expect(whole.equals(file.bytes)).toBe(true)
    expect(stored).toMatchObject({ job: false, progress: undefined })
  })

  it('goes on where it was noted that it was kept, if it died before it could note the rest', async () => {
    const { file, died } = dying(100 * MIB)
    void save(file)
    await died
    const { bytes } = stored.progress!
    file.put(new Uint8Array(whole)) // it was closed: all of it is there, and its signature
    file.onWrite = (position) => expect(position === 0 || position >= bytes).toBe(true)
    opened = 0
    await save(file, { again: true })
    expect(opened).toBe(2)
    expect(whole.equals(file.bytes)).toBe(true)
  })

  it.each([
    ['is another', (file: FakeFile) => file.put(new Uint8Array(100 * MIB))],
    ['was written to', (file: FakeFile) => file.put(file.bytes.slice().fill(1, 5, 9))],
  ])('is made anew if its file %s by now', async (_, change) => {
    const { file, died } = dying(100 * MIB)
    void save(file)
    await died
    change(file)
    file.onWrite = () => undefined
    await save(file, { again: true })
    expect(whole.equals(file.bytes)).toBe(true)
  })

  it('leaves what was kept where it cannot be copied just now, to be gone on with later', async () => {
    const { file, died } = dying(100 * MIB)
    void save(file)
    await died
    const { bytes } = stored.progress!
    file.onCopy = () => {
      throw new DOMException('no room', 'QuotaExceededError')
    }
    file.onWrite = () => undefined
    await expect(save(file, { again: true })).rejects.toMatchObject({ code: 'sink-failed' })
    expect(file.bytes.length).toBe(bytes)
    expect(stored).toMatchObject({ job: true, progress: { bytes } })
    file.onCopy = () => undefined
    await save(file, { again: true })
    expect(whole.equals(file.bytes)).toBe(true)
  })

  it('takes nothing from one that is whole when it is cancelled, as who has ended before that was noted', async () => {
    const { file, died } = dying(100 * MIB)
    void save(file)
    await died
    file.put(new Uint8Array(whole))
    file.onWrite = (position) => {
      if (position > 0) ending.abort(reason)
    }
    const ending = new AbortController()
    const reason = new HoldallError('cancelled', 'by the page', { by: 'page' })
    await expect(save(file, { again: true, signal: ending.signal })).rejects.toBe(reason)
    expect(whole.equals(file.bytes)).toBe(true)
    expect(stored).toMatchObject({ job: false, progress: undefined })
  })

  it('has no other go on in its file once that has a part of it, or all', async () => {
    const { file, died } = dying(100 * MIB)
    void save(file)
    await died
    expect(stored.takenOver).toEqual([ID])
    file.onWrite = () => undefined
    await save(file, { again: true })
    expect(stored.takenOver).toEqual([ID, ID])
  })

  it.each([
    ['as long', (file: FakeFile) => file.put(file.bytes.slice().fill(1, 5, 9))],
    ['of another length', (file: FakeFile) => file.put(new Uint8Array(5).fill(1))],
  ])('is no mixture with what another writes while it is kept: %s', async (_, change) => {
    const file = new FakeFile()
    let other: Uint8Array | undefined
    file.onCopy = () => {
      change(file)
      other = file.bytes
    }
    await expect(save(file)).rejects.toMatchObject({
      code: 'sink-failed',
      message: expect.stringContaining('has written to the file meanwhile') as string,
    })
    expect(file.bytes, 'that is left as it is').toBe(other)
    expect(stored.job).toBe(false)
  })

  it('is no mixture with what another writes while it is opened again', async () => {
    const { file, died } = dying(100 * MIB)
    void save(file)
    await died
    file.onWrite = () => undefined
    file.onCopy = () => file.put(file.bytes.slice().fill(1, 5, 9))
    const other = file.bytes.slice().fill(1, 5, 9)
    await expect(save(file, { again: true })).rejects.toMatchObject({ code: 'sink-failed' })
    expect(Buffer.from(other).equals(file.bytes)).toBe(true)
  })

  it('leaves nothing that looks like one when it is cancelled', async () => {
    const file = new FakeFile()
    const ending = new AbortController()
    const reason = new HoldallError('cancelled', 'by the page', { by: 'page' })
    file.onWrite = (position) => {
      if (position > 100 * MIB) ending.abort(reason)
    }
    await expect(save(file, { signal: ending.signal })).rejects.toBe(reason)
    expect(file.copies.length, 'some of it was kept').toBe(1)
    expect(file.bytes.length).toBe(0)
    expect(stored).toMatchObject({ job: false, progress: undefined })
  })

  describe('and ends while what was kept of it is read again', () => {
    /** Goes on with it; ends for that reason when the file is read, after that has happened to it. */
    async function ended(reason: Error, happens?: (file: FakeFile) => void): Promise<FakeFile> {
      const { file, died } = dying(100 * MIB)
      void save(file)
      await died
      file.onWrite = () => undefined
      happens?.(file)
      const ending = new AbortController()
      file.onRead = () => ending.abort(reason)
      await expect(save(file, { again: true, signal: ending.signal })).rejects.toBe(reason)
      return file
    }
    const cancelled = new HoldallError('cancelled', 'by the page', { by: 'page' })

    it('leaves nothing if it is cancelled, as at any other time', async () => {
      expect((await ended(cancelled)).bytes.length).toBe(0)
      expect(stored).toMatchObject({ job: false, progress: undefined })
    })

    it('leaves another file as it is if it is cancelled', async () => {
      const other = await ended(cancelled, (file) => file.put(new Uint8Array(100 * MIB).fill(1)))
      expect(other.bytes.length).toBe(100 * MIB)
      expect(stored).toMatchObject({ job: false, progress: undefined })
    })

    it('leaves all of that if it is interrupted once more', async () => {
      const file = await ended(new Error('interrupted'))
      expect(file.bytes.length).toBe(stored.progress!.bytes)
      expect(stored.job).toBe(true)
      file.onRead = () => undefined
      await save(file, { again: true })
      expect(whole.equals(file.bytes)).toBe(true)
    })

    it('is forgotten if it is cancelled, though its file was removed', async () => {
      const { file, died } = dying(100 * MIB)
      void save(file)
      await died
      const ending = new AbortController()
      file.onRead = () => {
        ending.abort(cancelled)
        throw new DOMException('no such file', 'NotFoundError')
      }
      await expect(save(file, { again: true, signal: ending.signal })).rejects.toBe(cancelled)
      expect(stored).toMatchObject({ job: false, progress: undefined })
    })
  })

  it('can be had later if it fails again that was interrupted', async () => {
    const { file, died } = dying(100 * MIB)
    void save(file)
    await died
    const ending = new AbortController()
    file.onWrite = () => ending.abort(new Error('the source has failed'))
    await expect(save(file, { again: true, signal: ending.signal })).rejects.toThrow('the source')
    expect(stored.job).toBe(true)
    file.onWrite = () => undefined
    await save(file, { again: true })
    expect(whole.equals(file.bytes)).toBe(true)
  })

  it('can be had later if its user has to allow once more that a file is read', async () => {
    const file = new FakeFile()
    onOpen = (index) => {
      if (index === 3) throw new DOMException('The request is not allowed', 'NotAllowedError')
    }
    await expect(save(file)).rejects.toMatchObject({ code: 'source-failed' })
    expect(file.bytes.length).toBe(stored.progress!.bytes)
    expect(stored.job).toBe(true)
    onOpen = () => undefined
    await save(file, { again: true })
    expect(whole.equals(file.bytes)).toBe(true)
  })

  it('leaves nothing if that is so before a part of it was kept, or another reason has failed it', async () => {
    for (const [at, name] of [
      [1, 'NotAllowedError'],
      [3, 'NotReadableError'],
    ] as const) {
      const file = new FakeFile()
      onOpen = (index) => {
        if (index === at) throw new DOMException('it cannot be read', name)
      }
      await expect(save(file)).rejects.toMatchObject({ code: 'source-failed' })
      expect(file.bytes.length).toBe(0)
      expect(stored).toMatchObject({ job: false, progress: undefined })
    }
  })

  it('is written without being kept where there is no room for a copy', async () => {
    const file = new FakeFile()
    const taken = new Set<number>()
    file.onCopy = () => {
      // the room of a copy comes back later; what was kept takes none from what is written then
      let refusals = 3
      file.onOpen = () => {
        if (refusals-- > 0) throw new Error('no space left')
      }
      file.onWrite = () => void taken.add(file.bytes.length)
      throw new Error('no space left')
    }
    expect(await save(file)).toMatchObject({ entries: 4, bytes: whole.length })
    expect([...taken]).toEqual([0])
    expect(whole.equals(file.bytes)).toBe(true)
    expect(stored).toMatchObject({ job: false, progress: undefined })
  })

  it('is not kept where its job cannot be stored', async () => {
    stored.refuses = true
    const file = new FakeFile()
    await save(file)
    expect(file.copies).toEqual([])
    expect(whole.equals(file.bytes)).toBe(true)
  })

  it('fails if nothing can be written, and says so', async () => {
    const file = new FakeFile()
    file.put(Uint8Array.of(1, 2, 3))
    file.onWrite = (position) => {
      if (position > 10 * MIB) throw new Error('the disk is gone')
    }
    await expect(save(file)).rejects.toMatchObject({ code: 'sink-failed' })
    expect([...file.bytes], 'the file is as it was').toEqual([1, 2, 3])
  })
})
