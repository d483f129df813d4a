/** A job as it outlives the thread that made it: plain data, from which it is made again. */

import { HoldallError } from '../errors.ts'
import type { ArchiveOptions, ManifestFile, SourceInput } from '../manifest/types.ts'
import type { CheckpointDelta } from '../zip/checkpoint-log.ts'
import { dosTimestamp } from '../zip/timestamp.ts'
import { isWhole, settle, type PreparedJob } from './job.ts'

/** Plain data, that is: IndexedDB and messages can carry it. */
export interface StoredJob {
  readonly version: 1
  readonly id: string
  /** Name of the archive. */
  readonly name: string
  /** When it was made, in ms since 1970. */
  readonly created: number
  readonly files: readonly ManifestFile[]
  readonly options: ArchiveOptions
  /** See `PreparedJob`. */
  readonly now: number
  /** Modification times of its entries in the DOS format, and `now`: whoever goes on may be in another time zone. */
  readonly dosTimestamps: Uint32Array
  /** Of its plan: what is made from it must have the same. */
  readonly fingerprint: string
  /** The archive's length in bytes, where it is known. */
  readonly length?: number
  /** See `PreparedJob`. */
  readonly manifest?: string | undefined
  /** The file that it is written to, where it is not the browser's own download. */
  readonly target?: FileSystemFileHandle
  /** The upload that it is made for, likewise. */
  readonly upload?: StoredUpload
  /** Whether a service worker controlled its page: that may be what answered it, and answers nobody who goes on. */
  readonly isControlled?: boolean
}

/** What is kept of an upload. */
export interface StoredUpload {
  /** What the page knows it by. */
  readonly id: unknown
  /** Bytes of each part but the last: those to come are to be as long as those that are there. */
  readonly partSize: number
}

/** What is told with a chunk: what it takes to go on after it. */
export interface JobMark extends CheckpointDelta {
  /** The job, with one of the first chunks, where it is not to be found in the storage. */
  readonly job?: StoredJob
}

/** Local content of this many bytes in all is copied to disk, in case that somebody goes on. */
const KEPT_ON_DISK = 16 * 1024 * 1024

/** Bytes of more than this are kept as a Blob, which browsers need not hold in memory. */
const KEPT_IN_MEMORY = 64 * 1024

/** Bytes of at most so many share a buffer: browsers take seconds to copy a hundred thousand of those. */
const SHARED_UP_TO = 1024

/** Why `job` cannot be made again without its page; `undefined` if it can. */
export function whyNotStorable({ files }: PreparedJob): string | undefined {
  for (const { name, source } of files) {
    if (source?.type === 'stream' || source?.type === 'thunk') {
      return `"${name}" comes from a stream or function of the page, which nobody else can ask`
    }
    if (source?.type === 'url' && source.url.startsWith('blob:')) {
      return `"${name}" is at a blob: URL, which is gone with the page; give its Blob as data`
    }
  }
  return undefined
}

/**
 * Why nobody can go on with `job` when its page is gone; `undefined` if somebody can.
 *
 * Where there are no Web Locks nobody would know that: others would take it for interrupted while it runs.
 */
export function whyNotResumable(job: PreparedJob): string | undefined {
  if (!navigator.locks) return 'the page has no Web Locks: on plain HTTP, browsers offer none'
  return whyNotStorable(job)
}

/**
 * Why `job` is not kept on disk; `undefined` if that costs little. Browsers copy local files into their storage, so a
 * job with more than a little of them is kept by the service worker alone, which refers to them: of what does not pass
 * that, nobody keeps it.
 */
export function whyNotKept({ files }: PreparedJob): string | undefined {
  let bytes = 0
  for (const { source } of files) {
    if (source?.type === 'blob') bytes += source.blob.size
    else if (source?.type === 'bytes') bytes += source.bytes.length
    if (bytes > KEPT_ON_DISK)
      return 'it has more than 16 MiB of local files, which browsers would copy; give handles of them'
  }
  return undefined
}

export function toStored(
  job: PreparedJob,
  id: string,
  name: string,
  target?: FileSystemFileHandle,
): StoredJob {
  const { files, plan, options, now, manifest } = job
  return {
    version: 1,
    id,
    name,
    created: Date.now(),
    files: storedFiles(files),
    options,
    now,
    dosTimestamps: timestampsOf(job),
    fingerprint: plan.fingerprint,
    ...(plan.length !== undefined && { length: plan.length }),
    manifest,
    ...(target !== undefined && { target }),
  }
}

/** Each with nothing that is not told of it, which would be copied, too. */
function storedFiles(files: readonly ManifestFile[]): ManifestFile[] {
  let length = 0
  for (const { source } of files) if (isTiny(source)) length += source.bytes.length
  const shared = new Uint8Array(length)
  let end = 0
  const share = (bytes: Uint8Array): SourceInput => {
    shared.set(bytes, end)
    return { type: 'bytes', bytes: shared.subarray(end, (end += bytes.length)) }
  }
  return files.map((file) => {
    const source = isTiny(file.source) ? share(file.source.bytes) : kept(file.source)
    const told = Object.entries({ ...file, whole: isWhole(file), source })
    return Object.fromEntries(told.filter(([, value]) => value !== undefined)) as unknown
  }) as ManifestFile[]
}

function isTiny(source: SourceInput | undefined): source is SourceInput & { type: 'bytes' } {
  return source?.type === 'bytes' && source.bytes.length <= SHARED_UP_TO
}

function kept(source: SourceInput | undefined): SourceInput | undefined {
  return source?.type === 'bytes' && source.bytes.length >= KEPT_IN_MEMORY
    ? { type: 'blob', blob: new Blob([source.bytes]) }
    : source
}

/**
 * The job that was stored.
 *
 * @throws {HoldallError} `invalid-checkpoint`, if this version of the library would plan it otherwise.
 */
export function fromStored(stored: StoredJob): PreparedJob {
  const { files, options, now, name, dosTimestamps, fingerprint, manifest } = stored
  const times = [...files.map(({ lastModified = now }) => lastModified), now]
  const known = new Map(times.map((time, index) => [time, dosTimestamps[index]!]))
  const job = settle(files, options, now, name, (time) => known.get(time) ?? dosTimestamp(time))
  if (job.plan.fingerprint === fingerprint) return { ...job, manifest }
  const reason = 'this version of the library makes another archive of it'
  throw new HoldallError(
    'invalid-checkpoint',
    `Cannot go on with "${name}": ${reason}; start it anew`,
    { reason },
  )
}

function timestampsOf({ plan, now }: PreparedJob): Uint32Array {
  const timestamps = new Uint32Array(plan.entries.length + 1)
  for (const [index, entry] of plan.entries.entries()) timestamps[index] = entry.dosTimestamp
  timestamps[plan.entries.length] = dosTimestamp(now)
  return timestamps
}
