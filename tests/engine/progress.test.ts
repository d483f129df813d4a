import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Gate } from '../../src/sources/gate.ts'
import { Network } from '../../src/engine/network.ts'
import { JobProgress } from '../../src/engine/progress.ts'
import { encodeArchive } from '../../src/zip/encode.ts'
import { planArchive } from '../../src/zip/plan.ts'

describe('Gate', () => {
  it('lets pass while it is open', async () => {
    const gate = new Gate()
    await gate.pass()
    expect(gate.closed).toBe(false)
  })

  it('holds up all who come while it is closed', async () => {
    const gate = new Gate()
    gate.close()
    gate.close()
    const passed: number[] = []
    const passing = [1, 2].map(async (one) => {
      await gate.pass()
      passed.push(one)
    })
    await new Promise(setImmediate)
    expect(passed).toEqual([])
    expect(gate.closed).toBe(true)
    gate.open()
    await Promise.all(passing)
    expect(passed).toEqual([1, 2])
  })

  it('holds up those who were on their way when it closed again', async () => {
    const gate = new Gate()
    gate.close()
    let passed = false
    const passing = gate.pass().then(() => {
      passed = true
    })
    gate.open()
    gate.close()
    await new Promise(setImmediate)
    expect(passed).toBe(false)
    gate.open()
    await passing
  })
})

describe('JobProgress', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  const entries = [
    { name: 'a', size: 100_000, crc32: 0 },
    { name: 'b/', kind: 'directory' },
    { name: 'c' },
  ] as const

  it('tells where an archive is, of what is known of it', async () => {
    const plan = planArchive(entries.slice(0, 1))
    const progress = new JobProgress(plan)
    const encoder = encodeArchive(plan, function* () {
      yield new Uint8Array(70_000)
      yield new Uint8Array(30_000)
    })
    expect(progress.take(encoder)).toEqual({
      bytes: 0,
      total: plan.length,
      entries: 0,
      totalEntries: 1,
      rate: 0,
      current: { index: 0, name: 'a', bytes: 0, size: 100_000 },
      received: 0,
      changed: [],
    })
    await encoder.next()
    await encoder.next()
    vi.advanceTimersByTime(1000)
    progress.received(70_000)
    const { offset } = encoder
    expect(offset).toBeGreaterThan(70_000)
    expect(progress.take(encoder)).toMatchObject({
      bytes: offset,
      rate: offset,
      remaining: ((plan.length! - offset) * 1000) / offset,
      current: { index: 0, name: 'a', bytes: 70_000 },
      received: 70_000,
    })
  })

  it('tells no more than is known', () => {
    const plan = planArchive(entries.slice(2))
    const taken = new JobProgress(plan).take(encodeArchive(plan, () => []))
    expect(taken).not.toHaveProperty('total')
    expect(taken).not.toHaveProperty('remaining')
    expect(taken.current).toEqual({ index: 0, name: 'c', bytes: 0 })
  })

  it.each(['skip', 'placeholder'] as const)(
    'tells what an archive will be from which files are missing: %s',
    async (onError) => {
      const names = Array.from({ length: 20 }, (_, index) => `folder/grün ${index}`)
      const files = names.map((name) => ({ name, size: 30_000, comment: 'c' }))
      const plan = planArchive(files, { onError })
      const progress = new JobProgress(plan)
      const encoder = encodeArchive(plan, (index) =>
        index % 3 === 0 ? new Uint8Array(30_000) : { missing: `the server said nö ${index}` },
      )
      const { total } = progress.take(encoder)
      expect(total).toBe(plan.expectedLength)
      const taken = []
      for await (const _ of encoder) taken.push(progress.take(encoder))
      expect(taken.length).toBeGreaterThan(2)
      for (const { bytes, total } of taken) expect(bytes).toBeLessThanOrEqual(total!)
      expect(taken.at(-1)!.total).toBe(encoder.offset)
    },
  )

  it('names no entry when all are done', async () => {
    const plan = planArchive(entries.slice(1))
    const progress = new JobProgress(plan)
    const encoder = encodeArchive(plan, () => [])
    for await (const chunk of encoder) expect(chunk.length).toBeGreaterThan(0)
    expect(progress.take(encoder)).toMatchObject({ entries: 2, totalEntries: 2 })
    expect(progress.take(encoder)).not.toHaveProperty('current')
  })

  it('tells each change once, the latest of each entry', () => {
    const plan = planArchive(entries)
    const progress = new JobProgress(plan)
    const encoder = encodeArchive(plan, () => [])
    progress.report(0, 'fetching')
    progress.report(2, 'fetching')
    progress.report(0, 'retrying', 2)
    expect(progress.take(encoder).changed).toEqual([
      { index: 0, state: 'retrying', attempt: 2 },
      { index: 2, state: 'fetching' },
    ])
    progress.report(0, 'done')
    expect(progress.take(encoder).changed).toEqual([{ index: 0, state: 'done' }])
    expect(progress.take(encoder).changed).toEqual([])
  })
})

describe('waiting to be online', () => {
  const navigator = { onLine: false }
  const network = new EventTarget()

  beforeEach(() => {
    navigator.onLine = false
    vi.stubGlobal('navigator', navigator)
    vi.stubGlobal('addEventListener', network.addEventListener.bind(network))
    vi.stubGlobal('removeEventListener', network.removeEventListener.bind(network))
  })
  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  const { signal } = new AbortController()

  it('does not wait where nobody says that there is no network', async () => {
    const told: boolean[] = []
    navigator.onLine = true
    await new Network((waits) => told.push(waits)).online(signal)
    vi.stubGlobal('navigator', {})
    await new Network((waits) => told.push(waits)).online(signal)
    expect(told).toEqual([])
  })

  it('waits for the event, and tells so', async () => {
    const told: boolean[] = []
    const waited = new Network((waits) => told.push(waits)).online(signal)
    expect(told).toEqual([true])
    navigator.onLine = true
    network.dispatchEvent(new Event('online'))
    await waited
    expect(told).toEqual([true, false])
  })

  it('looks by itself where no event comes', async () => {
    vi.useFakeTimers()
    const waited = new Network(() => undefined).online(signal)
    await vi.advanceTimersByTimeAsync(5000)
    navigator.onLine = true
    await vi.advanceTimersByTimeAsync(1000)
    await waited
    expect(vi.getTimerCount()).toBe(0)
  })

  it('ends by signal', async () => {
    const ending = new AbortController()
    const told: boolean[] = []
    const waited = new Network((waits) => told.push(waits)).online(ending.signal)
    ending.abort(new Error('no more'))
    await expect(waited).rejects.toBe(ending.signal.reason)
    expect(told).toEqual([true, false])
  })
})
