/** What the tests of archives beyond 16 and 32 bits share: who is asked, and the archives one by one. */

import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { write, type Archive } from './archives.ts'
import { LARGE } from './corpus/large.ts'
import { first, javaStream, pipe, readers, type Reader } from './readers.ts'
import { needsProgram, outcomeOf, saw } from './seen.ts'

/** `scripts/who-reads.mjs --write` asks every program of every archive. */
const ALL = process.env['HOLDALL_READERS'] === 'all'

/**
 * Has each of `names` written once, looked at by those asked, and removed: it takes 4 GiB of disk.
 *
 * @param look Reads the archive, and throws if what is found is not what is in it.
 */
export function checkEach(
  names: readonly string[],
  look: (reader: Reader, archive: Archive) => Promise<void>,
): void {
  describe.each(names)('%s', (feature) => {
    const { entries, options, asked, refused = {} } = LARGE[feature]!
    let archive: Archive
    beforeAll(async () => {
      archive = await write(entries(), options)
    })
    afterAll(() => archive.remove())

    const isAsked = ({ name }: Reader): boolean => ALL || asked.includes(name)
    for (const reader of [...readers, pipe, javaStream, first].filter(isAsked)) {
      const refusal = refused[reader.name]
      const title = `${refusal ? 'is refused, or read,' : 'is read'} by ${reader.name}`
      it(title, async (context: TestContext) => {
        needsProgram(context, reader)
        const complaint = await look(reader, archive).catch((error: Error) => {
          // what was read wrongly is never forgiven
          if (refusal === undefined || !refusal.says.test(error.message)) throw error
          return error
        })
        saw(context, 'archives', feature, reader, outcomeOf(complaint, refusal))
      })
    }
  })
}

/** Has a program look at an entry over 4 GiB: what can compare size and CRC-32 itself does no more than that. */
export async function checkItself({ check, read, name }: Reader, archive: Archive): Promise<void> {
  if (check) expect(check(archive.path) ?? archive.bytes).toBe(archive.bytes)
  else if (name === first.name) expect(await read(archive.path)).toEqual(archive.firstFile())
  else expect(await read(archive.path)).toEqual(archive.expected())
}
