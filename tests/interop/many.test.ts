/** 70,000 files in one archive: beyond the 16 bits that count them. */

import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { BlobReader, ZipReader } from '@zip.js/zip.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { write, type Archive } from './archives.ts'
import { LARGE } from './corpus/large.ts'
import { asked } from './large.ts'
import type { Found } from './readers.ts'

const many = LARGE['70,000 entries']!

let archive: Archive
let expected: { names: string; contents: string }
beforeAll(async () => {
  archive = await write(many.entries())
  expected = { names: digestOf(archive.expected()), contents: archive.contents() }
})
afterAll(() => archive.remove())

for (const { name, read, pour, why } of asked(many)) {
  const refusal = many.refused?.[name]
  if (many.less?.[name] !== undefined) continue
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

function digestOf(found: Found): string {
  const hash = createHash('sha256')
  for (const name of Object.keys(found).toSorted()) {
    hash.update(`${name} ${found[name]!.size} ${found[name]!.sha256}\n`)
  }
  return hash.digest('hex')
}
