// Why: every picture of the album is a function from a place to a colour; this turns it into pixels.

/** @typedef {readonly [number, number, number]} Colour Red, green and blue, linear, from 0 to 1. */
/** @typedef {{ width: number, height: number, pixels: Uint8Array }} Picture Pixels: RGB, row by row. */

/**
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number) => Colour} colourAt `x` from 0 to the aspect ratio, `y` from 0 (top) to 1.
 * @param {number} [grain] How far a pixel may stray, as film does, from 0 to 1.
 * @returns {Picture}
 */
export function paint(width, height, colourAt, grain = 0) {
  const pixels = new Uint8Array(width * height * 3)
  let at = 0
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const colour = colourAt((column + 0.5) / height, (row + 0.5) / height)
      const stray = grain === 0 ? 0 : (hash(column, row) - 0.5) * grain
      for (const part of colour) pixels[at++] = Math.round(255 * clamp(part + stray))
    }
  }
  return { width, height, pixels }
}

/** @param {number} value */
export function clamp(value) {
  return value < 0 ? 0 : value > 1 ? 1 : value
}

/**
 * From 0 below `from` to 1 above `to`, without a corner.
 *
 * @param {number} from
 * @param {number} to
 * @param {number} value
 */
export function smooth(from, to, value) {
  const t = clamp((value - from) / (to - from))
  return t * t * (3 - 2 * t)
}

/**
 * @param {Colour} a
 * @param {Colour} b
 * @param {number} share Of `b`, from 0 to 1.
 * @returns {Colour}
 */
export function mix(a, b, share) {
  const t = clamp(share)
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}

/**
 * @param {readonly Colour[]} colours Evenly apart.
 * @param {number} place From 0 to 1.
 * @returns {Colour}
 */
export function ramp(colours, place) {
  const last = colours.length - 1
  const scaled = clamp(place) * last
  const index = Math.min(last - 1, Math.floor(scaled))
  const from = colours[index] ?? [0, 0, 0]
  return mix(from, colours[index + 1] ?? from, scaled - index)
}

/**
 * @param {string} hex As in CSS: `#ffc53d`.
 * @returns {Colour}
 */
export function rgb(hex) {
  const value = Number.parseInt(hex.slice(1), 16)
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255]
}

/**
 * A number from 0 to 1 that is always the same for a place, and tells nothing of its neighbours.
 *
 * @param {number} x
 * @param {number} y
 */
export function hash(x, y) {
  let h = Math.imul(x | 0, 0x27d4eb2d) ^ Math.imul(y | 0, 0x165667b1)
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return ((h ^ (h >>> 15)) >>> 0) / 0xffffffff
}

/**
 * Hills from 0 to 1, about one for each unit.
 *
 * @param {number} x
 * @param {number} y
 */
export function noise(x, y) {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const u = smooth(0, 1, x - left)
  const v = smooth(0, 1, y - top)
  const upper = hash(left, top) * (1 - u) + hash(left + 1, top) * u
  const lower = hash(left, top + 1) * (1 - u) + hash(left + 1, top + 1) * u
  return upper * (1 - v) + lower * v
}

/**
 * Hills upon hills, from 0 to 1.
 *
 * @param {number} x
 * @param {number} y
 * @param {number} [octaves]
 */
export function hills(x, y, octaves = 5) {
  let sum = 0
  let height = 0.5
  let scale = 1
  for (let octave = 0; octave < octaves; octave++) {
    sum += height * noise(x * scale + octave * 17.3, y * scale - octave * 9.1)
    height /= 2
    scale *= 2
  }
  return sum / (1 - height * 2)
}
