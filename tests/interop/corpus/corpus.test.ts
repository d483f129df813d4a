/** Every feature of the encoder, read by every program that is here and knows nothing of it. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { write, type Archive } from '../archives.ts'
import { first, javaStream, pipe, readers, type Reader } from '../readers.ts'
import { needsProgram, outcomeOf, saw } from '../seen.ts'
import { FEATURES } from './features.ts'

const all: readonly Reader[] = [...readers, pipe, javaStream, first]

describe.each(Object.entries(FEATURES))('%s', (feature, { entries, options, inPlace, refused }) => {
  let archive: Archive
  beforeAll(async () => {
    archive = await write(entries, options, inPlace)
  })
  afterAll(() => archive.remove())

  for (const reader of all) {
    const refusal = refused?.[reader.name]
    it(`${refusal ? 'is refused, or read,' : 'is read'} by ${reader.name}`, async (context) => {
      needsProgram(context, reader)
      const found = await reader.read(archive.path).catch((error: Error) => {
        if (refusal === undefined) throw error
        return error
      })
      // wrong content is never forgiven
      if (found instanceof Error) expect(found.message).toMatch(refusal!.says)
      else expect(found).toEqual(reader === first ? archive.firstFile() : archive.expected())
      saw(context, 'archives', feature, reader, outcomeOf(found, refusal))
    })
  }
})
