// Why: a few pictures that are text, and small: drawings as SVG, made of one shape many times.

import { hash } from './raster.mjs'

/**
 * @param {number} width
 * @param {number} height
 * @param {string} title
 * @param {readonly string[]} shapes
 */
function svg(width, height, title, shapes) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${title}</title>`,
    ...shapes,
    '</svg>',
    '',
  ].join('\n')
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10
}

/** @param {number} count */
function upTo(count) {
  return Array.from({ length: count }, (_, index) => index)
}

/** A branch of cherry, and petals in the air. */
export function cherryBlossom() {
  const petal = 'M0 0C-9-6-9-20-4-25L0-22 4-25C9-20 9-6 0 0Z'
  const blossoms = upTo(34).map((index) => {
    const along = index / 34
    const x = 90 + along * 560 + (hash(index, 1) - 0.5) * 90
    const y = 420 - along * 260 + Math.sin(along * 6) * 34 + (hash(index, 2) - 0.5) * 100
    const size = 0.8 + hash(index, 3)
    const turn = Math.round(hash(index, 4) * 72)
    const petals = upTo(5).map((n) => `<path d="${petal}" transform="rotate(${n * 72})"/>`)
    return `<g transform="translate(${round(x)} ${round(y)}) rotate(${turn}) scale(${round(size)})" fill="${index % 3 === 0 ? '#f7c6d0' : '#fbe3e8'}" stroke="#e59aab">${petals.join('')}<circle r="4" fill="#c8566f" stroke="none"/></g>`
  })
  const falling = upTo(26).map((index) => {
    const [x, y] = [hash(index, 8) * 800, 120 + hash(index, 9) * 440]
    return `<path d="${petal}" fill="#f9d5dc" transform="translate(${round(x)} ${round(y)}) rotate(${Math.round(hash(index, 7) * 360)}) scale(.55)"/>`
  })
  return svg(800, 600, '桜', [
    '<rect width="800" height="600" fill="#dfe9ee"/>',
    '<path d="M0 470C130 440 190 330 330 320S560 250 720 130M330 320C400 330 450 380 540 370M190 385C220 320 230 260 300 210" fill="none" stroke="#4a3434" stroke-width="13" stroke-linecap="round"/>',
    ...falling,
    ...blossoms,
  ])
}

/** Waves as on old textiles: rings upon rings. */
export function waves() {
  const rings = ['#1d3b5c', '#f4efe2', '#1d3b5c', '#f4efe2', '#1d3b5c']
  const shapes = upTo(11).flatMap((row) =>
    upTo(10 + (row % 2)).map((column) => {
      const [x, y] = [column * 80 + (row % 2 === 0 ? 40 : 0), row * 40 + 200]
      const circles = rings.map((fill, ring) => `<circle r="${42 - ring * 8}" fill="${fill}"/>`)
      return `<g transform="translate(${x} ${y})">${circles.join('')}</g>`
    }),
  )
  return svg(800, 600, '青海波', [
    '<rect width="800" height="600" fill="#e8d9b5"/>',
    '<circle cx="590" cy="120" r="62" fill="#c8402f"/>',
    ...shapes,
  ])
}

/** The sea of an island, and its houses. */
export function island() {
  const houses = upTo(60).map((index) => {
    const row = Math.floor(index / 12)
    const x = 70 + (index % 12) * 48 + row * 16 + hash(index, 5) * 20
    const y = 380 - row * 46 - hash(index, 6) * 16
    const dome = hash(index, 11) > 0.78
    return `<g transform="translate(${round(x)} ${round(y)})"><path d="M0 0h40v46h-40z" fill="#fdfdfb"/><path d="M28 0h12v46h-12z" fill="#dfe5ea"/><path d="M9 18h9v14h-9z" fill="#2f6fb0"/>${dome ? '<path d="M2 0a18 18 0 0136 0z" fill="#2a62ac"/>' : ''}</g>`
  })
  const ripples = upTo(40).map((index) => {
    const [x, y] = [hash(index, 12) * 780, 440 + hash(index, 13) * 150]
    return `<path d="M${round(x)} ${round(y)}q12-7 24 0t24 0" fill="none" stroke="#a9d8ea" stroke-width="2"/>`
  })
  return svg(800, 600, 'Θάλασσα', [
    '<rect width="800" height="600" fill="#cfe8f5"/>',
    '<path d="M20 430Q180 60 420 120T790 430Z" fill="#c9a27c"/>',
    ...houses.toReversed(),
    '<rect y="424" width="800" height="176" fill="#2379a8"/>',
    ...ripples,
  ])
}

/** Stars of eight points that fit together, as on tiles. */
export function stars() {
  const star = upTo(16)
    .map((n) => {
      const radius = n % 2 === 0 ? 46 : 35
      const angle = (n * Math.PI) / 8
      return `${round(radius * Math.cos(angle))},${round(radius * Math.sin(angle))}`
    })
    .join(' ')
  const colours = ['#0f766e', '#1d4e89', '#d9a441', '#b5482f']
  const shapes = upTo(63).map((index) => {
    const [column, row] = [index % 9, Math.floor(index / 9)]
    const fill = colours[Math.floor(hash(column, row + 20) * colours.length)]
    return `<g transform="translate(${column * 92 + 32} ${row * 92 + 24})"><polygon points="${star}" fill="${fill}"/><polygon points="${star}" fill="none" stroke="#f6ecd6" stroke-width="3" transform="scale(.62) rotate(22.5)"/></g>`
  })
  return svg(800, 600, 'نجوم', ['<rect width="800" height="600" fill="#f6ecd6"/>', ...shapes])
}

/** Seeds as a sunflower sets them: each a golden angle on. */
export function sunflower() {
  const seeds = upTo(900).map((index) => {
    const angle = index * 2.399963
    const distance = Math.sqrt(index) * 9.6
    const [x, y] = [300 + distance * Math.cos(angle), 300 + distance * Math.sin(angle)]
    const hue = 18 + (index / 900) * 30
    return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(2 + index / 260)}" fill="hsl(${Math.round(hue)} 80% ${Math.round(26 + index / 26)}%)"/>`
  })
  return svg(600, 600, 'Sunflower', ['<rect width="600" height="600" fill="#17231d"/>', ...seeds])
}

/** Tiles of two arcs, each turned or not: paths that nobody planned. */
export function truchet() {
  const tile = 40
  const arcs = upTo(300).map((index) => {
    const [column, row] = [index % 20, Math.floor(index / 20)]
    const turned = hash(column + 60, row + 3) > 0.5
    const [x, y] = [column * tile, row * tile]
    return turned
      ? `M${x + 20} ${y}a20 20 0 01-20 20M${x + 40} ${y + 20}a20 20 0 00-20 20`
      : `M${x + 20} ${y}a20 20 0 0020 20M${x} ${y + 20}a20 20 0 0120 20`
  })
  const path = arcs.join('')
  return svg(800, 600, 'Truchet tiles', [
    '<rect width="800" height="600" fill="#f3efe6"/>',
    `<path d="${path}" fill="none" stroke="#1d2b3a" stroke-width="14"/>`,
    `<path d="${path}" fill="none" stroke="#ffc53d" stroke-width="6"/>`,
  ])
}
