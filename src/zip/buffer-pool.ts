/** Buffers that were used, to be used again: garbage of a gigabyte a few seconds costs memory, as it is not collected at once. */

/** Bytes that are kept at most: of what is under way at once, there is no more. */
const MOST = 8 * 1024 * 1024

/** Below this many bytes, a buffer costs less than to look for one. */
const KEPT_FROM = 64 * 1024

export class BufferPool {
  /** From the one that has waited longest. */
  readonly #spare: ArrayBuffer[] = []
  #bytes = 0

  /** A buffer of just `byteLength` bytes, with anything in them. */
  take(byteLength: number): ArrayBuffer {
    const index = this.#spare.findLastIndex((buffer) => buffer.byteLength === byteLength)
    const [found] = index < 0 ? [] : this.#spare.splice(index, 1)
    if (found === undefined) return new ArrayBuffer(byteLength)
    this.#bytes -= byteLength
    return found
  }

  /** Keeps `buffer`, which must be nobody else's any more. */
  give(buffer: ArrayBuffer): void {
    const { byteLength } = buffer
    if (byteLength < KEPT_FROM || byteLength > MOST) return
    this.#spare.push(buffer)
    this.#bytes += byteLength
    // A length that nobody asks for any more makes room for those that are.
    while (this.#bytes > MOST) this.#bytes -= this.#spare.shift()!.byteLength
  }
}
