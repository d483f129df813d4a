/** Where jobs are kept as long as they run, for whoever goes on with them: IndexedDB. */

import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb'
import { belongsTo, heldLocks } from './held-locks.ts'
import type { CheckpointLog, CheckpointPart } from '../zip/checkpoint-log.ts'
import type { StoredJob } from './stored-job.ts'

interface Schema extends DBSchema {
  jobs: { key: string; value: StoredJob; indexes: { created: number } }
  /** How far each job was when somebody looked last. */
  progress: { key: string; value: StoredProgress }
  /** The checkpoints of each job, in parts: what is known of a finished entry is written once. */
  checkpoints: { key: [string, number]; value: StoredCheckpoints }
  /** The parts of each upload that its store has. */
  parts: { key: [string, number]; value: StoredPart }
}

interface StoredCheckpoints {
  readonly id: string
  /** Bytes of the archive up to its last checkpoint. */
  readonly offset: number
  readonly part: CheckpointPart
}

/** A part of an upload, and what it takes to go on after it. */
export interface StoredPart {
  readonly id: string
  /** Its place among them, from 1. */
  readonly number: number
  readonly etag?: string
  /** In bytes, of the last one: the others are as long as parts are. */
  readonly size?: number
  /** Checkpoints up to one before its end, more than those of the parts before. */
  readonly mark?: CheckpointPart
  /** Of the bytes between that checkpoint and its end: whether the same are made again. */
  readonly crc32: number
}

/** How far a job was. */
export interface StoredProgress {
  readonly id: string
  /** Bytes of the archive that the browser had, or the file, or the store of an upload. */
  readonly bytes: number
  /** Whether it had all of it. */
  readonly done: boolean
  /** When that was, in ms since 1970. */
  readonly at: number
  /** Of these bytes, where they are in a file: whether it has them still. */
  readonly crc32?: number
}

/** How long a job is kept that nobody goes on with, in ms. */
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000

let opened: Promise<IDBPDatabase<Schema>> | undefined

/** @throws Whatever the browser says, where there is no storage: a job can do without. */
function database(): Promise<IDBPDatabase<Schema>> {
  opened ??= open(4).catch((error: Error) => {
    if (error.name !== 'VersionError') throw error
    return open() // as a newer version of the library has made it
  })
  opened.catch(() => (opened = undefined))
  return opened
}

function open(version?: number): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>('holdall', version, {
    upgrade(made, before) {
      // What earlier versions kept is not worth more than a download that begins anew.
      if (before > 0) Array.from(made.objectStoreNames, (name) => made.deleteObjectStore(name))
      made.createObjectStore('jobs', { keyPath: 'id' }).createIndex('created', 'created')
      made.createObjectStore('progress', { keyPath: 'id' })
      made.createObjectStore('checkpoints', { keyPath: ['id', 'offset'] })
      made.createObjectStore('parts', { keyPath: ['id', 'number'] })
    },
    // A newer version of the library waits for this one to let go.
    blocking: (_, __, event) => {
      ;(event.target as IDBDatabase).close()
      opened = undefined // whoever has deleted it is followed by a new one
    },
    terminated: () => (opened = undefined),
  })
}

/**
 * Keeps `job`, which begins, and drops those that nobody has gone on with for too long.
 *
 * What was noted of an earlier attempt at it is forgotten first: its files may be others by now.
 */
export async function storeJob(job: StoredJob): Promise<void> {
  await dropJob(job.id)
  const store = await database()
  await store.put('jobs', job)
  const old = IDBKeyRange.upperBound(Date.now() - KEPT_FOR)
  const held = await heldLocks()
  for (const id of await store.getAllKeysFromIndex('jobs', 'created', old)) {
    const { at = 0 } = (await store.get('progress', id)) ?? {}
    if (isOld(at) && !(await belongsTo(id, held))) await dropJob(id)
  }
}

/** Whether it is too long since then, in ms since 1970. */
function isOld(at: number): boolean {
  return Date.now() - at > KEPT_FOR
}

export async function storedJob(id: string): Promise<StoredJob | undefined> {
  return (await database()).get('jobs', id)
}

export async function storedProgress(id: string): Promise<StoredProgress | undefined> {
  return (await database()).get('progress', id)
}

/** A job that was not done when somebody looked last. */
export interface UnfinishedJob {
  readonly job: StoredJob
  /** Bytes of its archive that the browser had. */
  readonly bytes: number
}

/** All that are not done; drops those that are too old, and those that are done and that nobody asks for. */
export async function unfinishedJobs(): Promise<UnfinishedJob[]> {
  const store = await database()
  const held = await heldLocks()
  const unfinished: UnfinishedJob[] = []
  for (const job of await store.getAll('jobs')) {
    if (await belongsTo(job.id, held)) continue
    const { done = false, bytes = 0, at = 0 } = (await store.get('progress', job.id)) ?? {}
    if (done || isOld(Math.max(at, job.created))) await dropJob(job.id)
    else unfinished.push({ job, bytes })
  }
  return unfinished
}

/**
 * Drops the jobs that were written to the file `target`, which has something else in it now; but not `id`, nor those
 * that somebody goes on with.
 */
export async function dropOthersIn(
  target: FileSystemFileHandle,
  id: string | undefined,
): Promise<void> {
  const held = await heldLocks()
  if (held === undefined) return
  for (const job of await (await database()).getAll('jobs')) {
    if (job.id === id || (await belongsTo(job.id, held))) continue
    if (await job.target?.isSameEntry(target)) await dropJob(job.id)
  }
}

/** Notes how far a job is, with its latest checkpoints. Of a job that is not stored, nothing is. */
export async function storeProgress(
  progress: StoredProgress,
  part: CheckpointPart | undefined,
): Promise<void> {
  await ifStored(progress.id, (change) => [
    change.objectStore('progress').put(progress),
    part && putPart(change, progress.id, part),
  ])
}

/** Notes checkpoints of a job of which others note how far it is. */
export async function storeCheckpoints(id: string, part: CheckpointPart): Promise<void> {
  await ifStored(id, (change) => [putPart(change, id, part)])
}

/**
 * Notes parts of an upload, and how far it is.
 *
 * @returns Whether its job is stored, so that they are.
 */
export function storeParts(
  progress: StoredProgress,
  parts: readonly StoredPart[],
): Promise<boolean> {
  return ifStored(progress.id, (change) => [
    change.objectStore('progress').put(progress),
    ...parts.map((part) => change.objectStore('parts').put(part)),
  ])
}

/** In order. */
export async function storedParts(id: string): Promise<StoredPart[]> {
  return (await database()).getAll('parts', partsOf(id))
}

function putPart(change: Change, id: string, part: CheckpointPart): Promise<unknown> {
  const { offset } = part.places.at(-1)!
  return change.objectStore('checkpoints').put({ id, offset, part })
}

/** Adds to `log` all that is stored of the checkpoints of a job. */
export async function loadCheckpoints(id: string, log: CheckpointLog): Promise<void> {
  for (const { part } of await (await database()).getAll('checkpoints', partsOf(id))) {
    log.addPart(part)
  }
}

type Change = IDBPTransaction<Schema, typeof ALL, 'readwrite'>

async function ifStored(
  id: string,
  write: (change: Change) => (Promise<unknown> | undefined)[],
): Promise<boolean> {
  const change = (await database()).transaction(ALL, 'readwrite')
  const key = await change.objectStore('jobs').getKey(id)
  await Promise.all([...(key === undefined ? [] : write(change)), change.done])
  return key !== undefined
}

const ALL: ('jobs' | 'progress' | 'checkpoints' | 'parts')[] = [
  'jobs',
  'progress',
  'checkpoints',
  'parts',
]

function partsOf(id: string): IDBKeyRange {
  return IDBKeyRange.bound([id], [id, Infinity])
}

/** Forgets all of a job. */
export async function dropJob(id: string): Promise<void> {
  const change = (await database()).transaction(ALL, 'readwrite')
  await Promise.all([
    change.objectStore('jobs').delete(id),
    change.objectStore('progress').delete(id),
    change.objectStore('checkpoints').delete(partsOf(id)),
    change.objectStore('parts').delete(partsOf(id)),
    change.done,
  ])
}
