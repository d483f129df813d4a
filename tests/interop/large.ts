/** What the tests of archives beyond 16 and 32 bits share: who is asked, and the archives one by one. */

import { afterAll, beforeAll, describe, it } from 'vitest'
import { write, type Archive } from './archives.ts'
import { LARGE, type LargeFeature } from './corpus/large.ts'
import { javaStream, pipe, readers, unreadable, type Reader } from './readers.ts'

const all: readonly Reader[] = [...readers, pipe, javaStream]

/** The programs that a feature is tried with, and why one is not, if it is not here. */
export function asked({ asked: names }: LargeFeature): (Reader & { why: string | undefined })[] {
  return names.map((name) => {
    const reader = all.find((candidate) => candidate.name === name)!
    return { ...reader, why: unreadable(reader.needs) }
  })
}

/** Has each of `names` written once, checked by those asked, and removed: it takes 4 GiB of disk. */
export function checkEach(names: readonly string[]): void {
  describe.each(names)('%s', (feature) => {
    const { entries, options } = LARGE[feature]!
    let archive: Archive
    beforeAll(async () => {
      archive = await write(entries(), options)
    })
    afterAll(() => archive.remove())

    for (const { name, read, check = read, why } of asked(LARGE[feature]!)) {
      it.skipIf(why !== undefined)(`is read by ${name}`, async () => {
        await check(archive.path)
      })
    }
  })
}
