/** Every feature of the encoder, read by every program that is here and knows nothing of it. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { write, type Archive } from '../archives.ts'
import { first, javaStream, pipe, readers, unreadable, type Reader } from '../readers.ts'
import { FEATURES } from './features.ts'

const all: readonly Reader[] = [...readers, pipe, javaStream, first]

describe.each(Object.entries(FEATURES))('%s', (_, { entries, options, refused, unasked }) => {
  let archive: Archive
  beforeAll(async () => {
    archive = await write(entries, options)
  })
  afterAll(() => archive.remove())

  for (const { name, read, needs } of all) {
    if (unasked?.[name] !== undefined) continue
    const why = unreadable(needs)
    const refusal = refused?.[name]
    it.skipIf(why !== undefined)(
      `${refusal ? 'is refused, or read,' : 'is read'} by ${name}`,
      async () => {
        const found = await read(archive.path).catch((error: Error) => {
          if (refusal === undefined) throw error
          return error
        })
        // wrong content is never forgiven
        if (found instanceof Error) expect(found.message).toMatch(refusal!.says)
        else expect(found).toEqual(name === first.name ? archive.firstFile() : archive.expected())
      },
    )
  }
})
