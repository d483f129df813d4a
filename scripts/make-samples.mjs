// Why: the demo needs an album that belongs to nobody and is the same each time it is made.

import { mkdir, rm, writeFile } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import { root } from './run.mjs'
import * as documents from './samples/documents.mjs'
import * as drawings from './samples/drawings.mjs'
import { encodeJpeg } from './samples/jpeg.mjs'
import * as landscapes from './samples/landscapes.mjs'
import * as patterns from './samples/patterns.mjs'
import { encodePng } from './samples/png.mjs'
import { lullaby } from './samples/sound.mjs'

const folder = `${root}public/samples/`

/** @typedef {() => import('./samples/raster.mjs').Picture} Painter */

/** @param {Painter} painter */
const jpeg = (painter) => () => encodeJpeg(painter(), 93)
/** @param {Painter} painter */
const png = (painter) => () => encodePng(painter())

/** The name in the archive, the file here (ASCII, as it is part of a URL), and what makes it. */
const FILES = /** @type {const} */ ([
  ['Read me first.txt', 'read-me.txt', documents.readMe],
  ['Views/01 Ridge at dawn.jpg', 'ridge-at-dawn.jpg', jpeg(landscapes.ridgeAtDawn)],
  ['Views/02 Dunes.jpg', 'dunes.jpg', jpeg(landscapes.dunes)],
  ['Views/03 Northern lights.jpg', 'northern-lights.jpg', jpeg(landscapes.northernLights)],
  ['Views/04 Still water.jpg', 'still-water.jpg', jpeg(landscapes.stillWater)],
  ['Views/05 A planet.png', 'planet.png', png(patterns.planet)],
  ['Fotos/Straße.png', 'strasse.png', png(landscapes.nightRoad)],
  ['Fotos/Küste im Regen.png', 'kueste.png', png(landscapes.coastInTheRain)],
  ['写真/富士.png', 'fuji.png', png(landscapes.fuji)],
  ['写真/桜.svg', 'sakura.svg', drawings.cherryBlossom],
  ['写真/青海波.svg', 'seigaiha.svg', drawings.waves],
  ['Фото/Берёзы в тумане.jpg', 'birches.jpg', jpeg(landscapes.birches)],
  ['Φωτογραφίες/Θάλασσα.svg', 'thalassa.svg', drawings.island],
  ['صور/نجوم.svg', 'nujum.svg', drawings.stars],
  ['Patterns/Agate.jpg', 'agate.jpg', jpeg(patterns.agate)],
  ['Patterns/Contours.png', 'contours.png', png(patterns.contours)],
  ['Patterns/Julia set.png', 'julia.png', png(patterns.julia)],
  ['Patterns/Stained glass.png', 'stained-glass.png', png(patterns.stainedGlass)],
  ['Patterns/Sunflower.svg', 'sunflower.svg', drawings.sunflower],
  ['Patterns/Truchet tiles.svg', 'truchet.svg', drawings.truchet],
  ['Music/Lullaby for a music box.wav', 'lullaby.wav', lullaby],
  ['Papers/Label.pdf', 'label.pdf', documents.label],
  ['Papers/Packing list.csv', 'packing-list.csv', documents.packingList],
  ['Papers/Places.json', 'places.json', documents.places],
  ['Papers/Route.md', 'route.md', documents.route],
  ['Papers/🧳 packed.txt', 'packed.txt', documents.packed],
  ['Papers/Blank page.txt', 'blank-page.txt', () => ''],
  ['Postcard.html', 'postcard.html', documents.postcard],
])

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })

const files = []
const start = Date.UTC(2024, 4, 4, 5, 30)
for (const [index, [name, url, make]] of FILES.entries()) {
  const content = Buffer.from(make())
  await writeFile(folder + url, content)
  files.push({
    url,
    name,
    size: content.length,
    // some have one, as in life: an entry with its CRC-32 known is written in another way
    ...(index % 3 !== 2 && { crc32: crc32(content) }),
    lastModified: new Date(start + index * 7 * 86_400_000 + index * 3_723_000).toISOString(),
  })
}
const manifest = { name: 'Sample album', files }
await writeFile(`${folder}manifest.json`, `${JSON.stringify(manifest, undefined, 2)}\n`)

const total = files.reduce((sum, { size }) => sum + size, 0)
console.log(
  `${files.length} files, ${total} bytes, the largest ${Math.max(...files.map(({ size }) => size))}`,
)
