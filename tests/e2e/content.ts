/** Content of any size that is told apart at every place, and costs next to nothing to make. */

const BLOCK = 1024 * 1024

/** A block of pseudo-random bytes (xorshift32), the same on every machine. */
const pattern = ((): Buffer => {
  const words = new Uint32Array(BLOCK / 4)
  let state = 0x9e3779b9
  for (let index = 0; index < words.length; index++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[index] = state
  }
  return Buffer.from(words.buffer)
})()

/**
 * The `size` bytes of the file called `seed`, from `start` on, in chunks of up to 1 MiB that own
 * their buffers. Each block begins with its number and the seed and is turned by an odd number of
 * bytes against the one before, so that no piece passes for another of the same place in a block.
 */
export function* content(seed: number, size: number, start = 0): Generator<Buffer<ArrayBuffer>> {
  for (let at = start; at < size;) {
    const number = Math.floor(at / BLOCK)
    const turn = (number * 81_007 + seed * 15_013) % BLOCK
    const block = Buffer.allocUnsafeSlow(BLOCK) as Buffer<ArrayBuffer>
    pattern.copy(block, 0, turn)
    pattern.copy(block, BLOCK - turn, 0, turn)
    block.writeUInt32LE(number, 0)
    block.writeUInt32LE(seed, 4)
    const offset = at % BLOCK
    const chunk = block.subarray(offset, Math.min(BLOCK, size - at + offset))
    at += chunk.length
    yield chunk
  }
}

/** All of it at once; for small files. */
export function wholeContent(seed: number, size: number): Buffer {
  return Buffer.concat([...content(seed, size)])
}
