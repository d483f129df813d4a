/** Brings an archive to an object store, from where it was if it was begun before. Loaded when there is an upload. */

import { isGoingOn } from '../engine/held-locks.ts'
import { Network } from '../engine/network.ts'
import { dropJob, storedJob, storedParts, storeParts, type StoredPart } from '../engine/store.ts'
import type { StoredJob, StoredUpload } from '../engine/stored-job.ts'
import type { RunSummary } from '../engine/summary.ts'
import { HoldallError, isHoldallError } from '../errors.ts'
import { producerLock } from '../port/delivery.ts'
import { messageOf } from '../sources/thrown.ts'
import { Gate } from '../sources/gate.ts'
import { isTransient, patienceOf, type Patience } from '../sources/patience.ts'
import { cutParts, piecesFrom, type Begun } from '../sinks/cut-parts.ts'
import { completeUpload, uploadParts, type UploadPlan } from '../sinks/upload.ts'
import { isForGood, isOutOfDate } from '../sinks/upload-part.ts'
import {
  checkTarget,
  partSizeFor,
  type UploadedPart,
  type UploadTarget,
} from '../sinks/upload-target.ts'
import { CheckpointLog } from '../zip/checkpoint-log.ts'
import type { Checkpoint } from '../zip/checkpoint.ts'
import type { Delivered, DownloadJob } from './choose-sink.ts'

import { guardPage } from '../sinks/guard-page.ts'
import { UploadProgress } from './upload-progress.ts'

/** How long a store may take to forget an upload before its job is over, in ms. */
const FORGOTTEN_WITHIN = 5000

/** How long the worker of a job that was cancelled before it was planned may hold its locks still, in ms. */
const LET_GO_WITHIN = 1000

/** What the store has of an upload, and how to go on. */
interface Start {
  readonly upload: StoredUpload
  readonly patience: Patience
  readonly parts: readonly UploadedPart[]
  readonly begun: Begun
  readonly log: CheckpointLog
  readonly from: Checkpoint | undefined
}

/**
 * Uploads the archive of `job` to `target`. What is interrupted can be gone on with, as can what fails for a reason
 * that may pass; what cannot is aborted at the store.
 *
 * @throws {HoldallError} `invalid-option`, `upload-failed`; what fails the job.
 */
export async function deliver(job: DownloadJob, target: UploadTarget): Promise<Delivered> {
  checkTarget(target)
  const unguard = guardPage(job.events)
  const uploading = new Uploading(job, target)
  try {
    return { sink: 'upload', ...(await uploading.run()) }
  } catch (thrown) {
    const error = job.coded(thrown)
    await uploading.giveUp(error)
    throw error
  } finally {
    unguard()
  }
}

class Uploading {
  readonly #job: DownloadJob
  readonly #target: UploadTarget
  readonly #id: string
  /** Whether its job is stored, as far as is known. */
  #isStored: boolean
  /** Whether it is this one that goes on with it. */
  #isOwn = false
  #pending: StoredPart[] = []
  #noting: Promise<void> = Promise.resolve()
  #end: (error: HoldallError) => void = () => undefined

  constructor(job: DownloadJob, target: UploadTarget) {
    this.#job = job
    this.#target = target
    this.#id = job.id ?? newId()
    this.#isStored = job.id !== undefined
  }

  async run(): Promise<RunSummary> {
    const job = this.#job
    const { signal } = job
    const { length, expectedLength, fingerprint, notKept } = await job.plan()
    this.#isOwn = true
    signal.throwIfAborted()
    const isWanted = job.options.resumable !== false
    const keeps = this.#isStored || (notKept === undefined && isWanted)
    Object.assign(job.events, { resumable: keeps })
    const start = await this.#start(length ?? expectedLength, fingerprint)
    signal.throwIfAborted()
    const { upload: stored, parts, begun, log, from, patience } = start
    const { partSize } = stored

    const progress = new UploadProgress(bytesOf(parts))
    progress.onTell = job.follow((made) => progress.made(made))
    const gate = new Gate()
    // Its state, not the event's: a listener that was told before may have paused it since.
    job.events.addEventListener('statechange', () => {
      if (job.events.state === 'paused') gate.close()
      else gate.open()
    })

    const { port1, port2 } = new MessageChannel()
    const packer = job.running()
    this.#end = (error) => packer.terminate(error)
    signal.throwIfAborted() // as of who has heard that it runs
    const store = { id: this.#id, name: job.name(), upload: stored, again: begun.parts > 0 }
    const made = packer.run(port2, {
      lock: producerLock(this.#id, 0),
      ...(keeps && { store }),
      ...(from !== undefined && { from }),
    })
    const ending = new AbortController()
    signal.addEventListener('abort', () => ending.abort(signal.reason))
    // A worker that has gone cannot tell it by its port.
    made.catch((error: unknown) => ending.abort(error))
    const plan: UploadPlan = {
      target: this.#target,
      partSize,
      begun: parts,
      ending,
      patience,
      gate,
      network: new Network((waits) => job.changed(waits ? 'waiting' : 'running')),
      sent: ({ number }, bytes) => progress.sent(number, bytes),
      landed: ({ offset, mark, crc32 }, { number, size, etag }) => {
        progress.landed(number, offset + size)
        if (!keeps) return
        const facts = { ...(etag !== undefined && { etag }), ...(mark && { mark }), crc32 }
        const last = size < partSize && { size }
        this.#note({ id: this.#id, number, ...last, ...facts }, offset + size)
      },
    }
    const cut = cutParts(piecesFrom(port1), partSize, keeps ? log : undefined, begun)
    const uploaded = await uploadParts(cut, plan)
    const summary = await made
    progress.tell()
    await completeUpload(uploaded, summary.bytes, { ...plan, signal: ending.signal })
    await this.#forget()
    return summary
  }

  /** Where to begin: after the parts that the store has, if the job was begun before. */
  async #start(length: number | undefined, fingerprint: string): Promise<Start> {
    const { stored, known } = this.#isStored ? await this.#read() : { stored: undefined, known: [] }
    const { id } = this.#target
    const partSize = stored?.upload?.partSize ?? partSizeFor(this.#target, length)
    const log = new CheckpointLog()
    const parts: UploadedPart[] = []
    let tail = 0
    for (const { number, size = partSize, etag, mark, crc32 } of known) {
      if (number !== parts.length + 1) break
      parts.push({ number, size, ...(etag !== undefined && { etag }) })
      if (mark !== undefined) log.addPart(mark)
      tail = crc32
    }
    const there = bytesOf(parts)
    const from = log.before(there, fingerprint)
    const begun = { parts: parts.length, again: there - (from?.offset ?? 0), crc32: tail }
    const patience = patienceOf((stored?.options ?? this.#job.options).retry)
    return { upload: { id, partSize }, patience, parts, begun, log, from }
  }

  /** @throws {HoldallError} `upload-failed`. */
  async #read(): Promise<{ stored: StoredJob | undefined; known: StoredPart[] }> {
    try {
      return { stored: await storedJob(this.#id), known: await storedParts(this.#id) }
    } catch (cause) {
      const message = `Cannot go on with the upload: what is stored of it cannot be read (${messageOf(cause)}); try again`
      throw new HoldallError('upload-failed', message, {}, { cause })
    }
  }

  /** Notes a part, with those before it that could not be: a job is stored while its first parts are made. */
  #note(part: StoredPart, bytes: number): void {
    const { id } = part
    this.#pending.push(part)
    this.#noting = this.#noting.then(async () => {
      const parts = [...this.#pending]
      const progress = { id, bytes, done: false, at: Date.now() }
      if (!(await storeParts(progress, parts).catch(() => false))) return
      this.#isStored = true
      this.#pending = this.#pending.filter((other) => !parts.includes(other))
    })
  }

  /** Ends all of it; and forgets it, unless somebody can go on with it later. */
  async giveUp(error: HoldallError): Promise<void> {
    this.#end(error)
    await this.#noting
    if (await this.#isLeft(error)) return
    await this.#forget()
    const { abort } = this.#target
    const aborted = (async () => abort?.call(this.#target, error))().catch(() => undefined)
    await Promise.race([aborted, new Promise((resolve) => setTimeout(resolve, FORGOTTEN_WITHIN))])
  }

  /** Whether somebody can go on with it later, or does now. */
  async #isLeft(error: HoldallError): Promise<boolean> {
    // It is stored while its first parts are made, of which the store may have none yet.
    this.#isStored ||= (await storedJob(this.#id).catch(() => undefined)) !== undefined
    if (!this.#isStored) return false
    if (this.#isOwn) return canBeGoneOnWith(error)
    // Pages that are not secure have no locks to tell it by.
    const canTell = isHoldallError(error, 'cancelled') && 'locks' in navigator
    return !canTell || isGoingOn(this.#id, LET_GO_WITHIN)
  }

  async #forget(): Promise<void> {
    await dropJob(this.#id).catch(() => undefined)
  }
}

function bytesOf(parts: readonly UploadedPart[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0)
}

/** Pages that are not secure have no `crypto.randomUUID`. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Whether the job may come to its end if it is tried again: what has failed it may pass. */
function canBeGoneOnWith(error: HoldallError): boolean {
  if (isHoldallError(error, 'worker-failed') || isHoldallError(error, 'load-failed')) return true
  if (!isHoldallError(error, 'upload-failed') && !isHoldallError(error, 'source-failed'))
    return false
  const { status } = error.detail
  if (isForGood(error)) return false
  if (isOutOfDate(error)) return true
  return status === undefined || status === 401 || status === 403 || isTransient(status)
}
