/** The worker that is kept ready: who gets it, and when it goes. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { configure, startWorker } from '../../src/client/configuration.ts'
import { keepSpare } from '../../src/client/spare-worker.ts'

class StubWorker extends EventTarget {
  static readonly started: StubWorker[] = []
  ended = false

  constructor() {
    super()
    StubWorker.started.push(this)
  }

  terminate(): void {
    this.ended = true
  }
}

const worker = (): Worker => new StubWorker() as unknown as Worker

beforeEach(() => {
  vi.useFakeTimers()
  configure({ worker })
  StubWorker.started.length = 0
})

afterEach(() => {
  configure({})
  vi.useRealTimers()
})

describe('keepSpare()', () => {
  it('has a worker ready for one job, and for no other', () => {
    keepSpare()
    const [spare] = StubWorker.started
    expect(startWorker()).toBe(spare)
    expect(startWorker()).not.toBe(spare)
    expect(StubWorker.started).toHaveLength(2)
  })

  it('keeps one, however many downloads are over', () => {
    keepSpare()
    keepSpare()
    expect(StubWorker.started).toHaveLength(1)
  })

  it('lets it go after a minute in which nobody wanted it', () => {
    keepSpare()
    vi.advanceTimersByTime(59_999)
    expect(StubWorker.started[0]!.ended).toBe(false)
    vi.advanceTimersByTime(1)
    expect(StubWorker.started[0]!.ended).toBe(true)
    startWorker()
    expect(StubWorker.started).toHaveLength(2)
  })

  it('leaves alone the one that a job has taken', () => {
    keepSpare()
    startWorker()
    vi.advanceTimersByTime(60_000)
    StubWorker.started[0]!.dispatchEvent(new Event('error'))
    expect(StubWorker.started[0]!.ended).toBe(false)
  })

  it('lets go one whose script cannot be loaded', () => {
    keepSpare()
    StubWorker.started[0]!.dispatchEvent(new Event('error'))
    expect(StubWorker.started[0]!.ended).toBe(true)
    startWorker()
    expect(StubWorker.started).toHaveLength(2)
  })

  it('gives nobody one that was started as was configured before', () => {
    keepSpare()
    configure({ worker })
    expect(StubWorker.started[0]!.ended).toBe(true)
    startWorker()
    expect(StubWorker.started).toHaveLength(2)
  })

  it('does without one where none can be started', () => {
    const refused = vi.fn(() => {
      throw new TypeError('refused')
    })
    configure({ worker: refused })
    keepSpare()
    expect(refused).toHaveBeenCalledOnce()
  })
})
