/** One job, from what a caller asks for to the chunks of its archive. Runs in any worker or runtime. */

import { HoldallError, isHoldallError, type ErrorCode } from '../errors.ts'
import { checkOptions } from '../manifest/checks.ts'
import { parseFiles } from '../manifest/parse.ts'
import { isNotAllowed } from '../manifest/permission.ts'
import type { ArchiveOptions, FilesInput, ManifestFile } from '../manifest/types.ts'
import { Ahead, WHOLE_UP_TO } from '../sources/ahead.ts'
import { Gate } from '../sources/gate.ts'
import type { FileIdentity } from '../sources/identity.ts'
import type { SourceContext } from '../sources/open.ts'
import { ownBase } from '../sources/own-location.ts'
import { patienceOf } from '../sources/patience.ts'
import { PROBE_UP_TO, probeSizes } from '../sources/probe.ts'
import { BufferPool } from '../zip/buffer-pool.ts'
import type { Checkpoint } from '../zip/checkpoint.ts'
import { encodeArchive, type ArchiveEncoder, type Content } from '../zip/encode.ts'
import { placeOf } from '../zip/locate.ts'
import { planArchive, type ArchivePlan, type EntryInput } from '../zip/plan.ts'
import { loadManifest } from './load-manifest.ts'
import { begunAlready, orMissing, type SkippedFile } from './missing.ts'
import { Network } from './network.ts'

/** A job whose archive is settled; nothing of its files is fetched. */
export interface PreparedJob {
  readonly files: readonly ManifestFile[]
  readonly plan: ArchivePlan
  /** Name of the archive, where a manifest gives one. */
  readonly name: string | undefined
  readonly options: ArchiveOptions
  /** The time of entries that have none, in ms since 1970: a part of the plan. */
  readonly now: number
  /** Absolute URL of the manifest that the files are of, if they are of one: it tells the job from others. */
  readonly manifest?: string | undefined
}

/** Gives a fresh URL for one that a server refuses (401, 403: an expired signature, say), if it can. */
export type RefreshUrl = (file: {
  readonly url: string
  readonly name: string
}) => string | undefined | Promise<string | undefined>

/** What runs a job: a worker, or a program of any runtime. */
export interface JobHost {
  /** Ends the job, with every request under way; the archive fails with its reason. */
  readonly signal: AbortSignal
  /** Closed while the job is paused: requests end, and are made again for what was missing. */
  readonly gate?: Gate
  /** The byte of the archive at which whoever reads it will stop. Default: its end. */
  readonly until?: number
  /** How many jobs share the memory of this one at the moment. Default: it is alone. */
  readonly jobs?: () => number
  readonly refreshUrl?: RefreshUrl | undefined
  /** Whether its requests go past a service worker that they may have passed through in its page. Default: false. */
  readonly pastServiceWorker?: boolean | undefined
  /** Told when the job waits for a network, and when it goes on. */
  readonly waiting?: ((waits: boolean) => void) | undefined
  /** Told what becomes of each file. */
  readonly report?: SourceContext['report']
  /** Told of each file that is left out, or replaced. */
  readonly skipped?: ((file: SkippedFile) => void) | undefined
  /** Told of bytes that came over the network. */
  readonly received?: (bytes: number) => void
  /** Where buffers for chunks come from: give those back that are used. Default: they are all new. */
  readonly buffers?: BufferPool
}

/**
 * Checks the input, and plans the archive.
 *
 * Fetches the manifest if `files` is the URL of one, and asks for sizes that are missing; no file.
 *
 * @param settled Called when the input is right, before any server is asked for a size.
 * @throws {HoldallError} One of the codes for bad input.
 */
export async function prepareJob(
  files: FilesInput,
  options: ArchiveOptions,
  signal: AbortSignal,
  settled?: (job: PreparedJob) => void,
): Promise<PreparedJob> {
  checkOptions(options)
  const baseURL = options.baseURL === undefined ? ownBase() : String(options.baseURL)
  const optional = (options.onError ?? 'abort') !== 'abort'
  const { name, parsed, ...of } =
    typeof files === 'string' || files instanceof URL
      ? await loadManifest(String(files), baseURL, patienceOf(options.retry), signal)
      : { name: undefined, parsed: await parseFiles(files, baseURL, optional) }
  // Planned before any server is asked, so that what is wrong with the input is told first.
  const now = Date.now()
  const job = settle(parsed, options, now, name)
  settled?.(job)
  if (!wantsSizes(job, options)) return { ...job, ...of }
  const probed = await probeSizes(parsed, signal, options.concurrency, options.retry?.silence)
  return { ...settle(probed, options, now, name), ...of }
}

/** Plans the archive of files that were checked. */
export function settle(
  files: readonly ManifestFile[],
  options: ArchiveOptions,
  now: number,
  name: string | undefined,
  toDos?: (lastModified: number) => number,
): PreparedJob {
  const plan = planArchive(files.map(entryOf), { ...options, now }, toDos)
  return { files, plan, name, options, now }
}

/** Whether enough is missing, and not too much, to ask the servers for it. */
function wantsSizes({ files }: PreparedJob, { sizes }: ArchiveOptions): boolean {
  const missing = files.filter(({ source, size }) => source?.type === 'url' && size === undefined)
  return missing.length > 0 && (sizes ?? automatic(missing.length)) === 'probe'
}

function automatic(missing: number): NonNullable<ArchiveOptions['sizes']> {
  return missing < PROBE_UP_TO ? 'probe' : 'as-given'
}

/**
 * Makes the archive of a prepared job.
 *
 * @param from Where to go on. Default: the start.
 * @throws {HoldallError} As `encodeArchive` does, naming the URL where the fault is a source's.
 */
export function runJob(job: PreparedJob, host: JobHost, from?: Checkpoint): ArchiveEncoder {
  const { files, plan, options } = job
  const optional = plan.onError !== 'abort'
  const wanted = files.map((file, index) => {
    const { framing, size, crc32 } = plan.entries[index]!
    const { likelySize = Infinity, source } = file
    // What may be left out is looked at as a whole where it can be: then nothing of it is in the archive.
    // And of a cache, several small ones are looked for at once: that takes longer than reading them.
    const early = optional || source?.type === 'cached'
    const small = early && size !== undefined && size <= WHOLE_UP_TO
    const whole = framing === 'sized' && (crc32 === undefined || small)
    const gathered = size === undefined && likelySize <= WHOLE_UP_TO
    const held = gathered || (optional && size === undefined)
    return { file, whole, copied: framing === 'deflate-stored', gathered, held }
  })
  const { signal, refreshUrl, pastServiceWorker, waiting, received } = host
  const { report = () => undefined } = host
  const buffers = host.buffers ?? new BufferPool()
  const identities = new Identities()
  const network = new Network(waiting ?? (() => undefined))
  const end = host.until === undefined ? undefined : placeOf(plan, host.until, from)
  const ahead = new Ahead(
    wanted,
    {
      signal,
      patience: patienceOf(options.retry),
      gate: host.gate ?? new Gate(),
      pastServiceWorker,
      online: (until) => network.online(until),
      lastAnswer: () => network.lastAnswer,
      outage: (since, before, until) => network.outage(since, before, until),
      reached: (url) => network.answered(url),
      refresh: async (url, name) => refreshUrl?.({ url, name }),
      report,
      received: received ?? (() => undefined),
      buffers,
      crcTaken: () => encoder.received.crc32,
      identified: (index, identity) => identities.add(index, identity),
      known: from?.source as FileIdentity | undefined,
      end: end && { index: end.entry, until: end.position },
    },
    options.concurrency,
    host.jobs,
  )
  const open = (index: number, position: number): Content | Promise<Content> =>
    ahead.open(index, position)
  const skipped = (file: SkippedFile): void => {
    report(file.index, 'skipped')
    host.skipped?.(file)
  }
  const opened = optional ? orMissing(open, plan, signal, skipped) : open
  const sourceOf = (index: number): FileIdentity | undefined => identities.of(index)
  const isChecked = (index: number): boolean => files[index]!.sha256 !== undefined
  const encoder = encodeArchive(plan, opened, from, { sourceOf, isChecked, buffers })
  return encoder
}

/** What is known of the files under way: of those that are done, nothing need be. */
class Identities {
  readonly #known = new Map<number, FileIdentity>()

  add(index: number, identity: FileIdentity): void {
    this.#known.set(index, identity)
  }

  of(index: number): FileIdentity | undefined {
    for (const other of this.#known.keys()) if (other < index) this.#known.delete(other)
    return this.#known.get(index)
  }
}

/** A file as the plan sees it: a literal, as there may be half a million of them. */
function entryOf(file: ManifestFile): EntryInput {
  const { name, kind, size, crc32, lastModified, mode, comment } = file
  return { name, kind, size, crc32, lastModified, mode, comment, whole: isWhole(file) }
}

/**
 * Small files are read before their header is written, so that it can hold their CRC-32; what is in
 * memory is at hand anyway.
 */
export function isWhole({ kind, size, crc32, source, whole }: ManifestFile): boolean {
  if (whole !== undefined) return whole
  if (kind === 'directory' || size === undefined || crc32 !== undefined) return false
  return source?.type === 'bytes' || size <= WHOLE_UP_TO
}

/**
 * What an archive failed with, as its user is told: with the URL of the file that it is about where
 * that is known here and not there, and why the file could not be left out if others could.
 */
export function explained(error: unknown, job: PreparedJob): unknown {
  const located = locateError(error, job)
  const mayBeLeftOut =
    isHoldallError(located) && OF_SOURCES.has(located.code) && !isNotAllowed(located)
  return mayBeLeftOut && job.plan.onError !== 'abort' ? begunAlready(located) : located
}

const OF_SOURCES: ReadonlySet<string> = new Set<ErrorCode>([
  'source-failed',
  'source-changed',
  'size-mismatch',
  'crc-mismatch',
  'sha256-mismatch',
])

function locateError(error: unknown, { files, plan }: PreparedJob): unknown {
  if (!isHoldallError(error, 'size-mismatch') && !isHoldallError(error, 'crc-mismatch'))
    return error
  const { entry, url } = error.detail
  if (url !== undefined) return error
  const source = files[plan.entries.findIndex(({ name }) => name === entry)]?.source
  if (source?.type !== 'url' && source?.type !== 'cached') return error
  const message = `${error.message} (${source.url})`
  return new HoldallError(error.code, message, { ...error.detail, url: source.url })
}
