/** Little-endian fields, one after another, into a buffer that grows as needed. */

import { BufferPool } from './buffer-pool.ts'

const encoder = /* @__PURE__ */ new TextEncoder()

export class RecordWriter {
  readonly #capacity: number
  readonly #buffers: Pick<BufferPool, 'take'>
  #buffer: Uint8Array<ArrayBuffer>
  #view: DataView<ArrayBuffer>
  #length = 0

  /** @param buffers Where its buffers come from. Default: they are all new. */
  constructor(capacity: number, buffers: Pick<BufferPool, 'take'> = new BufferPool()) {
    this.#capacity = capacity
    this.#buffers = buffers
    this.#buffer = new Uint8Array(buffers.take(capacity))
    this.#view = new DataView(this.#buffer.buffer)
  }

  /** Bytes written since the last `take` or `clear`. */
  get length(): number {
    return this.#length
  }

  /** Makes room for `bytes` more. To be called before the fields of a record. */
  reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return
    const grown = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + bytes))
    grown.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = grown
    this.#view = new DataView(grown.buffer)
  }

  u8(value: number): void {
    this.#view.setUint8(this.#length, value)
    this.#length += 1
  }

  u16(value: number): void {
    this.#view.setUint16(this.#length, value, true)
    this.#length += 2
  }

  u32(value: number): void {
    this.#view.setUint32(this.#length, value, true)
    this.#length += 4
  }

  /** `value` is a safe integer, so its upper word is below 2²¹. */
  u64(value: number): void {
    this.#view.setUint32(this.#length, value % 0x1_0000_0000, true)
    this.#view.setUint32(this.#length + 4, Math.floor(value / 0x1_0000_0000), true)
    this.#length += 8
  }

  bytes(value: Uint8Array): void {
    this.#buffer.set(value, this.#length)
    this.#length += value.length
  }

  /** `value` in UTF-8; at most three bytes a UTF-16 unit must be reserved. Gives its bytes. */
  utf8(value: string): number {
    const start = this.#length
    // Most names are short and ASCII, for which a loop beats a call of encodeInto.
    if (value.length < 64) {
      let index = 0
      for (; index < value.length; index++) {
        const unit = value.charCodeAt(index)
        if (unit > 127) break
        this.#buffer[start + index] = unit
      }
      if (index === value.length) {
        this.#length += index
        return index
      }
    }
    const { written } = encoder.encodeInto(value, this.#buffer.subarray(start))
    this.#length += written
    return written
  }

  /** Writes `value` over the two bytes at `position`. */
  patch16(position: number, value: number): void {
    this.#view.setUint16(position, value, true)
  }

  /** Writes `value` over the byte at `position`. */
  patch8(position: number, value: number): void {
    this.#view.setUint8(position, value)
  }

  /** Moves the end by `bytes`, to be patched or overwritten later. */
  skip(bytes: number): void {
    this.#length += bytes
  }

  /** What was written from `start` up to now; valid until the next write. */
  written(start = 0): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(start, this.#length)
  }

  /** Forgets what was written, and keeps the buffer. */
  clear(): void {
    this.#length = 0
  }

  /**
   * Hands over the first `end` bytes, and keeps the rest.
   *
   * A buffer that is nearly full is handed over itself; of one that is not, a copy is, so that a
   * chunk of a few bytes does not hold on to a megabyte.
   */
  take(end: number = this.#length): Uint8Array<ArrayBuffer> {
    const buffer = this.#buffer
    const nearlyFull = end > this.#capacity * 0.75
    if (nearlyFull || buffer.length > this.#capacity) {
      this.#buffer = new Uint8Array(
        this.#buffers.take(Math.max(this.#capacity, this.#length - end)),
      )
      this.#view = new DataView(this.#buffer.buffer)
    }
    const taken = buffer.subarray(0, end)
    const given = nearlyFull ? taken : new Uint8Array(this.#buffers.take(end))
    if (!nearlyFull) given.set(taken)
    this.#buffer.set(buffer.subarray(end, this.#length))
    this.#length -= end
    return given
  }
}
