/** Content in stored blocks of DEFLATE (RFC 1951 §3.2.4): as it is, and yet marking its own end. */

import type { RecordWriter } from './record-writer.ts'
import { STORED_BLOCK, STORED_BLOCK_HEADER } from './records.ts'

/** Bytes that a full block takes. */
export const BLOCK_LENGTH: number = STORED_BLOCK_HEADER + STORED_BLOCK

/** The blocks of one entry: each is full but the last, and the last is known when the content ends. */
export class StoredBlocks {
  readonly #writer: RecordWriter
  /** Where the open block begins in the writer; -1 if none is open. */
  #start = -1

  constructor(writer: RecordWriter) {
    this.#writer = writer
  }

  get isOpen(): boolean {
    return this.#start >= 0
  }

  /** Bytes that the open block still takes. */
  get room(): number {
    return this.#start + BLOCK_LENGTH - this.#writer.length
  }

  /** Bytes that were written before the open block. */
  get before(): number {
    return Math.max(this.#start, 0)
  }

  open(): void {
    this.#start = this.#writer.length
    this.#writer.skip(STORED_BLOCK_HEADER)
  }

  close(last: boolean): void {
    const start = this.#start
    const length = this.#writer.length - start - STORED_BLOCK_HEADER
    this.#writer.patch8(start, last ? 1 : 0)
    this.#writer.patch16(start + 1, length)
    this.#writer.patch16(start + 3, ~length & 0xffff)
    this.#start = -1
  }

  /** Hands over what was written before the open block. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#writer.take(this.before)
    if (this.isOpen) this.#start = 0
    return taken
  }
}
