/** CRC-32 as ZIP uses it (APPNOTE §4.4.7: polynomial 0xEDB88320), sixteen bytes a step. */

/**
 * Sixteen tables of 256 in one array: entry `256 k + b` is the CRC of byte `b` followed by `k` zeros.
 *
 * Plain JavaScript on 32-bit words on purpose: a strict Content Security Policy forbids WebAssembly,
 * and words are over four times as fast as a byte at a time.
 */
const table = /* @__PURE__ */ makeTable()

function makeTable(): Int32Array<ArrayBuffer> {
  const values = new Int32Array(16 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
    values[byte] = crc
  }
  for (let index = 256; index < values.length; index++) {
    const previous = values[index - 256]!
    values[index] = (previous >>> 8) ^ values[previous & 255]!
  }
  return values
}

/** Below this many bytes, making a view of words costs more than it saves. */
const WORDS_FROM = 64

/**
 * The CRC-32 of `bytes`, from 0 to 2³² − 1.
 *
 * @param previous The CRC-32 of what came before, to go on from: `crc32(b, crc32(a))` is that of
 *   `a` and `b` in one.
 */
export function crc32(bytes: Uint8Array, previous = 0): number {
  const { length } = bytes
  let crc = ~previous
  let index = 0

  if (length >= WORDS_FROM) {
    const head = -bytes.byteOffset & 3
    while (index < head) crc = (crc >>> 8) ^ table[(crc ^ bytes[index++]!) & 255]!

    // Little-endian, as every machine with a JavaScript engine today is.
    const words = new Int32Array(
      bytes.buffer,
      bytes.byteOffset + index,
      ((length - index) >>> 4) << 2,
    )
    for (let word = 0; word < words.length; word += 4) {
      const a = words[word]! ^ crc
      const b = words[word + 1]!
      const c = words[word + 2]!
      const d = words[word + 3]!
      // What depends on the step before comes last: all else is ready by then.
      crc =
        table[2816 + (b & 255)]! ^
        table[2560 + ((b >>> 8) & 255)]! ^
        table[2304 + ((b >>> 16) & 255)]! ^
        table[2048 + (b >>> 24)]! ^
        table[1792 + (c & 255)]! ^
        table[1536 + ((c >>> 8) & 255)]! ^
        table[1280 + ((c >>> 16) & 255)]! ^
        table[1024 + (c >>> 24)]! ^
        table[768 + (d & 255)]! ^
        table[512 + ((d >>> 8) & 255)]! ^
        table[256 + ((d >>> 16) & 255)]! ^
        table[d >>> 24]! ^
        (table[3840 + (a & 255)]! ^
          table[3584 + ((a >>> 8) & 255)]! ^
          (table[3328 + ((a >>> 16) & 255)]! ^ table[3072 + (a >>> 24)]!))
    }
    index += words.byteLength
  }

  while (index < length) crc = (crc >>> 8) ^ table[(crc ^ bytes[index++]!) & 255]!
  return ~crc >>> 0
}
