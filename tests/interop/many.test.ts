/** So many files in one archive that 16 bits do not count them, or only just. */

import { createHash } from 'node:crypto'
import { openAsBlob } from 'node:fs'
import { BlobReader, ZipReader } from '@zip.js/zip.js'
import { expect, it } from 'vitest'
import { write } from './archives.ts'
import { LARGE } from './corpus/large.ts'
import { checkEach } from './large.ts'
import { first, type Found } from './readers.ts'

checkEach(
  Object.keys(LARGE).filter((name) => name.includes(' entries')),
  async ({ name, read, pour }, archive) => {
    if (name === first.name) expect(await read(archive.path)).toEqual(archive.firstFile())
    // unpacking so many files would take a minute
    else if (pour) expect(pour(archive.path)).toBe(archive.contents())
    else expect(digestOf(await read(archive.path))).toBe(digestOf(archive.expected()))
  },
)

// reading takes it more than a millisecond each
it('is listed by zip.js', async () => {
  const archive = await write(LARGE['70,000 entries']!.entries())
  try {
    const reader = new ZipReader(new BlobReader(await openAsBlob(archive.path)))
    expect((await reader.getEntries()).length).toBe(70_000)
  } finally {
    archive.remove()
  }
})

function digestOf(found: Found): string {
  const hash = createHash('sha256')
  for (const name of Object.keys(found).toSorted()) {
    hash.update(`${name} ${found[name]!.size} ${found[name]!.sha256}\n`)
  }
  return hash.digest('hex')
}
