// Why: an album without a JPEG is none. Baseline, 4:4:4, with the tables of the standard's Annex K.

/** Where the coefficient that comes n-th in the file is in its block of 8 × 8 (figure A.6). */
const ZIGZAG = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20,
  13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52,
  45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]

/** Quantization for luminance (table K.1), row by row. */
const QUANTIZATION = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
  92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
]

/** How many codes there are of each length from 1 to 16, then what they stand for (K.3 and K.5). */
const DC_COUNTS = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
const DC_VALUES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const AC_COUNTS = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d]
const AC_VALUES = [
  ...Buffer.from(
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a2526' +
      '2728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a8384' +
      '85868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4' +
      'd5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
    'hex',
  ),
]

/** Cosines of the transform (A.3.3): the n-th frequency at the n-th sample. */
const COSINES = Array.from({ length: 64 }, (_, index) => {
  const frequency = index >> 3
  const scale = frequency === 0 ? Math.SQRT1_2 / 2 : 0.5
  return scale * Math.cos(((2 * (index & 7) + 1) * frequency * Math.PI) / 16)
})

/**
 * @param {import('./raster.mjs').Picture} picture
 * @param {number} quality From 50 (small) to 100 (large).
 * @returns {Buffer}
 */
export function encodeJpeg({ width, height, pixels }, quality) {
  const scale = (200 - quality * 2) / 100
  const steps = QUANTIZATION.map((step) => Math.max(1, Math.round(step * scale)))
  const bits = new BitWriter()
  const dc = codes(DC_COUNTS, DC_VALUES)
  const ac = codes(AC_COUNTS, AC_VALUES)
  const previous = [0, 0, 0]
  for (let top = 0; top < height; top += 8) {
    for (let left = 0; left < width; left += 8) {
      const blocks = blockAt(width, height, pixels, left, top)
      for (const [channel, block] of blocks.entries()) {
        const values = quantized(block, steps)
        const [mean = 0] = values
        writeBlock(bits, dc, ac, mean - (previous[channel] ?? 0), values)
        previous[channel] = mean
      }
    }
  }
  return Buffer.concat([headers(width, height, steps), bits.end(), Buffer.from([0xff, 0xd9])])
}

/**
 * @param {number} width
 * @param {number} height
 * @param {readonly number[]} steps
 */
function headers(width, height, steps) {
  const components = [1, 2, 3]
  const size = [height >> 8, height & 255, width >> 8, width & 255]
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    segment(0xdb, [0, ...ZIGZAG.map((place) => steps[place] ?? 1)]),
    segment(0xc0, [8, ...size, 3, ...components.flatMap((id) => [id, 0x11, 0])]),
    segment(0xc4, [0x00, ...DC_COUNTS, ...DC_VALUES, 0x10, ...AC_COUNTS, ...AC_VALUES]),
    segment(0xda, [3, ...components.flatMap((id) => [id, 0]), 0, 63, 0]),
  ])
}

/**
 * @param {number} marker
 * @param {readonly number[]} data
 */
function segment(marker, data) {
  const length = data.length + 2
  return Buffer.from([0xff, marker, length >> 8, length & 255, ...data])
}

/**
 * Luminance and the two chrominances of 8 × 8 pixels, the picture's edges repeated.
 *
 * @param {number} width
 * @param {number} height
 * @param {Uint8Array} pixels
 * @param {number} left
 * @param {number} top
 */
function blockAt(width, height, pixels, left, top) {
  const blocks = [new Float64Array(64), new Float64Array(64), new Float64Array(64)]
  for (let at = 0; at < 64; at++) {
    const row = Math.min(height - 1, top + (at >> 3))
    const column = Math.min(width - 1, left + (at & 7))
    const [r = 0, g = 0, b = 0] = pixels.subarray((row * width + column) * 3)
    const y = 0.299 * r + 0.587 * g + 0.114 * b
    const values = [y - 128, (b - y) * 0.564, (r - y) * 0.713]
    for (const [channel, value] of values.entries()) {
      const block = blocks[channel]
      if (block) block[at] = value
    }
  }
  return blocks
}

/**
 * The block's frequencies, in the order of the file, divided by their steps.
 *
 * @param {Float64Array} block
 * @param {readonly number[]} steps
 */
function quantized(block, steps) {
  const values = transformed(transformed(block))
  return ZIGZAG.map((place) => Math.round((values[place] ?? 0) / (steps[place] ?? 1)))
}

/**
 * One dimension of the transform, turned: twice is both dimensions.
 *
 * @param {Float64Array} block
 */
function transformed(block) {
  const result = new Float64Array(64)
  for (let frequency = 0; frequency < 8; frequency++) {
    for (let row = 0; row < 8; row++) {
      let sum = 0
      for (let n = 0; n < 8; n++)
        sum += (block[row * 8 + n] ?? 0) * (COSINES[frequency * 8 + n] ?? 0)
      result[frequency * 8 + row] = sum
    }
  }
  return result
}

/** @typedef {Map<number, readonly [code: number, length: number]>} Codes */

/**
 * @param {readonly number[]} counts
 * @param {readonly number[]} values
 * @returns {Codes}
 */
function codes(counts, values) {
  /** @type {Codes} */
  const table = new Map()
  let code = 0
  let next = 0
  for (const [index, count] of counts.entries()) {
    for (let n = 0; n < count; n++) table.set(values[next++] ?? 0, [code++, index + 1])
    code <<= 1
  }
  return table
}

/**
 * @param {BitWriter} bits
 * @param {Codes} dc
 * @param {Codes} ac
 * @param {number} difference Of the mean from the block's before.
 * @param {readonly number[]} values
 */
function writeBlock(bits, dc, ac, difference, values) {
  bits.number(dc, 0, difference)
  const last = values.findLastIndex((value) => value !== 0)
  let zeros = 0
  for (const value of values.slice(1, last + 1)) {
    if (value === 0) {
      zeros++
      continue
    }
    for (; zeros > 15; zeros -= 16) bits.code(ac, 0xf0)
    bits.number(ac, zeros, value)
    zeros = 0
  }
  if (last < 63) bits.code(ac, 0x00)
}

class BitWriter {
  /** @type {number[]} */
  #bytes = []
  #bits = 0
  #length = 0

  /**
   * @param {Codes} table
   * @param {number} symbol
   */
  code(table, symbol) {
    const [code, length] = table.get(symbol) ?? [0, 0]
    this.#write(code, length)
  }

  /**
   * How many zeros come before, how many bits the number has, and these.
   *
   * @param {Codes} table
   * @param {number} zeros
   * @param {number} value
   */
  number(table, zeros, value) {
    const length = 32 - Math.clz32(Math.abs(value))
    this.code(table, zeros * 16 + length)
    this.#write(value < 0 ? value + 2 ** length - 1 : value, length)
  }

  end() {
    this.#write(0x7f, 7)
    return Buffer.from(this.#bytes)
  }

  /**
   * @param {number} value
   * @param {number} length
   */
  #write(value, length) {
    for (let bit = length - 1; bit >= 0; bit--) {
      this.#bits = (this.#bits << 1) | ((value >> bit) & 1)
      if (++this.#length < 8) continue
      this.#bytes.push(this.#bits)
      if (this.#bits === 0xff) this.#bytes.push(0)
      this.#bits = 0
      this.#length = 0
    }
  }
}
