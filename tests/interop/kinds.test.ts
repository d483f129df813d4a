/** Archives of every kind, read by programs that know nothing of this one. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PlanOptions } from '../../src/zip/plan.ts'
import { write, type Archive, type Entry } from './archives.ts'
import { hasJava, javaStream, pipe, readers, unzipSays } from './readers.ts'

const text = 'Some text, which is stored as it is.\n'
const noise = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7919) >> 5)

/** Each kind of archive: its entries, and whether readers can follow it from the front. */
const KINDS: Record<string, { entries: Entry[]; options?: PlanOptions; streams?: boolean }> = {
  'no entries': { entries: [] },
  'an empty file': { entries: [{ name: 'empty', size: 0, whole: true, content: '' }] },
  'sizes and CRC-32 in the header': {
    entries: [
      { name: 'a.txt', size: text.length, whole: true, content: text },
      { name: 'b.bin', size: noise.length, whole: true, content: noise },
    ],
  },
  'stored blocks of known size': {
    entries: [
      { name: 'empty', size: 0, content: '' },
      { name: 'a.txt', size: text.length, content: text },
      { name: 'b.bin', size: noise.length, content: noise },
      { name: 'exact.bin', size: 131_070, content: 131_070 },
    ],
  },
  'store with a descriptor': {
    entries: [
      { name: 'a.txt', size: text.length, content: text },
      { name: 'b.bin', size: noise.length, content: noise },
    ],
    options: { framing: 'store' },
    streams: false,
  },
  'folders and comments': {
    entries: [
      { name: 'empty folder/' },
      { name: 'folder/file', size: text.length, comment: 'about a file', content: text },
      { name: 'folder/deep/er/' },
    ],
    options: { comment: 'about all of it' },
  },
  'names in many scripts': {
    entries: ['Straße', '写真/桜', 'مرحبا', 'שלום', 'ไทย', '😀 emoji', 'e\u0301', 'naïve café'].map(
      (name) => ({ name: `${name}.txt`, size: name.length, content: 'x'.repeat(name.length) }),
    ),
  },
  'names that were repaired': {
    entries: [
      '/abs',
      '../up',
      'C:\\win',
      'a\\b',
      'con',
      'dot.',
      'sp ',
      'q?*:"<>|',
      'nul\0',
      'same',
      'SAME',
      'a/../x',
      '\ud800',
      'rtl\u202e',
    ].map((name) => ({ name, size: 4, whole: true, content: 'text' })),
  },
}

describe.each(Object.entries(KINDS))(
  'an archive with %s',
  (_, { entries, options, streams = true }) => {
    let archive: Archive
    beforeAll(async () => {
      archive = await write(entries, options)
    })
    afterAll(() => archive.remove())

    const isEmpty = entries.length === 0
    const able = readers.filter(({ name }) => !(isEmpty && name === 'Info-ZIP unzip'))
    it.each(streams ? [...able, pipe] : able)('is read by $name', async ({ read }) => {
      expect(await read(archive.path)).toEqual(archive.expected())
    })

    if (isEmpty) {
      it('is called empty by Info-ZIP unzip', () => {
        expect(unzipSays(archive.path)).toContain('zipfile is empty')
      })
    }

    it.skipIf(!hasJava)(`is ${streams ? 'read' : 'refused'} by Java ZipInputStream`, async () => {
      if (streams) expect(await javaStream.read(archive.path)).toEqual(archive.expected())
      else await expect(javaStream.read(archive.path)).rejects.toThrow('only DEFLATED entries')
    })
  },
)

describe('an archive of entries of unknown size', () => {
  let archive: Archive
  beforeAll(async () => {
    archive = await write([
      { name: 'a.txt', content: text },
      { name: 'empty', content: '' },
      { name: 'b.bin', content: noise },
      { name: 'exact.bin', content: 131_070 },
      { name: 'c.txt', content: text },
    ])
  })
  afterAll(() => archive.remove())

  it.each([...readers, pipe])('is read by $name', async ({ read }) => {
    expect(await read(archive.path)).toEqual(archive.expected())
  })

  // Their descriptors are of 64 bits, which Java before 22 (JDK-8303866) takes for 32 bits.
  it.skipIf(!hasJava)('is read by Java ZipInputStream, or refused; never wrongly', async () => {
    const found = await javaStream.read(archive.path).catch((error: Error) => error)
    if (found instanceof Error) expect(found.message).toContain('invalid entry size')
    else expect(found).toEqual(archive.expected())
  })
})
