// Why: a length is compared at a glance. Each chart brings its own background, as nobody knows on which
// one a picture in a document is seen.

import { figureOf } from './words.mjs'

/** @typedef {import('../figures/figure.mjs').Figure} Figure */

const WIDTH = 760
const LABELS = 300
const VALUES = 90
const ROW = 30
const BAR = 18
const TOP = 64
const PADDING = 20

/** A bar that would be nothing is seen still. */
const SHORTEST = 2

const STYLE = `
    text { font: 14px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #1f2328; }
    .card { fill: #ffffff; stroke: #d1d9e0; }
    .title { font-weight: 600; }
    .unit { fill: #59636e; }
    .holdall { fill: #0a7d55; }
    .peer { fill: #8c959f; }
    .reference { fill: #e4e8ec; stroke: #8c959f; }
    .own { font-weight: 600; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .card { fill: #151b23; stroke: #3d444d; }
      .unit { fill: #9198a1; }
      .holdall { fill: #2fbf86; }
      .peer { fill: #7d8590; }
      .reference { fill: #2a313c; stroke: #7d8590; }
    }`

/**
 * The medians of a figure as bars, longest first if more is better, shortest first if less is.
 *
 * @param {Figure} figure
 * @returns {string} An SVG document.
 */
export function chartOf({ title, unit, better, rows }) {
  const sorted = rows.toSorted((a, b) => (a.median - b.median) * (better === 'more' ? -1 : 1))
  const longest = Math.max(...rows.map(({ median }) => median))
  const room = WIDTH - LABELS - VALUES - PADDING
  const lines = wrapped(title, 92)
  const top = TOP + (lines.length - 1) * 20
  const height = top + rows.length * ROW + PADDING / 2
  const bars = sorted.map(({ name, kind, median }, index) => {
    const y = top + index * ROW
    const length = Math.max(SHORTEST, (median / longest) * room)
    const own = kind === 'holdall' ? ' class="own"' : ''
    return `
  <text x="${LABELS - 10}" y="${y + 14}" text-anchor="end"${own}>${escaped(name)}</text>
  <rect class="${kind}" x="${LABELS}" y="${y}" width="${length.toFixed(1)}" height="${BAR}" rx="3" />
  <text x="${(LABELS + length + 8).toFixed(1)}" y="${y + 14}"${own}>${figureOf(median)}</text>`
  })
  const heads = lines.map(
    (line, index) =>
      `
  <text class="title" x="${PADDING}" y="${28 + index * 20}">${escaped(line)}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
  <title>${escaped(title)}, in ${escaped(unit)}: ${escaped(sorted.map(({ name, median }) => `${name} ${figureOf(median)}`).join('; '))}</title>
  <style>${STYLE}
  </style>
  <rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8" />${heads.join('')}
  <text class="unit" x="${PADDING}" y="${top - 16}">${escaped(unit)}, ${better} is better</text>${bars.join('')}
</svg>
`
}

/**
 * @param {string} text
 * @param {number} width In characters.
 */
function wrapped(text, width) {
  /** @type {string[]} */
  const lines = []
  for (const word of text.replaceAll('`', '').split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length >= width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** @param {string} text */
function escaped(text) {
  return text
    .replaceAll('`', '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
}
