/** That docs/output.md has the table of the corpus, with a column for each program that is asked. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { first, javaStream, pipe, readers } from '../readers.ts'
import { FEATURES } from './features.ts'
import { PROGRAMS, tableOf, withTable } from './table.ts'

const document = readFileSync(new URL('../../../docs/output.md', import.meta.url), 'utf8')

it('is in the document: else run node scripts/who-reads.mjs', () => {
  expect(withTable(document)).toBe(document)
})

it('has a column for each program', () => {
  const asked = [...readers, pipe, javaStream, first].map(({ name }) => name)
  expect(asked.toSorted()).toEqual(PROGRAMS.toSorted())
})

it('names who refuses what, and why', () => {
  const says = /./
  const refused = { yauzl: { why: 'is strict', says } }
  const table = tableOf({ one: { entries: [], refused }, two: { entries: [], refused } })
  expect(table).toContain('| one | yes | yes | yes | yes | yes | yes | yes | yes | **no** (1) |')
  expect(table.match(/yauzl: is strict/g)).toHaveLength(1)
  expect(withTable(document, table)).not.toBe(document)
  expect(() => withTable('# empty')).toThrow('no place')
})

it('knows of no refusal by a program that is not asked', () => {
  for (const { refused = {}, unasked = {} } of Object.values(FEATURES)) {
    expect(PROGRAMS).toEqual(
      expect.arrayContaining([...Object.keys(refused), ...Object.keys(unasked)]),
    )
  }
})
