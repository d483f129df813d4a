import type { WantedArchive } from '../../src/sinks/download-request.ts'
import type { PlanSummary } from '../../src/worker/protocol.ts'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { deliver, type DownloadJob } from '../../src/client/choose-sink.ts'
import { coded } from '../../src/client/coded.ts'
import { JobEventTarget, JobStateEvent, type JobState } from '../../src/client/events.ts'
import type { Fallback, Sink } from '../../src/client/options.ts'
import { HoldallError, type ErrorCode } from '../../src/errors.ts'
import type { DownloadRequest } from '../../src/sinks/download-request.ts'
import { CHROME, FIREFOX, SAFARI } from '../sw/scope.ts'

/** What each place does: refuses with an error, or takes the archive. */
const refusals = vi.hoisted(() => new Map<string, Error>())
const saved = vi.hoisted(() => [] as string[])
/** Whether the service worker was told that the job is paused, each time. */
const told = vi.hoisted(() => [] as boolean[])

function refuse(place: string): void {
  const error = refusals.get(place)
  if (error) throw error
}

vi.mock('../../src/client/registration.ts', () => ({
  activeServiceWorker: async () => {
    refuse('service-worker')
    return { state: 'activated' }
  },
}))
vi.mock('../../src/sinks/download.ts', () => ({
  download: async (_: unknown, { open, onPause }: DownloadRequest) => {
    refuse('hand-over')
    onPause((paused) => void told.push(paused))
    await open({ run: 0 } as WantedArchive)
    return undefined
  },
}))
vi.mock('../../src/sinks/save-picker.ts', () => ({
  pickFile: async (name: string) => {
    saved.push(`asked for ${name}`)
    refuse('save-picker')
    return { handle: 'the file', discard: async () => void saved.push('discarded') }
  },
}))
vi.mock('../../src/sinks/origin-private.ts', () => ({
  makeRoom: async () => {
    refuse('origin-private')
    return {
      write: async () => undefined,
      save: async (name: string) => void saved.push(name),
      free: async () => void saved.push('freed'),
    }
  },
}))
vi.mock('../../src/engine/store.ts', () => ({
  dropJob: async (id: string) => void saved.push(`dropped ${id}`),
}))
vi.mock('../../src/sinks/link.ts', () => ({
  saveByLink: async (_: Blob, name: string) => void saved.push(name),
}))

const ALL: readonly Sink[] = ['service-worker', 'save-picker', 'origin-private', 'memory']

const SUMMARY = { entries: 1, bytes: 100, skipped: [] }

function failure(code: ErrorCode): HoldallError {
  return new HoldallError(code, `It is ${code}`, {} as never)
}

/** Has all places but the last refuse. */
function refuseAll(but: Sink): void {
  for (const sink of ALL.slice(0, ALL.indexOf(but))) {
    refusals.set(
      sink,
      failure(sink === 'service-worker' ? 'service-worker-not-found' : 'sink-unavailable'),
    )
  }
}

const PLAN: PlanSummary = { entries: 1, warnings: [], fingerprint: 'f', resumable: true }
const neverAsked: DownloadJob['pipe'] = () => Promise.reject(new Error('it was asked for'))

let passed: Fallback[] = []

function job(
  options: Partial<DownloadJob['options']> = {},
  overrides: Partial<DownloadJob> = {},
): DownloadJob {
  return {
    options: {
      ...{ sinks: undefined, memoryLimit: undefined, resumable: undefined, retry: undefined },
      ...options,
    },
    events: Object.assign(new JobEventTarget(), { needsPage: false, state: 'running' as const }),
    coded,
    arm: () => undefined,
    id: undefined,
    refreshUrl: () => undefined,
    signal: new AbortController().signal,
    name: () => 'a.zip',
    plan: async () => ({ ...PLAN, length: 100 }),
    changed: () => undefined,
    running: () => ({
      run: async () => SUMMARY,
      save: async () => SUMMARY,
      cancel: () => undefined,
      terminate: () => undefined,
    }),
    follow: (told) => told,
    packer: () => {
      throw new Error('nobody asks for the URL again')
    },
    prepare: async () => undefined,
    pipe: async (sink, take) => {
      await take(new Blob(['x'.repeat(100)]).stream(), new AbortController().signal)
      return { sink, ...SUMMARY }
    },
    passOver: (fallback) => void passed.push(fallback),
    ...overrides,
  }
}

/** The page's window: whether it is guarded, that is. */
let window = new EventTarget()
const isGuarded = (): boolean =>
  !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))

beforeEach(() => {
  refusals.clear()
  saved.length = 0
  told.length = 0
  passed = []
  window = new EventTarget()
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  vi.stubGlobal('removeEventListener', window.removeEventListener.bind(window))
  vi.stubGlobal('navigator', { userAgent: CHROME, serviceWorker: {} })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a page', () => {
  /** Whether it is guarded while a download runs, and said so; and after it. */
  async function during(
    sink: Sink,
    options: Partial<DownloadJob['options']> = {},
  ): Promise<unknown> {
    refuseAll(sink)
    const seen: unknown[] = []
    const events = Object.assign(new JobEventTarget(), {
      needsPage: false,
      state: 'running' as const,
    })
    const look = async (): Promise<typeof SUMMARY> => {
      seen.push(isGuarded(), events.needsPage)
      return SUMMARY
    }
    await deliver(
      job(options, {
        events,
        running: () => ({
          run: look,
          save: look,
          cancel: () => undefined,
          terminate: () => undefined,
        }),
        pipe: async (to, take) => {
          await take(new Blob(['x']).stream(), new AbortController().signal)
          return { sink: to, ...(await look()) }
        },
      }),
    )
    return [...seen, isGuarded(), events.needsPage]
  }
  const NEEDED = [true, true, false, false]

  it.each([FIREFOX, SAFARI])(
    'that a download would end with is guarded, in %s',
    async (userAgent) => {
      vi.stubGlobal('navigator', { userAgent, serviceWorker: {} })
      expect(await during('service-worker')).toEqual(NEEDED)
    },
  )

  it('is not guarded where the service worker goes on without it', async () => {
    expect(await during('service-worker')).toEqual([false, false, false, false])
  })

  it('is guarded for a job that nobody else can go on with', async () => {
    expect(await during('service-worker', { resumable: false })).toEqual(NEEDED)
  })

  it.each(['save-picker', 'origin-private', 'memory'] as const)(
    'is guarded while an archive goes to %s',
    async (sink) => {
      expect(await during(sink)).toEqual(NEEDED)
    },
  )
})

describe('the sink of a download', () => {
  it.each(ALL)('is %s, if those before it are not to be had', async (sink) => {
    refuseAll(sink)
    const { fallbacks, ...delivered } = await deliver(job())
    expect(delivered).toEqual({ sink, ...SUMMARY })
    expect(fallbacks?.map((fallback) => fallback.sink)).toEqual(ALL.slice(0, ALL.indexOf(sink)))
    expect(passed).toEqual(fallbacks)
    for (const { code, message } of passed) expect(message).toBe(`It is ${code}`)
  })

  it('is the first that is allowed, in the order given', async () => {
    expect(await deliver(job({ sinks: ['memory', 'service-worker'] }))).toEqual({
      ...{ sink: 'memory', fallbacks: [] },
      ...SUMMARY,
    })
    expect(saved).toEqual(['a.zip'])
  })

  it('is another if the browser never asks for the archive', async () => {
    refusals.set('hand-over', failure('handoff-failed'))
    expect(await deliver(job())).toMatchObject({
      ...{ sink: 'save-picker', fallbacks: [{ code: 'handoff-failed' }] },
    })
  })

  it('is what comes after memory, for a long archive', async () => {
    const sinks = ['memory', 'service-worker'] as const
    expect(await deliver(job({ sinks, memoryLimit: 99 }))).toMatchObject({
      ...{ sink: 'service-worker', fallbacks: [{ code: 'too-large-for-memory' }] },
    })
    expect(await deliver(job({ sinks, memoryLimit: 100 }))).toMatchObject({ sink: 'memory' })
  })

  it('stays once bytes were asked for', async () => {
    const plan = async (): Promise<PlanSummary> => PLAN
    const long = job({ sinks: ['memory', 'service-worker'], memoryLimit: 99 }, { plan })
    await expect(deliver(long)).rejects.toMatchObject({ code: 'too-large-for-memory' })
    expect(passed).toEqual([])
    expect(saved).toEqual([])
  })
})

describe('a download', () => {
  it('that is paused by who hears that it runs stays paused for the service worker', async () => {
    const events = Object.assign(new JobEventTarget(), {
      needsPage: false,
      state: 'paused' as JobState,
    })
    const change = (state: JobState): void => {
      events.state = state
      events.dispatchEvent(new JobStateEvent(state))
    }
    events.addEventListener('statechange', ({ state }) => state === 'running' && change('paused'))
    const run = async (): Promise<typeof SUMMARY> => {
      change('paused')
      change('running')
      return SUMMARY
    }
    const running: DownloadJob['running'] = () => ({ ...job().running(), run })
    await deliver(job({}, { events, running }))
    expect(told).toEqual([true])
  })

  it('fails as its first sink does, if none is left', async () => {
    refuseAll('memory')
    const sinks = ALL.slice(0, 3)
    await expect(deliver(job({ sinks }))).rejects.toBe(refusals.get('service-worker'))
    expect(passed.map(({ sink }) => sink)).toEqual(['service-worker', 'save-picker'])
  })

  it('fails for the length that it would have with all its files', async () => {
    const plan = async (): ReturnType<DownloadJob['plan']> => ({
      ...{ ...PLAN, expectedLength: 100 },
    })
    const failing = deliver(job({ sinks: ['memory'], memoryLimit: 99 }, { plan, pipe: neverAsked }))
    await expect(failing).rejects.toMatchObject({ detail: { limit: 99, length: 100 } })
  })

  it('fails for its length, and says why it is in memory at all', async () => {
    refuseAll('memory')
    const failing = deliver(job({ memoryLimit: 99 }))
    await expect(failing).rejects.toMatchObject({
      code: 'too-large-for-memory',
      detail: { limit: 99, length: 100 },
      cause: refusals.get('service-worker'),
    })
    await expect(failing).rejects.toThrow('It is service-worker-not-found')
  })

  it.each(['no-files', 'worker-failed', 'load-failed', 'cancelled', 'sink-failed'] as const)(
    'that fails with %s falls back to nothing',
    async (code) => {
      refuseAll('save-picker')
      refusals.set('save-picker', failure(code))
      await expect(deliver(job())).rejects.toMatchObject({ code })
      expect(saved).toEqual(['asked for a.zip'])
    },
  )

  it('whose plan fails asks for no place', async () => {
    refuseAll('save-picker')
    const plan = (): Promise<never> => Promise.reject(failure('no-files'))
    await expect(deliver(job({}, { plan }))).rejects.toMatchObject({ code: 'no-files' })
    expect(saved).toEqual([])
  })

  it('whose plan takes long asks for a place meanwhile, and gives it up if the plan fails', async () => {
    vi.useFakeTimers()
    refuseAll('save-picker')
    let fail: (error: Error) => void = () => undefined
    const planning = new Promise<never>((_, reject) => (fail = reject))
    const failing = deliver(job({}, { plan: () => planning }))
    const failed = expect(failing).rejects.toMatchObject({ code: 'no-files' })
    await vi.advanceTimersByTimeAsync(999)
    expect(saved).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(saved).toEqual(['asked for a.zip'])
    fail(failure('no-files'))
    await failed
    expect(saved).toEqual(['asked for a.zip', 'discarded'])
  })

  it('that is cancelled meanwhile gives up the place that was chosen', async () => {
    refuseAll('save-picker')
    const ending = new AbortController()
    const name = (): string => {
      ending.abort(failure('cancelled'))
      return 'a.zip'
    }
    const events = Object.assign(new JobEventTarget(), {
      needsPage: false,
      state: 'running' as const,
    })
    const failing = deliver(job({}, { name, events, signal: ending.signal }))
    await expect(failing).rejects.toMatchObject({ code: 'cancelled' })
    expect(saved).toEqual(['asked for a.zip', 'discarded'])
    expect(events.needsPage).toBe(false)
  })

  it.each<Sink>(['origin-private', 'memory'])(
    'that was begun before is not kept for anybody: %s',
    async (sink) => {
      refuseAll(sink)
      const pipe: DownloadJob['pipe'] = async (to, take) => {
        await take(new Blob(['x']).stream(), new AbortController().signal)
        return { sink: to, ...SUMMARY }
      }
      await deliver(job({}, { id: 'of before', pipe }))
      expect(saved).toContain('dropped of before')
    },
  )

  it('that is cancelled when the archive is whole saves nothing from memory', async () => {
    const ending = new AbortController()
    const pipe: DownloadJob['pipe'] = async (sink, take) => {
      await take(new Blob(['x']).stream(), ending.signal)
      ending.abort(failure('cancelled'))
      return { sink, ...SUMMARY }
    }
    const failing = deliver(job({ sinks: ['memory'] }, { pipe, signal: ending.signal }))
    await expect(failing).rejects.toMatchObject({ code: 'cancelled' })
    expect(saved).toEqual([])
  })

  it('says which sink there is none of', async () => {
    const refused = deliver(job({ sinks: ['memory', 'disk' as Sink] }))
    await expect(refused).rejects.toThrow(/one or more of 'service-worker', .*, not "disk"$/)
  })

  it.each([
    ['sinks', []],
    ['sinks', [undefined]],
    ['sinks', ['disk']],
    ['sinks', 'memory'],
    ['memoryLimit', -1],
    ['memoryLimit', '1 GB'],
    ['memoryLimit', NaN],
  ])('refuses %s: %j', async (option, value) => {
    const refused = deliver(job({ [option]: value }))
    await expect(refused).rejects.toMatchObject({ code: 'invalid-option', detail: { option } })
  })
})
