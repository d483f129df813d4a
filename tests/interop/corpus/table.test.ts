/** That docs/output.md has the table of the corpus, with a column for each program that is asked. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { first, javaStream, pipe, readers } from '../readers.ts'
import { FEATURES } from './features.ts'
import { LARGE } from './large.ts'
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

it('says who is not asked, and who does less than reading', () => {
  const asked = ['bsdtar', 'zip.js']
  const table = tableOf({ one: { entries: () => [], asked, less: { 'zip.js': 'lists it' } } })
  expect(table).toContain('| one | – | – | yes | – | – | – | – | partly (1) | – | – | – |')
  expect(table).toContain('1. zip.js: lists it.')
})

it('knows of no refusal by a program that is not asked', () => {
  const known = (names: readonly string[]): unknown => expect.arrayContaining([...names])
  for (const { refused = {}, unasked = {} } of Object.values(FEATURES)) {
    expect(PROGRAMS).toEqual(known([...Object.keys(refused), ...Object.keys(unasked)]))
  }
  for (const { asked, refused = {}, less = {} } of Object.values(LARGE)) {
    expect(PROGRAMS).toEqual(known(asked))
    expect(asked).toEqual(known([...Object.keys(refused), ...Object.keys(less)]))
  }
})
