/** Archives beyond the limits of 16 and 32 bits. Each is written once, read by all, and removed. */

import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { BlobReader, ZipReader } from '@zip.js/zip.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { patternCrc32, write, type Archive } from './archives.ts'
import {
  hasJava,
  javaSays,
  javaStream,
  pipe,
  readers,
  unreadable,
  type Found,
  type Reader,
} from './readers.ts'

const text = 'Some text, which is stored as it is.\n'

describe('an archive of 70,000 entries', () => {
  let archive: Archive
  let expected: string
  beforeAll(async () => {
    archive = await write(
      Array.from({ length: 70_000 }, (_, index) => ({
        name: `${index % 100}/${index}.txt`,
        size: 5,
        whole: true,
        content: String(index).padStart(5, '0'),
      })),
    )
    expected = digestOf(archive.expected())
  })
  afterAll(() => archive.remove())

  // zip.js takes more than a millisecond an entry, and busybox knows no ZIP64.
  const others = ['zip.js', 'busybox unzip']
  const able = readers.filter(({ name, needs }) => !others.includes(name) && !unreadable(needs))
  it.each([...able, pipe])('is read by $name', async ({ read }) => {
    expect(digestOf(await read(archive.path))).toBe(expected)
  })

  it('is listed by zip.js', async () => {
    const reader = new ZipReader(new BlobReader(await openAsBlob(archive.path)))
    expect((await reader.getEntries()).length).toBe(70_000)
  })

  it.skipIf(!hasJava)('is read by Java ZipInputStream', async () => {
    expect(digestOf(await javaStream.read(archive.path))).toBe(expected)
  })
})

const SIZE = 2 ** 32 + 1

const [unzip, sevenZip, , python] = readers as [Reader, Reader, Reader, Reader]

/**
 * Each framing that an entry over 4 GiB can have; and who reads it, of the programs that take less
 * than a minute. Those that read from the front cannot follow stored content with a descriptor.
 */
const LARGE = [
  ['whose CRC-32 is known', { size: SIZE, crc: true }, 'auto', [sevenZip, pipe], true],
  ['in stored blocks', { size: SIZE }, 'auto', [sevenZip, python, pipe], true],
  ['in stored blocks, of unknown size', {}, 'auto', [unzip, pipe], true],
  ['stored, with a descriptor', { size: SIZE }, 'store', [unzip, sevenZip, python], false],
] as const

describe.each(LARGE)(
  'an entry over 4 GiB %s, small ones after it',
  (_, how, framing, able, java) => {
    let archive: Archive
    beforeAll(async () => {
      const { crc = false, ...known }: { crc?: boolean; size?: number } = how
      archive = await write(
        [
          { name: 'before.txt', size: text.length, content: text },
          { name: 'large.bin', ...known, ...(crc && { crc32: patternCrc32(SIZE) }), content: SIZE },
          { name: 'after.txt', size: text.length, content: text },
          { name: 'last.txt', size: text.length, whole: true, content: text },
        ],
        { framing },
      )
    })
    afterAll(() => archive.remove())

    it.each<Reader>(able)('is read by $name', async ({ read, check = read }) => {
      await check(archive.path)
    })

    if (!java) return
    it.skipIf(!hasJava)('is read by Java ZipInputStream', () => {
      javaSays('check', archive.path)
    })
  },
)

function digestOf(found: Found): string {
  const hash = createHash('sha256')
  for (const name of Object.keys(found).toSorted()) {
    hash.update(`${name} ${found[name]!.size} ${found[name]!.sha256}\n`)
  }
  return hash.digest('hex')
}
