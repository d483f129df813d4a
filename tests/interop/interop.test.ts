/** Archives of every kind, read by programs that know nothing of this one. */

import { execFileSync, spawnSync } from 'node:child_process'
import { lstatSync, mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PlanOptions } from '../../src/zip/plan.ts'
import { write, type Entry } from './archives.ts'
import { javaStream, readers, unzip, type Found } from './readers.ts'

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

describe.each(Object.entries(KINDS))('an archive with %s', (_, { entries, options, streams }) => {
  let archive: Awaited<ReturnType<typeof write>>
  beforeAll(async () => {
    archive = await write(entries, options)
  })
  afterAll(() => archive.remove())

  const able = entries.length > 0 ? readers : readers.filter(({ name }) => name !== unzip.name)
  it.each(able.filter(({ name }) => streams !== false || !name.includes('streaming')))(
    'is read by $name',
    async ({ read }) => {
      expect(await read(archive.path)).toEqual(archive.expected)
    },
  )

  if (entries.length === 0) {
    it('is called empty by Info-ZIP unzip', () => {
      const { stdout } = spawnSync('unzip', ['-t', archive.path], { encoding: 'utf8' })
      expect(stdout).toContain('zipfile is empty')
    })
  }

  it(`is ${streams === false ? 'refused' : 'read'} by Java ZipInputStream`, async () => {
    if (streams === false) {
      await expect(javaStream.read(archive.path)).rejects.toThrow('only DEFLATED entries')
    } else {
      expect(await javaStream.read(archive.path)).toEqual(archive.expected)
    }
  })
})

describe('an archive of entries of unknown size', () => {
  let archive: Awaited<ReturnType<typeof write>>
  beforeAll(async () => {
    archive = await write([
      { name: 'a.txt', content: text },
      { name: 'b.bin', content: noise },
      { name: 'c.txt', content: text },
    ])
  })
  afterAll(() => archive.remove())

  it.each(readers)('is read by $name', async ({ read }) => {
    expect(await read(archive.path)).toEqual(archive.expected)
  })

  // Their descriptors are 64-bit, which Java 17 reads as 32-bit unless the entry is over 4 GiB.
  it('is read by Java ZipInputStream, or refused', async () => {
    const found = await javaStream.read(archive.path).catch((error: Error) => error)
    if (found instanceof Error) expect(found.message).toContain('ZipException')
    else expect(found).toEqual(archive.expected)
  })
})

describe('what else an archive says', () => {
  const modified = Date.UTC(2023, 6, 1, 3, 4, 5)
  const entries: Entry[] = [
    { name: 'run.sh', mode: 0o755, lastModified: modified, content: '#!/bin/sh\n' },
    { name: 'private.txt', mode: 0o600, lastModified: modified, content: 'secret' },
    { name: 'link', kind: 'symlink', size: 6, whole: true, content: 'run.sh' },
    { name: 'folder/', lastModified: modified },
  ]
  it.each([
    ['Info-ZIP unzip', (path: string, to: string) => ['unzip', '-qq', path, '-d', to]],
    ['bsdtar', (path: string, to: string) => ['bsdtar', '-xpf', path, '-C', to]],
    ['7-Zip', (path: string, to: string) => ['7z', 'x', '-bd', `-o${to}`, path]],
  ])('modes, times and links come out of %s', async (_, command) => {
    const archive = await write(entries)
    const folder = mkdtempSync(join(tmpdir(), 'holdall-'))
    try {
      const [program = '', ...args] = command(archive.path, folder)
      // Extended timestamps are UTC: the zone of who unpacks must not matter.
      execFileSync(program, args, { stdio: 'pipe', env: { ...process.env, TZ: 'Asia/Tokyo' } })
      expect(statSync(join(folder, 'run.sh')).mode & 0o777).toBe(0o755)
      expect(statSync(join(folder, 'private.txt')).mode & 0o777).toBe(0o600)
      expect(statSync(join(folder, 'folder')).isDirectory()).toBe(true)
      expect(lstatSync(join(folder, 'link')).isSymbolicLink()).toBe(true)
      expect(readlinkSync(join(folder, 'link'))).toBe('run.sh')
      if (program !== '7z') expect(statSync(join(folder, 'run.sh')).mtimeMs).toBe(modified)
    } finally {
      rmSync(folder, { recursive: true })
      archive.remove()
    }
  })
})

describe('an archive of 70,000 entries', () => {
  let archive: Awaited<ReturnType<typeof write>>
  beforeAll(async () => {
    archive = await write(
      Array.from({ length: 70_000 }, (_, index) => ({
        name: `${index % 100}/${index}.txt`,
        size: 5,
        whole: true,
        content: String(index).padStart(5, '0'),
      })),
    )
  })
  afterAll(() => archive.remove())

  it.each([...readers, javaStream])('is read by $name', async ({ read }) => {
    expect(digestOf(await read(archive.path))).toBe(digestOf(archive.expected))
  })
})

const GIGABYTE = 2 ** 30

describe.each([
  ['stored blocks', 'auto'],
  ['store', 'store'],
] as const)('an archive of %s over 4 GiB, with small files after', (_, framing) => {
  let archive: Awaited<ReturnType<typeof write>>
  beforeAll(async () => {
    const size = 4 * GIGABYTE + 1
    archive = await write(
      [
        { name: 'before.txt', size: text.length, content: text },
        { name: 'large.bin', size, content: size },
        { name: 'after.txt', size: text.length, content: text },
        { name: 'last.txt', size: text.length, whole: true, content: text },
      ],
      { framing },
    )
  })
  afterAll(() => archive.remove())

  const slow = ['zip.js', 'bsdtar', 'Java ZipFile']
  const able = [...readers, ...(framing === 'auto' ? [javaStream] : [])]
  it.each(
    able.filter(
      ({ name }) => !slow.includes(name) && !(framing === 'store' && name.includes('streaming')),
    ),
  )('is read by $name', async ({ read, check }) => {
    if (check) check(archive.path)
    else expect(await read(archive.path)).toEqual(archive.expected)
  })
})

function digestOf(found: Found): string {
  return JSON.stringify(Object.entries(found).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
