// Why: what has sharp edges and few colours compresses in another way than a view does.

import { hash, hills, mix, paint, ramp, rgb, smooth } from './raster.mjs'

/** A map of hills: a line for each step up, every fifth a bold one. */
export function contours() {
  const land = ['#dfe8d5', '#efe9cf', '#e9d3a9', '#d9b78c'].map(rgb)
  const [line, lake] = [rgb('#8a5a3b'), rgb('#a8cbd6')]
  return paint(1000, 700, (x, y) => {
    const height = hills(x * 2.4 + 4, y * 2.4, 4)
    if (height < 0.3) return mix(lake, rgb('#6ea3b5'), smooth(0.3, 0.29, height) * 0.5)
    const level = height * 34
    const steep = Math.hypot(
      hills(x * 2.4 + 4.004, y * 2.4, 4) - height,
      hills(x * 2.4 + 4, y * 2.4 + 0.004, 4) - height,
    )
    const width = Math.max(steep * 22, 0.012)
    const bold = Math.round(level) % 5 === 0
    const near = Math.abs(level - Math.round(level)) / (width * (bold ? 2 : 1))
    return mix(ramp(land, (height - 0.3) * 1.9), line, smooth(1, 0.4, near) * (bold ? 0.9 : 0.55))
  })
}

/** A Julia set, coloured by how long each place resists. */
export function julia() {
  const colours = ['#0b1d2e', '#14506b', '#3fa3a0', '#f2e2b0', '#e8793f', '#7d1f35', '#0b1d2e'].map(
    rgb,
  )
  return paint(1000, 667, (x, y) => {
    let [real, imaginary] = [(x - 0.75) * 2.2, (y - 0.5) * 2.2]
    let step = 0
    for (; step < 220 && real * real + imaginary * imaginary < 64; step++) {
      const square = real * real - imaginary * imaginary - 0.7453
      imaginary = 2 * real * imaginary + 0.1127
      real = square
    }
    if (step === 220) return [0.03, 0.07, 0.11]
    const fine = step - Math.log2(Math.log2(real * real + imaginary * imaginary) / 2)
    return ramp(colours, (fine / 46) % 1)
  })
}

/** Agate: bands that were bent before they set. */
export function agate() {
  const bands = ['#20333d', '#4d7f86', '#cfe0d6', '#f5efe0', '#d8a46a', '#8f4a33', '#3a2430'].map(
    rgb,
  )
  return paint(
    1200,
    1200,
    (x, y) => {
      const bent = hills(x * 2.2, y * 2.2, 5)
      const twice = hills(x * 2 + bent * 2.4, y * 2 - bent * 1.7, 5)
      const band = twice * 2.6 + Math.hypot(x - 0.55, y - 0.5) * 1.3
      const line = Math.sin(band * 58) * 0.035
      return ramp(bands, Math.abs(((band + line + 0.2) % 2) - 1))
    },
    0.02,
  )
}

/** A window of coloured glass: each place belongs to the nearest of some points. */
export function stainedGlass() {
  const glass = ['#0f4c5c', '#e36414', '#fb8b24', '#9a031e', '#5f0f40', '#2a9d8f', '#f4d58d'].map(
    rgb,
  )
  return paint(700, 1000, (x, y) => {
    const [column, row] = [Math.floor(x * 11), Math.floor(y * 11)]
    let [first, second, chosen] = [9, 9, 0]
    for (let i = column - 1; i <= column + 1; i++) {
      for (let j = row - 1; j <= row + 1; j++) {
        const distance = Math.hypot(x * 11 - i - hash(i, j), y * 11 - j - hash(j, i + 7))
        if (distance < first) [first, second, chosen] = [distance, first, hash(i * 3, j * 5)]
        else if (distance < second) second = distance
      }
    }
    if (second - first < 0.07) return [0.06, 0.06, 0.07]
    const light =
      1.25 - Math.hypot(x - 0.35, y - 0.3) * 0.75 + (hills(x * 14, y * 14, 3) - 0.5) * 0.2
    const [r, g, b] = glass[Math.floor(chosen * glass.length) % glass.length] ?? [0, 0, 0]
    return [r * light, g * light, b * light]
  })
}

/** A planet with weather, half of it in its own shadow. */
export function planet() {
  const bands = ['#e9d8b8', '#c79a6b', '#f3e7cf', '#a8674a', '#dcb98c', '#8c5a48', '#efe0c4'].map(
    rgb,
  )
  return paint(
    1200,
    1200,
    (x, y) => {
      const [across, down] = [(x - 0.5) / 0.38, (y - 0.5) / 0.38]
      const square = across * across + down * down
      if (square > 1)
        return hash(Math.floor(x * 420), Math.floor(y * 420)) > 0.998
          ? [0.8, 0.8, 0.9]
          : [0.015, 0.02, 0.04]
      const towards = Math.sqrt(1 - square)
      const [longitude, latitude] = [Math.atan2(across, towards), Math.asin(down)]
      const swirl = hills(longitude * 3 + 9, latitude * 9, 6) - 0.5
      const fine = hills(longitude * 9 + swirl * 5, latitude * 40, 4) - 0.5
      const storm = Math.exp(-(((longitude - 0.35) * 4) ** 2) - ((latitude - 0.42) * 9) ** 2)
      const place = (latitude / Math.PI + 0.5) * 2.6 + swirl * 0.22 + fine * 0.1
      const ground = mix(ramp(bands, Math.abs((place % 2) - 1)), rgb('#b5452f'), storm * 0.85)
      const light = Math.max(0, -across * 0.66 - down * 0.25 + towards * 0.7) ** 0.8
      return [ground[0] * light, ground[1] * light, ground[2] * light]
    },
    0.015,
  )
}
