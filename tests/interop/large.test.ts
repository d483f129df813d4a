/** Archives beyond the limits of 16 and 32 bits. Each is written once, read by those asked, and removed. */

import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { BlobReader, ZipReader } from '@zip.js/zip.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { write, type Archive } from './archives.ts'
import { LARGE } from './corpus/large.ts'
import { javaStream, pipe, readers, unreadable, type Found, type Reader } from './readers.ts'

const all: readonly Reader[] = [...readers, pipe, javaStream]
const [[many, manyEntries], ...huge] = Object.entries(LARGE) as [Row, ...Row[]]
type Row = [string, (typeof LARGE)[string]]

/** The programs that a feature is tried with, and why one is not, if it is not here. */
const asked = ({ asked: names }: Row[1]): (Reader & { why: string | undefined })[] =>
  names.map((name) => {
    const reader = all.find((candidate) => candidate.name === name)!
    return { ...reader, why: unreadable(reader.needs) }
  })

describe(many, () => {
  let archive: Archive
  let expected: { names: string; contents: string }
  beforeAll(async () => {
    archive = await write(manyEntries.entries())
    expected = { names: digestOf(archive.expected()), contents: archive.contents() }
  })
  afterAll(() => archive.remove())

  for (const { name, read, pour, why } of asked(manyEntries)) {
    const refusal = manyEntries.refused?.[name]
    const less = manyEntries.less?.[name]
    if (less !== undefined) continue
    it.skipIf(why !== undefined)(`is ${refusal ? 'refused' : 'read'} by ${name}`, async () => {
      if (refusal) await expect(read(archive.path)).rejects.toThrow(refusal.says)
      // unpacking so many files would take a minute
      else if (pour) expect(pour(archive.path)).toBe(expected.contents)
      else expect(digestOf(await read(archive.path))).toBe(expected.names)
    })
  }

  it('is listed by zip.js', async () => {
    const reader = new ZipReader(new BlobReader(await openAsBlob(archive.path)))
    expect((await reader.getEntries()).length).toBe(70_000)
  })
})

describe.each(huge)('%s', (_, feature) => {
  let archive: Archive
  beforeAll(async () => {
    archive = await write(feature.entries(), feature.options)
  })
  afterAll(() => archive.remove())

  for (const { name, read, check = read, why } of asked(feature)) {
    it.skipIf(why !== undefined)(`is read by ${name}`, async () => {
      await check(archive.path)
    })
  }
})

function digestOf(found: Found): string {
  const hash = createHash('sha256')
  for (const name of Object.keys(found).toSorted()) {
    hash.update(`${name} ${found[name]!.size} ${found[name]!.sha256}\n`)
  }
  return hash.digest('hex')
}
