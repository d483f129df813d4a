/** A job of a page that embeds holdall: who makes the archive, in which order, and how it ends. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { JobEventTarget, JobStateEvent } from '../../src/client/events.ts'
import type { ZipJob } from '../../src/client/job.ts'
import type { Report, ZipOptions } from '../../src/client/options.ts'
import { NamedFiles } from '../../src/embed/answer-requests.ts'
import { EmbedJob } from '../../src/embed/embed-job.ts'
import type { JobReply, JobRequest } from '../../src/embed/protocol.ts'
import { HoldallError, type ErrorCode } from '../../src/errors.ts'
import { toWire } from '../../src/port/wire-error.ts'
import type { PlanSummary } from '../../src/worker/protocol.ts'

const PAGE = 'https://shop.test'
const LOST = new HoldallError('delivery-lost', 'It is gone', { reason: 'frame-gone' })
const REPORT = { name: 'a.zip', entries: 1, fallbacks: [], warnings: [], skipped: [] }

/** Frames in the order in which they are opened: what each does with its jobs. */
type Frame = (message: JobRequest, reply: (message: JobReply) => void, lose: () => void) => void
let frames: Frame[]
let opened: number
/** What the page's own jobs are asked for, and how each of them ends. */
let ownSinks: unknown[]
let own: (job: JobEventTarget) => Promise<Report>

vi.mock('../../src/embed/connection.ts', () => ({ connected: async () => connect() }))

function connect(): object {
  const frame = frames[Math.min(opened++, frames.length - 1)]
  if (!frame) throw new HoldallError('embed-failed', 'No answer', { origin: 'https://files.test' })
  const going = new AbortController()
  const job = (): MessagePort => {
    const { port1, port2 } = new MessageChannel()
    const reply = (message: JobReply): void => port2.postMessage(message)
    port2.onmessage = ({ data }: MessageEvent<JobRequest>) => {
      if (data.type === 'files') reply({ type: 'taken' })
      else frame(data, reply, () => going.abort(LOST))
    }
    ports.push(port1)
    return port1
  }
  return { named: new NamedFiles(PAGE), gone: going.signal, job }
}

const ports: MessagePort[] = []
const guards = new Set<string>()

beforeEach(() => {
  opened = 0
  ownSinks = []
  frames = [working]
  own = async () => ({ ...REPORT, sink: 'memory', bytes: 1 })
  vi.stubGlobal('document', { baseURI: `${PAGE}/` })
  vi.stubGlobal('addEventListener', (type: string) => guards.add(type))
  vi.stubGlobal('removeEventListener', (type: string) => guards.delete(type))
})
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
  vi.unstubAllGlobals()
})

const plan: PlanSummary = { entries: 1, length: 9, warnings: [], fingerprint: '', resumable: true }

const working: Frame = ({ type }, reply) => {
  if (type === 'plan') reply({ type: 'planned', plan })
  if (type === 'download') {
    reply({ type: 'done', report: { ...REPORT, sink: 'service-worker', bytes: 9 } })
  }
}

class OwnJob extends JobEventTarget {
  readonly needsPage = false
  readonly download = (): Promise<Report> => own(this)
}

function jobWith(options: ZipOptions = {}): EmbedJob {
  const makeJob = (_: unknown, { sinks }: ZipOptions): ZipJob => {
    ownSinks.push(sinks)
    return new OwnJob() as unknown as ZipJob
  }
  const folder = new URL('https://files.test/')
  const job = new EmbedJob({ folder, loadPageMaker: async () => ({ makeJob }) }, ['/a'], options)
  job.finished.catch(() => undefined)
  return job
}

const refused = (code: ErrorCode): HoldallError => new HoldallError(code as 'load-failed', code, {})

describe('a job whose frame is gone before anything was made', () => {
  const losing: Frame = ({ type }, reply, lose) => {
    if (type === 'plan') {
      reply({ type: 'planned', plan })
      setTimeout(lose)
    }
  }

  it('is made by another frame', async () => {
    frames = [losing, working]
    const job = jobWith()
    await job.plan()
    await new Promise((resolve) => setTimeout(resolve, 5))
    expect(await job.download()).toMatchObject({ sink: 'service-worker', fallbacks: [] })
    expect(opened).toBe(2)
  })

  const vanishing: Frame = (_message, _reply, lose) => lose()

  it('is planned in another frame', async () => {
    frames = [vanishing, working]
    const job = jobWith()
    const states: string[] = []
    job.addEventListener('statechange', ({ state }) => states.push(state))
    expect(await job.plan()).toEqual(plan)
    expect(await job.download()).toMatchObject({ sink: 'service-worker' })
    expect(opened).toBe(2)
    expect(states).toEqual(['planning', 'done'])
  })

  it('is made in one frame where both its plan and its archive were asked for', async () => {
    frames = [vanishing, working]
    const job = jobWith()
    const both = await Promise.all([job.plan(), job.download()])
    expect(both).toMatchObject([plan, { sink: 'service-worker' }])
    expect(opened).toBe(2)
  })

  it('has failed for good where that is gone, too', async () => {
    frames = [vanishing, vanishing, working]
    const job = jobWith()
    await expect(job.plan()).rejects.toBe(LOST)
    const states: string[] = []
    job.addEventListener('statechange', ({ state }) => states.push(state))
    await expect(job.download()).rejects.toBe(LOST)
    await expect(job.finished).rejects.toBe(LOST)
    expect([opened, job.state, states]).toEqual([2, 'failed', []])
  })

  it('is so once', async () => {
    frames = [({ type }, _, lose) => type === 'download' && lose()]
    await expect(jobWith().download()).rejects.toBe(LOST)
    expect(opened).toBe(2)
  })

  it('fails where something was made', async () => {
    frames = [
      ({ type }, reply, lose) => {
        if (type !== 'download') return
        reply({ type: 'state', state: 'running', needsPage: false })
        setTimeout(lose, 5)
      },
    ]
    await expect(jobWith().download()).rejects.toBe(LOST)
    expect(opened).toBe(1)
  })
})

describe('a job that cannot be planned', () => {
  it('has failed, and its end is told', async () => {
    const error = toWire(new HoldallError('no-files', 'None', {}))
    frames = [({ type }, reply) => type === 'plan' && reply({ type: 'not-planned', error })]
    const job = jobWith()
    await expect(job.plan()).rejects.toMatchObject({ code: 'no-files' })
    await expect(job.finished).rejects.toMatchObject({ code: 'no-files' })
    expect(job.state).toBe('failed')
    await expect(job.download()).rejects.toMatchObject({ code: 'no-files' })
  })
})

describe('the page of a job', () => {
  it.each([true, false])('is needed if its frame says so: %s', async (needsPage) => {
    frames = [({ type }, reply) => type === 'download' && reply(running)]
    const running: JobReply = { type: 'state', state: 'running', needsPage }
    const job = jobWith()
    const states: unknown[] = []
    job.addEventListener('statechange', ({ state }) => {
      states.push([state, job.needsPage, guards.has('beforeunload')])
      if (state === 'running') job.cancel()
    })
    await expect(job.download()).rejects.toMatchObject({ code: 'cancelled' })
    expect(states).toContainEqual(['running', needsPage, needsPage])
    await vi.waitFor(() => expect([job.needsPage, guards.size]).toEqual([false, 0]))
  })
})

describe('the sinks of a job', () => {
  it('are the frame’s, then the page’s, by default', async () => {
    frames = []
    expect(await jobWith().download()).toMatchObject({
      sink: 'memory',
      fallbacks: [{ sink: 'service-worker', code: 'embed-failed' }],
    })
    expect(ownSinks).toEqual([['save-picker', 'origin-private', 'memory']])
  })

  it('are tried in the order that they are given in', async () => {
    expect(await jobWith({ sinks: ['memory', 'service-worker'] }).download()).toMatchObject({
      sink: 'memory',
      fallbacks: [],
    })
    expect([opened, ownSinks]).toEqual([0, [['memory']]])
  })

  it('are passed over one by one, each with its reason', async () => {
    own = () => Promise.reject(refused('sink-unavailable'))
    const report = await jobWith({
      sinks: ['save-picker', 'origin-private', 'service-worker', 'memory'],
    }).download()
    expect(report).toMatchObject({
      sink: 'service-worker',
      fallbacks: [
        { sink: 'save-picker', code: 'sink-unavailable' },
        { sink: 'origin-private', code: 'sink-unavailable' },
      ],
    })
    expect(ownSinks).toEqual([['save-picker'], ['origin-private']])
  })

  it('are not changed once the page has begun', async () => {
    own = async (job) => {
      job.dispatchEvent(new JobStateEvent('running'))
      throw refused('too-large-for-memory')
    }
    await expect(jobWith({ sinks: ['memory', 'service-worker'] }).download()).rejects.toMatchObject(
      { code: 'too-large-for-memory' },
    )
    expect(opened).toBe(0)
  })

  it.each([[[]], ['memory'], [null]])('are for the page’s job to refuse: %j', async (sinks) => {
    await jobWith({ sinks: sinks as never }).download()
    expect(ownSinks).toEqual([sinks])
  })
})
