/** A file in the storage of the page's origin: written there first, then downloaded by a link. */

import { sinkFailed } from '../engine/sink-failed.ts'
import { HoldallError } from '../errors.ts'
import { messageOf } from '../sources/thrown.ts'
import { writeTo } from './file-system.ts'
import { saveByLink, takenWithin } from './link.ts'

/** The folder for archives in the origin private file system. */
const FOLDER = 'holdall'

/** Room for one archive. */
export interface PrivateFile {
  /**
   * Writes `archive` to it.
   *
   * @throws {HoldallError} `sink-failed`; what errors the archive, as it is.
   */
  write(archive: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void>
  /**
   * Has the browser download what was written, which must be `bytes` long. The room is given back when
   * the browser surely has it, or by another page, should this one be closed before.
   *
   * @throws {HoldallError} `sink-failed`; the signal's reason.
   */
  save(name: string, bytes: number, signal: AbortSignal): Promise<void>
  /** Gives the room back; to be called of what has failed. What is written still is removed when that is over. */
  free(): Promise<void>
}

/**
 * Makes room for an archive, and removes what dead pages have left.
 *
 * @param length In bytes, if it is known.
 * @throws {HoldallError} `sink-unavailable`, also for want of space.
 */
export async function makeRoom(length: number | undefined): Promise<PrivateFile> {
  const folder = await openFolder()
  let room: Room | undefined
  try {
    await removeLeftOvers(folder)
    const id = crypto.randomUUID()
    room = new Room(folder, `${id}.zip`, await hold(id))
    await room.reserve(length)
    return room
  } catch (cause) {
    await room?.free()
    throw unavailable(messageOf(cause), cause)
  }
}

/**
 * The folder that archives are in.
 *
 * @throws {HoldallError} `sink-unavailable`.
 */
export async function openFolder(): Promise<FileSystemDirectoryHandle> {
  const isThere =
    'locks' in navigator &&
    'storage' in navigator &&
    'getDirectory' in navigator.storage &&
    'createWritable' in FileSystemFileHandle.prototype
  if (!isThere) throw unavailable('this browser has none, or not on this page (HTTPS is needed)')
  try {
    const root = await navigator.storage.getDirectory()
    return await root.getDirectoryHandle(FOLDER, { create: true })
  } catch (cause) {
    throw unavailable((cause as Error).message, cause)
  }
}

class Room implements PrivateFile {
  readonly #folder: FileSystemDirectoryHandle
  readonly #name: string
  readonly #letGo: () => void
  #handle!: FileSystemFileHandle
  #writable: FileSystemWritableFileStream | undefined
  #isWriting = false
  #isFree = false

  constructor(folder: FileSystemDirectoryHandle, name: string, letGo: () => void) {
    this.#folder = folder
    this.#name = name
    this.#letGo = letGo
  }

  /** Makes the file as long as it will be: what browsers say of the space left need not be true. */
  async reserve(length: number | undefined): Promise<void> {
    this.#handle = await this.#folder.getFileHandle(this.#name, { create: true })
    this.#writable = await this.#handle.createWritable()
    if (length !== undefined) await this.#writable.truncate(length)
  }

  async write(archive: ReadableStream<Uint8Array>, signal: AbortSignal): Promise<void> {
    this.#isWriting = true
    try {
      await writeTo(this.#writable!, archive, signal)
    } finally {
      this.#isWriting = false
      if (this.#isFree) await this.free() // a file that is open could not be removed
    }
  }

  async save(name: string, bytes: number, signal: AbortSignal): Promise<void> {
    const file = await this.#handle.getFile().catch((cause: unknown) => {
      throw sinkFailed(cause)
    })
    signal.throwIfAborted()
    if (file.size !== bytes) throw notWhole(file.size, bytes)
    const taken = saveByLink(file.slice(0, bytes, 'application/zip'), name)
    void taken.then(() => this.free())
  }

  async free(): Promise<void> {
    this.#isFree = true
    // a file that is open cannot be removed
    if (!this.#isWriting) await this.#writable?.abort().catch(() => undefined)
    await remove(this.#folder, this.#name)
    if (!this.#isWriting) this.#letGo()
  }
}

/** Shows others that the archive called `id` is of a page that lives, until it is let go. */
function hold(id: string): Promise<() => void> {
  return new Promise((held, refused) => {
    const holding = navigator.locks.request(
      lockOf(id),
      () => new Promise<void>((letGo) => held(() => letGo())),
    )
    holding.catch(refused)
  })
}

/** Removes what pages have left that were closed: but what a browser may still be copying. */
async function removeLeftOvers(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const [name, handle] of folder.entries()) {
    // Chromium writes to a second file of the same name, with an extension more.
    const id = name.replace(/\..*/, '')
    await navigator.locks.request(lockOf(id), { ifAvailable: true }, async (lock) => {
      if (lock === null || (await mayBeCopied(name, handle))) return
      await remove(folder, name)
    })
  }
}

/** Whether `handle` is a whole archive (others are empty) that was handed over a short time ago. */
async function mayBeCopied(name: string, handle: FileSystemHandle): Promise<boolean> {
  if (handle.kind !== 'file' || !name.endsWith('.zip')) return false
  try {
    const { size, lastModified } = await (handle as FileSystemFileHandle).getFile()
    return size > 0 && Date.now() < lastModified + takenWithin(size)
  } catch {
    return false
  }
}

async function remove(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  try {
    await folder.removeEntry(name, { recursive: true })
  } catch {
    // Something still has it open, or another page was first: the next use finds what is left.
  }
}

function lockOf(id: string): string {
  return `holdall:file:${id}`
}

function notWhole(there: number, bytes: number): HoldallError {
  const message = `Cannot save the archive: ${there} of its ${bytes} bytes are in the site's storage; try again, with more space left on the disk`
  return new HoldallError('sink-failed', message, {})
}

function unavailable(why: string, cause?: unknown): HoldallError {
  const message = `Cannot use the origin private file system: ${why}`
  return new HoldallError('sink-unavailable', message, { sink: 'origin-private' }, { cause })
}
