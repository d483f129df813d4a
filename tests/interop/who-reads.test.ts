/** The tables of who reads what: that docs/output.md has them as they were seen, and that a lie is found. */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { differences, merged, seenIn, tableOf, withTables } from '../../scripts/who-reads.mjs'
import { FEATURES } from './corpus/features.ts'
import { LARGE } from './corpus/large.ts'
import { first, javaStream, pipe, readers } from './readers.ts'
import type { Sight } from './seen.ts'

type Results = Parameters<typeof tableOf>[0]

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const results = JSON.parse(read('tests/interop/results.json')) as Results
const all = [...readers, pipe, javaStream, first].map(({ name }) => name)

const test = (of: string, program: string, outcome = 'yes', status = 'passed') => {
  const sight: Sight = { table: 'archives', of, program, version: '1.2', outcome }
  return { status, meta: { sights: [sight] } }
}

const seen = seenIn([
  {
    testResults: [
      { name: 'b.test.ts', assertionResults: [test('two', 'yauzl', 'no: is strict')] },
      {
        name: 'a.test.ts',
        assertionResults: [
          { status: 'passed', meta: {} },
          test('one', 'yauzl', 'no: is strict'),
          test('one', 'bsdtar'),
          test('one', 'zip.js', 'yes', 'failed'),
        ],
      },
    ],
  },
])

/** `seen`, but that `program` made something else of "one". */
const otherwise = (program: string, outcome: string, version = '1.2'): Results => ({
  programs: { ...seen.programs, [program]: version },
  tables: {
    ...seen.tables,
    archives: {
      ...seen.tables.archives,
      one: { ...seen.tables.archives['one'], [program]: outcome },
    },
  },
})

describe('what reports have seen', () => {
  it('is a table with versions, and with reasons below it', () => {
    expect(tableOf(seen, 'archives').split('\n')).toEqual([
      '| | bsdtar 1.2 | yauzl 1.2 |',
      '|---|---|---|',
      '| one | yes | **no** (1) |',
      '| two | – | **no** (1) |',
      '',
      '1. yauzl: is strict.',
    ])
  })

  it('differs from results with another outcome, with more, and with less', () => {
    expect(differences(seen, seen)).toEqual([])
    expect(differences(seen, otherwise('bsdtar', 'no: is old'))).toEqual([
      '"one" by bsdtar: "yes", and not "no: is old"',
    ])
    expect(differences(otherwise('7-Zip', 'yes'), seen)).toEqual([
      '"one" by 7-Zip: "yes", and not "unknown"',
    ])
    const known = { ...seen, tables: { ...seen.tables, beside: { times: { bsdtar: 'yes' } } } }
    expect(differences(seen, known)).toEqual(['"times" was not run'])
    const less = { ...seen, tables: { ...seen.tables, beside: { times: { yauzl: 'yes' } } } }
    expect(differences(less, known)).toContain('"times" was not asked of bsdtar')
    expect(merged(less, known).tables.beside).toEqual({ times: { yauzl: 'yes' } })
  })

  it('may differ where a program has another version, or is not there', () => {
    expect(differences(seen, otherwise('yauzl', 'yes', '1.3'))).toEqual([])
    expect(differences(seen, otherwise('7-Zip', 'yes'))).toEqual([])
    // zip.js and yauzl are always there: who has seen nothing has no report
    expect(differences(seenIn([]), seen)).toEqual(['"one" was not run', '"two" was not run'])
  })

  it('leaves what is known of a program that is not there', () => {
    const { tables, programs } = merged(seen, otherwise('7-Zip', 'yes'))
    expect(tables.archives['one']).toMatchObject({ '7-Zip': 'yes', bsdtar: 'yes' })
    expect(programs).toEqual({ yauzl: '1.2', bsdtar: '1.2', '7-Zip': '1.2' })
    // an archive that there is no more
    expect(Object.keys(merged(seenIn([]), seen).tables.archives)).toEqual([])
  })
})

describe('docs/output.md', () => {
  it('has the tables of what was seen: else run node scripts/who-reads.mjs --write', () => {
    const document = read('docs/output.md')
    expect(withTables(document, results)).toBe(document)
  })

  it('would not pass with others', () => {
    const document = read('docs/output.md')
    expect(withTables(document, seen)).not.toBe(document)
    expect(() => withTables('# What holdall writes', seen)).toThrow('no place')
  })

  it('has a column for every program', () => {
    const [head = ''] = tableOf(results, 'archives').split('\n')
    for (const name of all) expect(head).toContain(`| ${name} `)
  })

  it('says of every archive what every program makes of it', () => {
    const { archives } = results.tables
    expect(Object.keys(archives).toSorted()).toEqual(
      Object.keys({ ...FEATURES, ...LARGE }).toSorted(),
    )
    for (const cells of Object.values(archives))
      expect(Object.keys(cells).toSorted()).toEqual(all.toSorted())
  })
})

it('knows of no refusal by a program that is not asked', () => {
  const known = (names: readonly string[]): unknown => expect.arrayContaining([...names])
  for (const { refused = {} } of Object.values({ ...FEATURES, ...LARGE })) {
    expect(all).toEqual(known(Object.keys(refused)))
  }
  for (const { asked } of Object.values(LARGE)) expect(all).toEqual(known(asked))
})
