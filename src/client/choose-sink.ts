/** Which sink a download takes: the first of those allowed that is to be had. Loaded when there is one. */

import type { HoldallError } from '../errors.ts'
import { invalidOption } from '../zip/option-checks.ts'
import type { RunSummary } from '../engine/summary.ts'
import { download } from '../sinks/download.ts'
import type { DownloadRequest, WantedArchive } from '../sinks/download-request.ts'
import type { Progress } from '../progress.ts'
import type { PlanSummary } from '../worker/protocol.ts'
import type { JobEventTarget, JobState } from './events.ts'
import { guardPage, outlivesPages } from '../sinks/guard-page.ts'
import { loaded } from './loaded.ts'
import type { Fallback, Report, Sink, ZipOptions } from './options.ts'
import type { Packer } from './packer.ts'
import { isRefusal } from './refusals.ts'
import { activeServiceWorker } from './registration.ts'
import { saveFile } from './save-file.ts'
import { keepSpare } from './spare-worker.ts'

/** What became of an archive, and where it went. */
export type Delivered = RunSummary & Pick<Report, 'sink'> & Partial<Pick<Report, 'fallbacks'>>

/** What brings the archive of a job to a place that `target` tells. */
export interface Bringer<T extends readonly unknown[]> {
  deliver(job: DownloadJob, ...target: T): Promise<Delivered>
}

/** Takes a whole archive; the signal aborts if it cannot be made. */
export type Take = (
  archive: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal: AbortSignal,
) => Promise<void>

/** What a download asks of its job. */
export interface DownloadJob extends Pick<
  DownloadRequest,
  'signal' | 'changed' | 'refreshUrl' | 'id'
> {
  readonly options: {
    readonly [Key in 'sinks' | 'memoryLimit' | 'resumable' | 'retry']: ZipOptions[Key]
  }
  /** Tells of its states, and whether it would end with its page. */
  readonly events: JobEventTarget & { readonly needsPage: boolean; readonly state: JobState }
  /** It may be known only after planning. */
  name(): string
  plan(): Promise<PlanSummary>
  /** Has its worker get ready to make the archive, holding that Web Lock, while it is not yet known whether it will be wanted. */
  arm(lock: string): void
  /** Its worker, which is to make the archive now. */
  running(): Pick<Packer, 'run' | 'save' | 'cancel' | 'terminate'>
  /** A further worker, which is to make the archive once more. */
  packer(): Packer
  /** Has it plan the archive. */
  prepare(packer: Packer): Promise<unknown>
  /** Has the archive made, and gives it to `take`. Resolves when it was taken. */
  pipe(sink: Report['sink'], take: Take): Promise<Delivered>
  /** Has the worker's progress told to `progressed` alone; returns what tells the job's listeners. */
  follow(progressed: (progress: Progress) => void): (progress: Progress) => void
  /** Whatever fails it, as its page is told. */
  coded(thrown: unknown): HoldallError
  /** Tells of a sink that cannot be taken. */
  passOver(fallback: Fallback): void
}

const MEMORY_LIMIT = 512 * 1024 * 1024

/** How long bad input may take to be found before the user is asked for a place, in ms. */
const PLANNED_WITHIN = 1000

interface GuardedJob extends DownloadJob {
  /** To be called when its download would end with its page. */
  guard(): void
}

/** Brings the archive to one sink; `because` is why the first one was not taken. */
type Way = (job: GuardedJob, because: HoldallError | undefined) => Promise<Delivered>

const WAYS: Readonly<Record<Sink, Way>> = {
  'service-worker': throughServiceWorker,
  'save-picker': throughSavePicker,
  'origin-private': throughPrivateFile,
  memory: throughMemory,
}

/**
 * Brings the archive to the first sink that is to be had. Once bytes of it were asked for, it stays
 * there.
 *
 * @throws {HoldallError} `too-large-for-memory`, or why the first sink is not to be had, if none is;
 *   what fails the job.
 */
export async function deliver(job: DownloadJob): Promise<Delivered> {
  const sinks = checkedSinks(job.options)
  const refused: HoldallError[] = []
  const fallbacks: Fallback[] = []
  let begun = false
  let unguard: (() => void) | undefined
  const guard = (): void => {
    // What is left behind when a job is cancelled may come to this later.
    if (!job.signal.aborted) unguard ??= guardPage(job.events)
  }
  const watched: GuardedJob = {
    ...job,
    guard,
    running: () => {
      begun = true
      return job.running()
    },
    pipe: (...parameters) => {
      begun = true
      guard()
      return job.pipe(...parameters)
    },
  }
  for (const [index, sink] of sinks.entries()) {
    try {
      const delivering = WAYS[sink](watched, refused[0])
      const isSaving = (): boolean => begun && sink === 'save-picker'
      const delivered = await orCancelled(delivering, job.signal, isSaving)
      // The service worker keeps it for a while, for who asks for its URL again.
      if (job.id !== undefined && sink !== 'service-worker') await forget(job.id)
      return { ...delivered, fallbacks }
    } catch (error) {
      job.signal.throwIfAborted()
      if (begun || !isRefusal(error)) throw error
      refused.push(error)
      if (index === sinks.length - 1) break
      const fallback = { sink, code: error.code, message: error.message }
      fallbacks.push(fallback)
      job.passOver(fallback)
    } finally {
      unguard?.()
    }
  }
  throw refused.find(({ code }) => code === 'too-large-for-memory') ?? refused[0]!
}

/** Nobody need go on with it any more, wherever it went. */
async function forget(id: string): Promise<void> {
  const { dropJob } = await loaded(import('../engine/store.ts'))
  await dropJob(id).catch(() => undefined)
}

/** `work`, or the signal's reason, whichever is first; but a worker that has a file open lets it go before. */
function orCancelled<T>(
  work: Promise<T>,
  signal: AbortSignal,
  isSaving: () => boolean,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      if (!isSaving()) reject(signal.reason as Error)
    }
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** The sinks to be tried, in order. */
function checkedSinks({ sinks, memoryLimit }: DownloadJob['options']): readonly Sink[] {
  if (memoryLimit !== undefined && !(typeof memoryLimit === 'number' && memoryLimit >= 0)) {
    throw invalidOption('memoryLimit', 'a number of bytes', memoryLimit)
  }
  const all = Object.keys(WAYS) as Sink[]
  if (sinks === undefined) return all
  const list: readonly unknown[] = Array.isArray(sinks) ? sinks : []
  const wrong = list.findIndex((sink) => !all.includes(sink as Sink))
  if (list.length === 0 || wrong >= 0) {
    const wanted = `a list of one or more of ${all.map((sink) => `'${sink}'`).join(', ')}`
    throw invalidOption('sinks', wanted, wrong >= 0 ? list[wrong] : sinks)
  }
  return [...new Set(sinks)]
}

async function throughServiceWorker(job: GuardedJob): Promise<Delivered> {
  const [worker, { length, fingerprint, resumable }] = await Promise.all([
    activeServiceWorker(),
    job.plan(),
  ])
  let made: Promise<RunSummary> | undefined
  const summary = await download(worker, {
    name: job.name(),
    fingerprint,
    id: job.id,
    successor: activeServiceWorker,
    changed: job.changed,
    onPause: (told) => {
      let paused = false
      // Its state, not the event's: a listener that was told before may have paused it since.
      job.events.addEventListener('statechange', () => {
        if (paused === (job.events.state === 'paused')) return
        paused = !paused
        told(paused)
      })
    },
    refreshUrl: job.refreshUrl,
    arm: job.arm,
    ...(length !== undefined && { length }),
    signal: job.signal,
    open: (wanted) => {
      if (wanted.run > 0) return again(job, wanted)
      made = first(job, wanted, resumable)
      return made
    },
  })
  if (summary) return { sink: 'service-worker', ...summary } // of what was taken over
  const own = await made! // the worker's last word on progress comes before its summary
  keepSpare()
  return { sink: 'service-worker', ...own }
}

/** The archive for the download itself: others can go on with it. */
function first(
  job: GuardedJob,
  { id, port, lock }: WantedArchive,
  resumable: boolean,
): Promise<RunSummary> {
  const kept = resumable && job.options.resumable !== false
  Object.assign(job.events, { resumable: kept })
  if (!kept || !outlivesPages()) job.guard()
  const isControlled = Boolean(navigator.serviceWorker.controller)
  const store = { id, name: job.name(), ...(isControlled && { isControlled }) }
  return job.running().run(port, { lock, ...(kept && { store }) })
}

/** The archive once more, for a further request for its URL. */
async function again(job: DownloadJob, { id, port, lock, over }: WantedArchive): Promise<void> {
  const packer = job.packer()
  void over.then(() => packer.terminate())
  // As it was planned then, where that is stored: the same archive, which others can go on with.
  const isStored = await packer.restore(id, false).then(
    () => true,
    () => false,
  )
  if (!isStored) await job.prepare(packer)
  await packer.run(port, {
    lock,
    ...(isStored && { store: { id, name: job.name(), again: true } }),
  })
}

async function throughSavePicker(job: GuardedJob): Promise<Delivered> {
  const { pickFile } = await loaded(import('../sinks/save-picker.ts'))
  // A gesture is spent after seconds, so planning is not waited for to its end.
  await Promise.race([job.plan(), new Promise((resolve) => setTimeout(resolve, PLANNED_WITHIN))])
  const { handle, discard } = await pickFile(job.name())
  job.guard()
  try {
    return { sink: 'save-picker', ...(await saveFile(job, handle)) }
  } catch (error) {
    await discard()
    throw error
  }
}

async function throughPrivateFile(job: DownloadJob): Promise<Delivered> {
  const { makeRoom } = await loaded(import('../sinks/origin-private.ts'))
  const { length } = await job.plan()
  const file = await makeRoom(length)
  try {
    const delivered = await job.pipe('origin-private', (archive, signal) =>
      file.write(archive, signal),
    )
    await file.save(job.name(), delivered.bytes, job.signal)
    return delivered
  } catch (error) {
    await file.free() // also where it was cancelled, and the file is being closed still
    throw error
  }
}

async function throughMemory(
  job: DownloadJob,
  because: HoldallError | undefined,
): Promise<Delivered> {
  const [{ checkLength, collectBlob }, { saveByLink }] = await loaded(
    Promise.all([import('../sinks/memory.ts'), import('../sinks/link.ts')]),
  )
  const limit = { limit: job.options.memoryLimit ?? MEMORY_LIMIT, because }
  const { length, expectedLength } = await job.plan()
  checkLength(length ?? expectedLength, limit)
  let blob: Blob | undefined
  const delivered = await job.pipe('memory', async (archive, signal) => {
    blob = await collectBlob(archive, signal, limit)
  })
  job.signal.throwIfAborted()
  void saveByLink(blob!, job.name())
  return delivered
}
