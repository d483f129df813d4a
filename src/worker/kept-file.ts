/** A file that keeps what was written of it when its page or browser dies, so that it can be gone on with. */

import { crc32 } from '../zip/crc32.ts'
import { LOCAL_FILE_HEADER } from '../zip/records.ts'

/** What a browser has on disk of a file: who finds the same there goes on with it. */
export interface Kept {
  readonly bytes: number
  /** Of these bytes. */
  readonly crc32: number
}

/** Before so many bytes, or ms, nothing is kept. */
const FIRST_BYTES = 64 * 1024 * 1024
const FIRST_AFTER = 5000

/** The part of the time that keeping may take. */
const SHARE = 1 / 20

/** It is kept in any case when it has grown so many times as large: what that costs is bounded by its size. */
const GROWTH = 4

/** How often a file that could not be emptied is tried again, in ms, and how often at most. */
const TRIED_EVERY = 100
const MOST_TRIES = 20

/** Bytes that are read at once. */
const READ = 8 * 1024 * 1024

/** Where an archive begins: written last, as what has none is taken for an archive by nobody. */
const SIGNATURE = 4

/**
 * Browsers write to a copy of a file, which they drop when they die. So now and then it is closed, which puts
 * the copy in the file's place, and opened again, which makes another copy of it.
 */
export class KeptFile {
  readonly #handle: FileSystemFileHandle
  #writable: FileSystemWritableFileStream | undefined
  #bytes: number
  #crc: number
  #kept: number
  /** Whether what is in its place is no part: all of an archive, or somebody else's. It stays until there is a whole one. */
  #isOther = false
  /** When it was kept last. */
  #since = performance.now()
  /** What it took to keep a byte, in ms. */
  #price = 0

  private constructor(handle: FileSystemFileHandle, kept: Kept) {
    this.#handle = handle
    this.#bytes = kept.bytes
    this.#kept = kept.bytes
    this.#crc = kept.crc32
  }

  /** Begins it anew; what was there stays until something is kept. */
  static async create(handle: FileSystemFileHandle): Promise<KeptFile> {
    const file = new KeptFile(handle, { bytes: 0, crc32: 0 })
    file.#writable = await handle.createWritable()
    return file
  }

  /**
   * Goes on with what was kept, if that is what is there: all of it is read, as times and lengths prove nothing.
   * More may be there, of who died before that was noted.
   */
  static async reopen(
    handle: FileSystemFileHandle,
    kept: Kept,
    signal: AbortSignal,
  ): Promise<KeptFile | undefined> {
    const there = await handle.getFile()
    if (there.size < kept.bytes) return undefined
    let crc = 0
    for (let at = 0; at < kept.bytes; at += READ) {
      signal.throwIfAborted()
      const end = Math.min(at + READ, kept.bytes)
      const bytes = new Uint8Array(await there.slice(at, end).arrayBuffer())
      crc = crc32(at === 0 ? bytes.fill(0, 0, SIGNATURE) : bytes, crc)
    }
    if (crc !== kept.crc32) return undefined
    const file = new KeptFile(handle, kept)
    file.#isOther = !(await isPart(there))
    await file.#open(there)
    await file.#cut()
    return file
  }

  /** What was kept, to be left as it is or discarded. */
  static async left(handle: FileSystemFileHandle, kept: Kept): Promise<KeptFile> {
    const file = new KeptFile(handle, kept)
    file.#isOther = await handle.getFile().then(
      async (there) => !(await isPart(there)),
      () => true, // it was removed
    )
    return file
  }

  /**
   * Whether a part of it is in the file's place, rather than what was there before. What has a signature is no part of
   * the archive, but another file, or all of it: of that, nothing is taken away.
   */
  get isKept(): boolean {
    return this.#kept > 0 && !this.#isOther
  }

  /** Whether it is time to keep it: much has come since, and it will not take long. */
  get isDue(): boolean {
    if (this.#isOther) return false
    const time = performance.now() - this.#since
    if (this.#kept === 0)
      return this.#bytes >= FIRST_BYTES || (this.#bytes > 0 && time >= FIRST_AFTER)
    if (time < FIRST_AFTER && this.#bytes - this.#kept < FIRST_BYTES) return false
    return this.#bytes >= GROWTH * this.#kept || this.#bytes * this.#price <= SHARE * time
  }

  async write(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    const held = Math.max(0, SIGNATURE - this.#bytes)
    const data = held === 0 ? chunk : chunk.slice().fill(0, 0, held)
    this.#bytes += chunk.length
    this.#crc = crc32(data, this.#crc)
    await this.#writable!.write(data)
  }

  /**
   * Keeps all that was written.
   *
   * @param note Told what to go on with it by, as soon as that is so.
   */
  async keep(note: (kept: Kept) => Promise<void>): Promise<void> {
    const start = performance.now()
    await this.#writable!.close()
    this.#kept = this.#bytes
    const there = await this.#handle.getFile()
    if (there.size !== this.#bytes) throw this.#replaced()
    await note({ bytes: this.#bytes, crc32: this.#crc })
    await this.#open(there)
    this.#since = performance.now()
    this.#price = (this.#since - start) / this.#bytes
  }

  /** Nothing more comes: it is the file, and whole. */
  async close(): Promise<void> {
    const data = new DataView(new ArrayBuffer(SIGNATURE))
    data.setUint32(0, LOCAL_FILE_HEADER, true)
    await this.#writable!.write({ type: 'write', position: 0, data })
    await this.#writable!.close()
  }

  /** Drops what was written since it was kept. */
  async abort(): Promise<void> {
    await this.#writable?.abort().catch(() => undefined)
  }

  /** Nobody will go on with it: nothing of it shall be taken for the archive. */
  async discard(): Promise<void> {
    await this.abort()
    if (!this.isKept) return
    for (let tries = 1; ; tries++) {
      try {
        const empty = await this.#handle.createWritable()
        return await empty.close()
      } catch (error) {
        // Chromium gives back the room of a copy some time after that was dropped; until then, nothing can be written.
        if (tries === MOST_TRIES) throw error
        await new Promise((resolve) => setTimeout(resolve, TRIED_EVERY))
      }
    }
  }

  /** Takes away what is not in `bytes`: what comes after, and the signature. */
  async #cut(): Promise<void> {
    const data = new Uint8Array(SIGNATURE)
    await this.#writable!.write({ type: 'write', position: 0, data })
    await this.#writable!.truncate(this.#bytes)
    await this.#writable!.seek(this.#bytes)
  }

  /** @param known What was in the file when it was known to be what was kept: the copy must be of that. */
  async #open(known: File): Promise<void> {
    this.#writable = undefined // if it cannot be, there is none
    this.#writable = await this.#handle.createWritable({ keepExistingData: true })
    const { size, lastModified } = await this.#handle.getFile()
    if (size !== known.size || lastModified !== known.lastModified) throw this.#replaced()
    await this.#writable.seek(this.#bytes)
  }

  /** The error for a file that somebody else has written to: it is theirs now, and stays as it is. */
  #replaced(): Error {
    this.#isOther = true
    return new Error('another page or program has written to the file meanwhile')
  }
}

/** Whether `file` is a part of an archive, rather than all of it, or another file. */
export async function isPart(file: Blob): Promise<boolean> {
  const start = await file.slice(0, SIGNATURE).arrayBuffer()
  return new Uint8Array(start).every((byte) => byte === 0)
}
