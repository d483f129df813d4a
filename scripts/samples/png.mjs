// Why: a PNG is a few labelled chunks around one zlib stream; no dependency is worth that.

import { crc32, deflateSync } from 'node:zlib'

/**
 * @param {import('./raster.mjs').Picture} picture
 * @returns {Buffer}
 */
export function encodePng({ width, height, pixels }) {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8) // 8 bits a channel, RGB
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(filtered(width * 3, height, pixels), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/**
 * Each row as its difference from the pixels at the left ("Sub") or above ("Up"), whichever is less.
 *
 * @param {number} stride
 * @param {number} height
 * @param {Uint8Array} pixels
 */
function filtered(stride, height, pixels) {
  const rows = Buffer.alloc((stride + 1) * height)
  const sub = Buffer.alloc(stride)
  const up = Buffer.alloc(stride)
  for (let row = 0; row < height; row++) {
    const start = row * stride
    let subCost = 0
    let upCost = 0
    for (let at = 0; at < stride; at++) {
      const value = pixels[start + at] ?? 0
      const left = at < 3 ? 0 : (pixels[start + at - 3] ?? 0)
      const above = row === 0 ? 0 : (pixels[start + at - stride] ?? 0)
      sub[at] = value - left
      up[at] = value - above
      subCost += Math.abs(((value - left + 384) & 255) - 128)
      upCost += Math.abs(((value - above + 384) & 255) - 128)
    }
    rows[start + row] = upCost < subCost ? 2 : 1
    rows.set(upCost < subCost ? up : sub, start + row + 1)
  }
  return rows
}

/**
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const labelled = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8 + labelled.length)
  frame.writeUInt32BE(data.length, 0)
  frame.set(labelled, 4)
  frame.writeUInt32BE(crc32(labelled), 4 + labelled.length)
  return frame
}
