/** How far the entry under way is: what its source gave, and what of that the archive has. */

import { crc32 } from './crc32.ts'

/** Content taken from a source, which may be more than is in the archive yet. */
export interface Received {
  readonly bytes: number
  readonly crc32: number
}

export class Tally {
  /** Bytes of the content that are in the archive, and their CRC-32. */
  position = 0
  crc = 0
  #received: Received = { bytes: 0, crc32: 0 }

  get received(): Received {
    return this.#received
  }

  /** Begins an entry at `position`, to which its content has the CRC-32 `crc`. */
  begin(position = 0, crc = 0): void {
    this.position = position
    this.crc = crc
    this.#received = { bytes: position, crc32: crc }
  }

  receive(bytes: Uint8Array): void {
    const { bytes: before, crc32: crc } = this.#received
    this.#received = { bytes: before + bytes.length, crc32: crc32(bytes, crc) }
  }

  /** All that was received is in what will be given next. */
  give(): void {
    this.position = this.#received.bytes
    this.crc = this.#received.crc32
  }
}
