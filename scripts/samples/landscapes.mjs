// Why: an album wants views. Each is light, distance and a few lines of hills.

import { clamp, hash, hills, mix, noise, paint, ramp, rgb, smooth } from './raster.mjs'

/** @typedef {import('./raster.mjs').Colour} Colour */

/** Seven ridges, each paler the farther it is, before the sun comes over them. */
export function ridgeAtDawn() {
  const sky = ['#3d5a80', '#8fa6c0', '#f0cfae', '#f7b58a'].map(rgb)
  const [haze, near, sun] = [rgb('#e9b999'), rgb('#14222b'), rgb('#fff3d6')]
  const ridges = 7
  return paint(
    1500,
    1000,
    (x, y) => {
      for (let ridge = ridges - 1; ridge >= 0; ridge--) {
        const depth = ridge / (ridges - 1)
        const rough = hills(x * (1.3 + depth * 2.2) + ridge * 31, ridge * 7, 8)
        const crest = 0.44 + depth * 0.42 - (rough - 0.42) * (0.34 - depth * 0.1)
        if (y > crest)
          return mix(mix(haze, near, depth ** 0.8), haze, (y - crest) * 1.6 * (1 - depth))
      }
      const glow = Math.exp(-Math.hypot(x - 1.02, (y - 0.46) * 1.3) * 5)
      return mix(ramp(sky, y * 1.9), sun, glow * 0.9)
    },
    0.03,
  )
}

/** Dunes: a lit and a shaded side to each, and the ripples that the wind leaves. */
export function dunes() {
  const [lit, shade, sky, far] = [rgb('#f2b56b'), rgb('#7c3f2c'), rgb('#bfd4dc'), rgb('#e8c7a0')]
  return paint(
    1500,
    1000,
    (x, y) => {
      for (let dune = 4; dune >= 0; dune--) {
        const depth = dune / 4
        const at = x * (0.9 + (1 - depth) * 1.4) + dune * 3.7
        const crest = 0.4 + depth * 0.36 - Math.sin(at * 2.1 + hills(at, dune, 3)) * 0.09
        if (y < crest) continue
        const below = y - crest
        const edge = Math.sin(at * 2.1 + 1.25 + below * 5) * 0.5 + 0.5
        const ripple = Math.sin((below * 160 + hills(x * 4, y * 9, 4) * 26) * (1.2 - depth * 0.5))
        const light = smooth(0.28, 0.52, edge) * 0.85 + ripple * 0.05 * depth - below * 0.4
        return mix(far, mix(shade, lit, light), 0.35 + depth * 0.65)
      }
      return mix(sky, far, smooth(0, 0.42, y))
    },
    0.035,
  )
}

/** Curtains of light over spruces. */
export function northernLights() {
  const night = ['#050a18', '#0b1b33', '#12343f'].map(rgb)
  const [green, violet] = [rgb('#5ff2a5'), rgb('#7a4fd0')]
  return paint(
    1500,
    1000,
    (x, y) => {
      const tree = Math.abs(((x * 26) % 1) - 0.5)
      const height = 0.05 + hash(Math.floor(x * 26), 3) * 0.12
      if (y > 0.93 - height + tree * height * 1.9 + hills(x * 90, y * 60, 2) * 0.03)
        return [0.01, 0.02, 0.03]
      const star = hash(Math.floor(x * 460), Math.floor(y * 460))
      /** @type {Colour} */
      let colour = mix(ramp(night, y), [1, 1, 1], star > 0.9985 ? (1 - y) * 0.8 : 0)
      for (let curtain = 0; curtain < 3; curtain++) {
        const fold = hills(x * 1.5 + curtain * 5, curtain * 3 + y * 0.25, 4)
        const foot = 0.78 - curtain * 0.14 - fold * 0.42 + Math.sin(x * 3 + curtain) * 0.07
        const above = foot - y
        const ray = 0.45 + 0.55 * noise(x * 42 + fold * 30, curtain)
        const light = above < 0 ? Math.exp(above * 60) : Math.exp(-above * 5.5)
        colour = mix(colour, mix(green, violet, above * 2.2), light * ray * 0.72)
      }
      return colour
    },
    0.03,
  )
}

/** The moon, and its road over still water. */
export function stillWater() {
  const [top, low, moon] = [rgb('#101a35'), rgb('#6b7a9c'), rgb('#fdf6dd')]
  const horizon = 0.56
  /** @param {number} x @param {number} y @returns {Colour} */
  const above = (x, y) => {
    const distance = Math.hypot(x - 0.95, y - 0.27)
    const hill = 0.535 - hills(x * 2.4, 5, 6) * 0.09
    if (y > hill) return mix([0.05, 0.07, 0.13], low, 0.15)
    const sky = mix(top, low, smooth(0, horizon, y) ** 1.5)
    const cloud = smooth(0.5, 0.8, hills(x * 1.6, y * 7 + 2, 6)) * 0.4
    const disc = smooth(0.072, 0.069, distance) + Math.exp(-distance * 7) * 0.45
    return mix(mix(sky, low, cloud), moon, disc)
  }
  return paint(
    1500,
    1000,
    (x, y) => {
      if (y < horizon) return above(x, y)
      const depth = (y - horizon) / (1 - horizon)
      const wave = hills(x * (4 + 10 * (1 - depth)), 60 / (0.25 + depth * 2.5), 3) - 0.5
      const mirrored = above(x + wave * 0.16 * depth, clamp(horizon * 2 - y + wave * 0.3 * depth))
      const road =
        Math.exp(-Math.abs(x - 0.95 + wave * 0.5) * (9 - depth * 5)) * (wave > 0 ? 0.65 : 0.1)
      return mix(mix(mirrored, top, 0.3 + depth * 0.2), moon, road)
    },
    0.025,
  )
}

/** A wet road at night, lamps on both sides, and their light in it. */
export function nightRoad() {
  const [sky, asphalt, lamp, tail] = [
    rgb('#0c1322'),
    rgb('#161c28'),
    rgb('#ffc873'),
    rgb('#ff4a3d'),
  ]
  return paint(900, 600, (x, y) => {
    const [across, down] = [x - 0.75, y - 0.45]
    /** @type {Colour} */
    let colour = down < 0 ? mix(sky, rgb('#31324a'), smooth(-0.45, 0, down)) : asphalt
    if (down > 0) {
      const distance = 0.12 / (down + 0.012)
      const lane = Math.abs(across / (down + 0.004))
      if (lane < 0.035 && distance % 0.5 < 0.25) colour = mix(colour, [0.9, 0.9, 0.85], 0.7)
      if (lane > 1.5) colour = mix(colour, rgb('#080b12'), 0.8)
    }
    for (let number = 1; number < 12; number++) {
      const near = 0.62 / number
      for (const side of [-1, 1]) {
        const [at, height] = [side * near * 1.25, -near * 0.62]
        const light = Math.exp(
          -Math.hypot(across - at, down - height) * (46 / (near + 0.12)) * 0.25,
        )
        colour = mix(colour, lamp, light * 0.95)
        const pole = Math.abs(across - at) < near * 0.012 && down > height && down < near * 0.15
        if (pole) colour = mix(colour, [0.02, 0.02, 0.03], 0.9)
        if (down <= 0) continue
        const glint = Math.exp(-Math.abs(across - at * (1 + down)) * (14 + number * 6))
        const wet = 0.35 + 0.65 * noise(x * 30, y * 240)
        colour = mix(colour, lamp, glint * wet * Math.exp(-down * 3) * 0.5)
      }
    }
    for (const at of [-0.045, -0.015]) {
      colour = mix(colour, tail, Math.exp(-Math.hypot(across - at, down - 0.02) * 130))
    }
    return colour
  })
}

/** Mount Fuji as on a woodcut: three colours of mountain, a band of cloud, a red sun. */
export function fuji() {
  const [paper, dusk, sun] = [rgb('#f1e4cc'), rgb('#d98a63'), rgb('#c8402f')]
  const [rock, snow, wood] = [rgb('#34566b'), rgb('#f7f3ea'), rgb('#203a35')]
  return paint(1000, 667, (x, y) => {
    const grain = hills(x * 3, y * 60, 3) * 0.05
    const forest = 0.84 - hills(x * 9, 2, 5) * 0.09
    if (y > forest) return mix(wood, [0, 0, 0], grain + (y - forest) * 1.4)
    const cloud = Math.sin(y * 60 + hills(x * 2, 1, 3) * 6) * smooth(0.06, 0, Math.abs(y - 0.63))
    if (cloud > 0.35) return mix(paper, [1, 1, 1], 0.3 + grain)
    const slope = 0.2 + Math.abs(x - 0.78) ** 1.35 * 0.92
    const summit = Math.max(slope, 0.225 + hills(x * 30, 4, 2) * 0.014)
    if (y > summit) {
      const line = 0.34 + hills(x * 16, 8, 4) * 0.16 - Math.abs(x - 0.78) * 0.1
      return y < line
        ? mix(snow, rock, grain * 2)
        : mix(rock, dusk, smooth(0.4, 0.85, y) * 0.35 + grain)
    }
    if (Math.hypot(x - 1.2, y - 0.26) < 0.095) return mix(sun, paper, grain)
    return mix(mix(paper, dusk, smooth(0.1, 0.75, y) * 0.75), [1, 1, 1], grain)
  })
}

/** Birches in the fog, the near ones with their marks. */
export function birches() {
  const [fog, bark, mark, floor] = [rgb('#cfd8d3'), rgb('#f3f1ea'), rgb('#2a2c2b'), rgb('#6f6a3f')]
  return paint(
    1100,
    1500,
    (x, y) => {
      for (let row = 5; row >= 0; row--) {
        const depth = row / 5
        const spacing = 0.055 + depth * 0.16
        const cell = Math.floor(x / spacing)
        const centre = (cell + 0.25 + hash(cell, row) * 0.5) * spacing
        const lean = (hash(cell, row + 40) - 0.5) * 0.06 * (1 - y)
        const width = (0.006 + depth * 0.024) * (0.7 + y * 0.4)
        const across = (x - centre - lean) / width
        const foot = 0.7 + depth * 0.22
        if (Math.abs(across) > 1 || y > foot || hash(cell, row + 9) < 0.25) continue
        const ring = hills(x * 14 + cell * 7, y * 70 + row * 5, 3)
        const dark = smooth(0.56, 0.64, ring + Math.abs(across) * 0.08) * 0.85
        const trunk = mix(bark, mark, Math.max(dark, smooth(0.1, 1.3, across) * 0.5))
        return mix(fog, trunk, 0.12 + depth * 0.88)
      }
      const leaves = smooth(0.5, 0.75, hills(x * 11, y * 11, 6)) * smooth(0.5, 0, y)
      const ground = smooth(0.68, 1, y + hills(x * 8, y * 20, 5) * 0.12)
      return mix(mix(fog, rgb('#a9b07a'), leaves * 0.7), floor, ground)
    },
    0.04,
  )
}

/** A coast in the rain, wave behind wave. */
export function coastInTheRain() {
  const sea = ['#93a7ad', '#5c7c85', '#2f5560', '#173640'].map(rgb)
  const foam = rgb('#e7eeec')
  return paint(900, 600, (x, y) => {
    const rain = smooth(0.86, 1, noise(x * 170 + y * 34, y * 8)) * 0.22
    for (let wave = 8; wave >= 0; wave--) {
      const depth = wave / 8
      const at = x * (7 - depth * 4.6) + wave * 2.3
      const swell = Math.sin(at) * 0.5 + Math.sin(at * 2.3 + wave) * 0.2 + hills(at * 2, wave, 4)
      const crest = 0.4 + depth ** 1.4 * 0.5 - swell * (0.008 + depth * 0.045)
      if (y < crest) continue
      const spray = Math.exp(-(y - crest) * (240 - depth * 190)) * hills(x * 40, y * 40, 3) * 1.5
      return mix(mix(ramp(sea, depth), foam, spray), foam, rain * 0.6)
    }
    const cloud = hills(x * 2.2, y * 5, 6)
    return mix(mix(rgb('#77868c'), rgb('#d5dad8'), cloud * 0.7 + y * 0.5), foam, rain)
  })
}
