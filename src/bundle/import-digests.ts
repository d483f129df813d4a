/** A body on its way from the ZIP to the browser's storage: it gets there whole only if it is what was announced. */

import { sha256 } from '@noble/hashes/sha2.js'
import type { HoldallError } from '../errors.ts'
import { hexadecimal } from '../sources/digest.ts'
import { crc32 } from '../zip/crc32.ts'
import type { BundledResponse } from './description.ts'
import { mismatch } from './import-refusals.ts'

/**
 * A pair of streams, compared with the description as bytes pass.
 *
 * Browsers tell whoever stores a stream that failed of that in words of their own. So what was wrong is kept here.
 */
export class CheckedBody {
  readonly writable: WritableStream<Uint8Array>
  /** Fails, instead of ending, if what was written is another body. */
  readonly readable: ReadableStream<Uint8Array>
  /** Why the writer was refused, or gave up. */
  problem: HoldallError | 'given-up' | undefined
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>
  #pipe!: TransformStreamDefaultController<Uint8Array>
  readonly #planned: BundledResponse
  readonly #hash = sha256.create()
  #crc = 0
  #size = 0

  /** @param passed Told of the bytes of each chunk. */
  constructor(planned: BundledResponse, passed: (bytes: number) => void) {
    const pipe = new TransformStream<Uint8Array, Uint8Array>({
      start: (controller) => {
        this.#pipe = controller
      },
    })
    this.#planned = planned
    this.#writer = pipe.writable.getWriter()
    this.#writer.closed.catch(() => undefined)
    this.readable = pipe.readable
    this.writable = new WritableStream({
      write: async (chunk) => {
        this.#add(chunk)
        await this.#writer.write(chunk)
        passed(chunk.length)
      },
      close: async () => {
        this.#compare()
        await this.#writer.close()
      },
      abort: (reason) => this.giveUp(reason),
    })
  }

  /** For who writes, and cannot go on. */
  giveUp(reason: unknown): void {
    this.problem ??= 'given-up'
    this.fail(reason)
  }

  /** Fails both ends, for who waits at one of them. */
  fail(reason: unknown): void {
    // not by the writer: its abort() waits for the write under way, which waits for a reader
    this.#pipe.error(reason)
  }

  #add(chunk: Uint8Array): void {
    this.#size += chunk.length
    // at once, as what unpacks to more than it should may have no end
    if (this.#size > this.#planned.size) this.#refuse('size', this.#size)
    this.#hash.update(chunk)
    this.#crc = crc32(chunk, this.#crc)
  }

  #compare(): void {
    const { size, crc32: crc, sha256: sha } = this.#planned
    const digest = hexadecimal(this.#hash.digest())
    if (this.#size !== size) this.#refuse('size', this.#size)
    const actual = this.#crc.toString(16).padStart(8, '0')
    if (actual !== crc) this.#refuse('crc32', actual)
    if (digest !== sha) this.#refuse('sha256', digest)
  }

  #refuse(field: 'size' | 'crc32' | 'sha256', actual: number | string): never {
    const { url, path, [field]: planned } = this.#planned
    const problem = mismatch(url, path, field, planned, actual)
    this.problem = problem
    this.fail(problem)
    throw problem
  }
}
