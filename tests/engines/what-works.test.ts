/** The table of what works where: that the README has it as it was seen, and that a lie is found. */

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  differences,
  merged,
  seenIn,
  seenInKnown,
  tableOf,
  withTable,
} from '../../scripts/what-works.mjs'

type Results = Parameters<typeof tableOf>[0]

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const results = JSON.parse(read('tests/engines/results.json')) as Results

const run = (
  projectName: string,
  browser: string,
  status = 'expected',
  said?: string,
  type = 'note',
) => ({
  projectName,
  status,
  annotations: [
    { type: 'browser', description: browser },
    ...(said === undefined ? [] : [{ type, description: said }]),
  ],
})

const report = {
  suites: [
    {
      specs: [
        {
          title: 'a name',
          tags: [],
          tests: [
            run('chromium', 'Chromium 156.0.7'),
            run('webkit', 'WebKitGTK 2.50.6', 'expected', 'but slowly'),
          ],
        },
        { title: 'hours', tags: ['slow'], tests: [run('chromium', 'Chromium 156.0.7')] },
        { title: 'its own', tags: ['firefox'], tests: [run('firefox', 'Firefox 153.7')] },
      ],
      suites: [
        {
          specs: [
            {
              title: 'a page',
              tags: [],
              tests: [
                run('chromium', 'Chromium 156.0.7', 'unexpected'),
                run('webkit', 'none', 'skipped'),
              ],
            },
          ],
        },
      ],
    },
  ],
}
const seen = seenIn(report)

describe('what a report has seen', () => {
  it('is a table, with the versions that matter', () => {
    expect(tableOf(seen).split('\n')).toEqual([
      '| | Chromium 156 | WebKitGTK 2.50 |',
      '|---|---|---|',
      '| a name | yes | yes, but slowly |',
      '| hours | yes | – |',
      '| a page | failed | – |',
    ])
  })

  it('says what an engine does not do, and why', () => {
    const tests = [run('chromium', 'Chromium 156.0.7', 'expected', 'it is hard', 'no')]
    const { scenarios } = seenIn({ specs: [{ title: 'a feat', tags: [], tests }] })
    expect(scenarios[0]?.outcomes).toEqual({ chromium: 'no: it is hard' })
  })

  it('differs from results with another outcome, without it, and with more', () => {
    expect(differences(seen, seen)).toEqual([])
    const [name, hours, page] = seen.scenarios as [Scenario, Scenario, Scenario]
    const other = { ...name, outcomes: { ...name.outcomes, webkit: 'yes' } }
    const known = (...scenarios: Scenario[]): Results => ({ ...seen, scenarios })
    expect(differences(seen, known(other, hours, page))).toEqual([
      '"a name" in webkit: "yes, but slowly", and not "yes"',
    ])
    expect(differences(seen, known(name, page))).toEqual([
      '"hours" in chromium: "yes", and not "unknown"',
    ])
    expect(differences(seen, known(name, hours, page, { ...page, title: 'old' }))).toEqual([
      '"old" was not run',
    ])
    // what this machine cannot run stays as it was known
    const skipped = seenIn({
      specs: [{ title: 'a page', tags: [], tests: [run('webkit', 'none', 'skipped')] }],
    })
    const rest = { ...seen, scenarios: [name, hours, ...skipped.scenarios] }
    expect(differences(rest, seen)).toEqual([])
    expect(merged(rest, seen).scenarios).toEqual(seen.scenarios)
    // nobody was there to run it
    expect(differences({ browsers: {}, scenarios: [] }, seen)).toEqual([])
  })

  it('is left out where the browser is another of the same engine', () => {
    const known = { ...seen, browsers: { ...seen.browsers, chromium: 'Chromium 140' } }
    expect(seenInKnown(seen, known)).toEqual(seen) // an older version is no other browser
    const other = seenIn({
      specs: [{ title: 'a name', tags: [], tests: [run('webkit', 'WebKit 26.0')] }],
    })
    expect(differences(other, known)).not.toEqual([])
    const left = seenInKnown(other, known)
    expect(left).toEqual({
      browsers: {},
      scenarios: [{ title: 'a name', slow: false, outcomes: {} }],
    })
    expect(differences(left, known)).toEqual([])
    expect(seenInKnown(other, { browsers: {}, scenarios: [] })).toEqual(other)
  })

  it('leaves what it has not seen as it was known', () => {
    const firefox = { title: 'a name', slow: false, outcomes: { firefox: 'yes' } }
    const days = { title: 'days', slow: true, outcomes: { firefox: 'yes' } }
    const old = { ...days, title: 'old', slow: false }
    const known = { browsers: { firefox: 'Firefox 153' }, scenarios: [firefox, days, old] }
    const both = merged(seen, known)
    expect(both.browsers).toEqual({ firefox: 'Firefox 153', ...seen.browsers })
    expect(both.scenarios.map(({ title }) => title)).toEqual(['a name', 'hours', 'a page', 'days'])
    expect(both.scenarios[0]?.outcomes).toMatchObject({ firefox: 'yes', chromium: 'yes' })
  })
})

type Scenario = Results['scenarios'][number]

describe('the README', () => {
  it('has the table of what was seen', () => {
    expect(Object.keys(results.browsers)).toEqual(['chromium', 'firefox', 'webkit'])
    expect(results.scenarios.length).toBeGreaterThan(10)
    const readme = read('README.md')
    expect(withTable(readme, tableOf(results))).toBe(readme)
  })

  it('would not pass with another', () => {
    const readme = read('README.md')
    expect(withTable(readme, tableOf(seen))).not.toBe(readme)
    expect(() => withTable('# holdall', '')).toThrow('no place')
  })
})
