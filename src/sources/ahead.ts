/** Opens sources before their turn, a bounded way ahead, so that no request is waited for in line. */

import type { ManifestFile } from '../manifest/types.ts'
import type { Content } from '../zip/encode.ts'
import { openSource } from './open.ts'
import { collect } from './read-stream.ts'

/** Files up to this size (bytes) are read whole before their turn, and larger ones only opened. */
export const WHOLE_UP_TO: number = 256 * 1024

/** What is known of a file's size and whether its content is wanted in one piece. */
export interface Wanted {
  readonly file: ManifestFile
  readonly whole: boolean
}

/**
 * The contents of `files`, opened in order.
 *
 * Of files that are wanted whole, `concurrency` are fetched at once. A larger one is opened when it
 * is next in line, and read when its turn has come: an open body that nobody reads is held back by
 * the network, not by memory.
 */
export class Ahead {
  readonly #files: readonly Wanted[]
  readonly #concurrency: number
  readonly #signal: AbortSignal
  readonly #opened = new Map<number, Promise<Content>>()
  /** The first file that was not looked at yet. */
  #next = 0
  /** Whether the last file looked at is a large one that has not been taken. */
  #held = false

  constructor(files: readonly Wanted[], concurrency: number, signal: AbortSignal) {
    this.#files = files
    this.#concurrency = concurrency
    this.#signal = signal
  }

  /** The content of the file at `index`, from byte `position` on; and those after it get under way. */
  open(index: number, position: number): Content | Promise<Content> {
    const { file, whole } = this.#files[index]!
    const opened = this.#opened.get(index)
    this.#opened.delete(index)
    const content = opened ?? this.#open(file, whole, position)
    if (index + 1 >= this.#next) {
      this.#next = index + 1
      this.#held = false
    }
    this.#lookAhead()
    return content
  }

  #lookAhead(): void {
    while (this.#next < this.#files.length && this.#opened.size < this.#concurrency) {
      if (this.#held) return
      const index = this.#next++
      const { file, whole } = this.#files[index]!
      const { source } = file
      if (source === undefined || source.type === 'bytes') continue
      this.#held = !whole
      // Streams and functions are the page's, and are asked in their turn.
      if (source.type === 'stream' || source.type === 'thunk') continue
      const content = Promise.resolve(this.#open(file, whole, 0))
      content.catch(() => undefined) // whoever takes it in its turn gets the error
      this.#opened.set(index, content)
    }
  }

  #open(file: ManifestFile, whole: boolean, position: number): Content | Promise<Content> {
    const { source } = file
    if (source?.type === 'bytes') return source.bytes.subarray(position)
    return whole ? this.#readWhole(file, position) : openSource(file, position, this.#signal)
  }

  async #readWhole(file: ManifestFile, position: number): Promise<Content> {
    const content = await openSource(file, position, this.#signal)
    if (content instanceof Uint8Array) return content
    return collect(content as AsyncIterable<Uint8Array>, (file.size ?? 0) - position)
  }
}
