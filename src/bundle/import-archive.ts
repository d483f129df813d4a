/** The ZIP of a bundle, read at any place by zip.js, at its strictest: what two readers could read as two is refused. */

import { ZipReader, type Entry, type FileEntry } from '@zip.js/zip.js/lib/zip-core-reader.js'
import { isHoldallError } from '../errors.ts'
import { DESCRIPTION_NAME, type BundleDescription, type BundledResponse } from './description.ts'
import { parseDescription } from './import-description.ts'
import { isSafePath } from './import-fields.ts'
import { checkLimit, checkRatio, type ImportLimits } from './import-limits.ts'
import { RandomAccess, SMALL } from './import-random-access.ts'
import { invalidBundle, mismatch, unreadable } from './import-refusals.ts'

/**
 * Without Web Workers, which zip.js would start from a `blob:` URL that many policies forbid; and without
 * CRC-32, which is compared with the description's, but for the description's own.
 */
const READING = {
  strictness: 'strict',
  checkOverlappingEntry: true,
  checkCrc32: false,
  useWebWorkers: false,
} as const

/**
 * How much may be read to list the entries: as often as the ZIP is long, and so many bytes. Each header comes with all
 * around it, so that a directory that leads to and fro in the ZIP would have it read thousands of times.
 */
const MOST_READ = { times: 4, bytes: 64 * 2 ** 20 } as const

/** A bundle that is open: its description, and the bodies in it. */
export interface OpenBundle {
  readonly description: BundleDescription
  /**
   * Writes the body of `response` to `writable`, and closes that; aborts it if the body cannot be read.
   *
   * @throws {HoldallError} `invalid-bundle`, `source-failed`.
   */
  read(response: BundledResponse, writable: WritableStream, signal: AbortSignal): Promise<void>
}

/**
 * Opens the bundle in `blob`, and makes sure that all that is described is in it, as far as its directory says.
 *
 * @param name Of the file, for messages.
 * @throws {HoldallError} `invalid-bundle`, `bundle-too-large`, `bundle-mismatch`, `source-failed`.
 */
export async function openBundle(
  blob: Blob,
  name: string,
  limits: ImportLimits,
  signal: AbortSignal,
): Promise<OpenBundle> {
  const read = async (
    entry: FileEntry,
    writable: WritableStream,
    until: AbortSignal,
  ): Promise<void> => {
    try {
      const checkCrc32 = entry.filename === DESCRIPTION_NAME
      await entry.getData(writable, { ...READING, checkCrc32, signal: until })
    } catch (error) {
      throw refusal(error, name, entry.filename)
    }
  }
  const entries = await listEntries(blob, name, limits, signal)
  const description = parseDescription(await readDescription(entries, read, limits, signal), limits)
  checkEntries(description, entries)
  return {
    description,
    read: (response, writable, until) => read(entries.get(response.path)!, writable, until),
  }
}

async function listEntries(
  blob: Blob,
  name: string,
  limits: ImportLimits,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, FileEntry>> {
  const files = new Map<string, FileEntry>()
  let count = 0
  let isListed = false
  try {
    const access = new RandomAccess(blob, (bytes) => {
      if (!isListed) signal.throwIfAborted()
      const most = MOST_READ.times * blob.size + MOST_READ.bytes
      if (!isListed && access.bytesRead > most) {
        throw invalidBundle('', 'has a directory that leads to and fro in it')
      }
      // no more at once than a directory may be, whatever the ZIP says of its own; small pieces are read of any ZIP
      if (bytes > SMALL) checkLimit('description', limits, bytes)
    })
    const reader = new ZipReader(access as never, READING)
    for await (const entry of reader.getEntriesGenerator()) {
      signal.throwIfAborted()
      checkLimit('entries', limits, ++count)
      const file = checkEntry(entry, limits)
      if (file !== undefined) files.set(file.filename, file)
    }
    isListed = true
    return files
  } catch (error) {
    throw refusal(error, name, '')
  }
}

/** `entry`, if it is a file and harmless; nothing of a folder. */
function checkEntry(entry: Entry, limits: ImportLimits): FileEntry | undefined {
  const { filename, encrypted, symlink } = entry as FileEntry
  if (!isSafePath(entry.directory ? filename.replace(/\/$/, '') : filename)) {
    throw invalidBundle(filename, 'is no path inside the ZIP')
  }
  if (entry.directory) return undefined
  if (encrypted) throw invalidBundle(filename, 'is encrypted')
  if (symlink) throw invalidBundle(filename, 'is a link')
  checkRatio(limits, entry)
  return entry
}

async function readDescription(
  entries: ReadonlyMap<string, FileEntry>,
  read: (entry: FileEntry, writable: WritableStream, signal: AbortSignal) => Promise<void>,
  limits: ImportLimits,
  signal: AbortSignal,
): Promise<string> {
  const entry = entries.get(DESCRIPTION_NAME)
  if (entry === undefined) throw invalidBundle('', `has no ${DESCRIPTION_NAME}`)
  checkLimit('description', limits, entry.uncompressedSize, DESCRIPTION_NAME)
  const bytes = new Uint8Array(entry.uncompressedSize)
  let length = 0
  const writable = new WritableStream<Uint8Array>({
    write(chunk) {
      bytes.set(chunk, length)
      length += chunk.length
    },
  })
  await read(entry, writable, signal)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw invalidBundle(DESCRIPTION_NAME, 'is not UTF-8', cause)
  }
}

/** Makes sure that each file that is described is there, and what the directory says of it is the same. */
function checkEntries(
  { start, responses }: BundleDescription,
  entries: ReadonlyMap<string, FileEntry>,
): void {
  const entryAt = (path: string): FileEntry => {
    const entry = entries.get(path)
    if (entry === undefined) throw invalidBundle(path, 'is described, and not there')
    return entry
  }
  entryAt(start)
  for (const { url, path, page, size, crc32 } of responses) {
    const entry = entryAt(path)
    if (page !== undefined) entryAt(page)
    if (entry.uncompressedSize !== size) {
      throw mismatch(url, path, 'size', size, entry.uncompressedSize)
    }
    const actual = ((entry.crc32 ?? 0) >>> 0).toString(16).padStart(8, '0')
    if (actual !== crc32) throw mismatch(url, path, 'crc32', crc32, actual)
  }
}

/** What zip.js or the file's reader throws, in a caller's terms. */
function refusal(error: unknown, name: string, entry: string): unknown {
  if (isHoldallError(error)) return error
  // a file that has changed or gone since it was chosen: the browser's own errors are DOMExceptions
  if (error instanceof DOMException) return unreadable(name, error)
  const { message } = error as Error
  return invalidBundle(entry, `cannot be read as a ZIP (${message})`, error)
}
