/** Reads a Blob at any place, ahead: a browser takes milliseconds for each piece, and most entries are small. */

/** Read at once, in bytes. Entries that stand together in the ZIP are in one. */
const BLOCK = 2 ** 20

/** How many blocks are kept: those that are read side by side, and the next ones. */
const BLOCKS = 8

/** Bodies up to this size come out of blocks; larger ones are streams of their own. */
export const SMALL: number = BLOCK / 2

/** What zip.js reads a file by. */
export class RandomAccess {
  readonly size: number
  /** How much was read of the Blob so far, in bytes: more than was asked for. */
  bytesRead = 0
  readonly #blob: Blob
  readonly #mayRead: (bytes: number) => void
  /** By number, the one that was used last at the end. */
  readonly #blocks = new Map<number, Promise<Uint8Array>>()

  /** @param mayRead Throws if that is more than may be read in one piece, or nothing may be any more. */
  constructor(blob: Blob, mayRead: (bytes: number) => void) {
    this.size = blob.size
    this.#blob = blob
    this.#mayRead = mayRead
  }

  async readUint8Array(offset: number, size: number): Promise<Uint8Array> {
    this.#mayRead(size)
    if (size > SMALL) return this.#read(offset, size)
    const first = Math.floor(offset / BLOCK)
    const start = offset - first * BLOCK
    const block = await this.#block(first)
    if (start + size <= BLOCK) return block.slice(start, start + size)
    const next = await this.#block(first + 1)
    const [head, tail] = [block.subarray(start), next.subarray(0, start + size - BLOCK)]
    const bytes = new Uint8Array(head.length + tail.length)
    bytes.set(head)
    bytes.set(tail, head.length)
    return bytes
  }

  createReadable({ offset, size }: { offset: number; size: number }): ReadableStream<Uint8Array> {
    if (size > SMALL) return this.#blob.slice(offset, offset + size).stream()
    return new ReadableStream({
      pull: async (controller) => {
        if (size > 0) controller.enqueue(await this.readUint8Array(offset, size))
        controller.close()
      },
    })
  }

  #block(number: number): Promise<Uint8Array> {
    const block = this.#blocks.get(number) ?? this.#read(number * BLOCK, BLOCK)
    this.#blocks.delete(number)
    this.#blocks.set(number, block)
    const [oldest] = this.#blocks.keys()
    if (this.#blocks.size > BLOCKS) this.#blocks.delete(oldest!)
    return block
  }

  async #read(offset: number, size: number): Promise<Uint8Array> {
    this.bytesRead += size
    return new Uint8Array(await this.#blob.slice(offset, offset + size).arrayBuffer())
  }
}
