/** Numbers that look random and are the same each time: everything in a run of chaos follows its seed. */

export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (seed * 0x9e37_79b9) | 0
  }

  /** From 0 up to 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `least` to `most`. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  /** True in `share` of all cases. */
  is(share: number): boolean {
    return this.next() < share
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)]!
  }

  bytes(length: number): Buffer<ArrayBuffer> {
    const words = new Uint32Array(Math.ceil(length / 4))
    let state = this.int(1, 0x7fff_ffff)
    for (let index = 0; index < words.length; index++) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      words[index] = state
    }
    return Buffer.from(words.buffer, 0, length)
  }
}
