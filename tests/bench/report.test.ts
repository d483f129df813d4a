/** BENCHMARKS.md and its charts: that they are what results.json says, and that a verdict is the data's. */

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isMet } from '../../bench/figures/figure.mjs'
import { chartOf } from '../../bench/report/chart.mjs'
import { CHARTS, withResults } from '../../bench/report/document.mjs'
import { merged } from '../../bench/report/merged.mjs'
import { verdict, winners } from '../../bench/report/words.mjs'
import { inTurn, ratio } from '../../bench/statistics.mjs'

type Results = Parameters<typeof withResults>[1]
type Figure = Results['figures'][number]

const url = (path: string): URL => new URL(`../../${path}`, import.meta.url)
const read = (path: string): string => readFileSync(url(path), 'utf8')
const results = JSON.parse(read('bench/results.json')) as Results
const document = read('BENCHMARKS.md')

const places = `<!-- summary: made from bench/results.json -->
<!-- until here -->
By hand.
<!-- machines: made from bench/results.json -->
what was there before
<!-- until here -->
<!-- figures: made from bench/results.json -->
<!-- until here -->
`

const figure: Figure = {
  name: 'weight',
  title: 'What a page & its workers load',
  unit: 'KB',
  better: 'less',
  rows: [
    { name: 'holdall', kind: 'holdall', min: 60, median: 60, max: 60 },
    { name: 'small', kind: 'peer', min: 3, median: 3, max: 3, ahead: 0.05 },
    { name: 'large', kind: 'peer', min: 90, median: 90, max: 90, ahead: 1.5 },
    { name: 'as large', kind: 'peer', min: 60, median: 60, max: 60, ahead: 1.01 },
    { name: 'nothing', kind: 'reference', min: 1, median: 1, max: 1, ahead: 1 / 60 },
  ],
  targets: [{ text: 'at most 50 KB', wanted: 50, found: 60, unit: 'KB', atMost: true }],
  also: [],
  failures: { broken: 'its page ran out of memory' },
  measured: {
    date: '2026-11-25',
    rounds: 1,
    cpu: 'a processor',
    cores: 2,
    memory: '8 GiB',
    system: 'Linux',
    node: '20.0.0',
    chromium: '156.0',
    packages: { small: '1.0.0' },
  },
}

describe('BENCHMARKS.md', () => {
  it('is what results.json says', () => {
    expect(withResults(document, results)).toBe(document)
  })

  it('would not be, of other results', () => {
    const [first, ...rest] = results.figures as [Figure, ...Figure[]]
    const faster = first.rows.map((row) => ({ ...row, median: row.median * 2 }))
    const other = { figures: [{ ...first, rows: faster }, ...rest] }
    expect(withResults(document, other)).not.toBe(document)
  })

  it('has every figure that the bench gives', () => {
    const named = [...read('bench/run.mjs').matchAll(/names: \[([^\]]+)\]/g)].flatMap(([, list]) =>
      [...list!.matchAll(/'([\w-]+)'/g)].map(([, name]) => name!),
    )
    expect(named.length).toBeGreaterThan(10)
    expect(results.figures.map(({ name }) => name)).toEqual(named)
  })

  it('has the charts that the results make, and no other', () => {
    const drawn = results.figures.filter(({ rows }) => rows.length > 1)
    const files = drawn.map(({ name }) => `${name}.svg`)
    expect(readdirSync(url(CHARTS)).toSorted()).toEqual(files.toSorted())
    for (const one of drawn) expect(read(`${CHARTS}${one.name}.svg`)).toBe(chartOf(one))
  })

  it('links to what is there', () => {
    const targets = [...document.matchAll(/\]\((?!https?:|#)([^)\s]+)\)/g)].map(([, to]) => to!)
    expect(targets.length).toBeGreaterThan(10)
    expect(targets.filter((to) => !existsSync(url(to)))).toEqual([])
    const headings = new Set([...document.matchAll(/^#+ (.+)$/gm)].map(([, text]) => text!))
    const anchors = [...document.matchAll(/\]\(#([^)]+)\)/g)].map(([, to]) => to!)
    expect(anchors.filter((to) => !headings.has(to))).toEqual([])
  })
})

describe('a document of results', () => {
  const text = withResults(places, { figures: [figure] })

  it('says where a peer is ahead, by how much, and nothing of what is none', () => {
    expect(text).toContain('- [`weight`](#weight): holdall 60 KB; **small** 3 (20 ×)\n')
    expect(winners(figure).map(({ name }) => name)).toEqual(['small'])
  })

  it('says which aims are missed, and by how much', () => {
    expect(text).toContain('0 of 1 are met. Missed:')
    expect(text).toContain('- Aim: at most 50 KB. Found: 60 KB, **missed by 20%**.')
  })

  it('says who could not do it, and why', () => {
    expect(text).toContain('| broken | failed | | its page ran out of memory |')
  })

  it('keeps what is written by hand, and needs its places', () => {
    expect(text).toContain('By hand.\n')
    expect(text).not.toContain('what was there before')
    expect(() => withResults('# Figures', { figures: [] })).toThrow('no place')
  })

  it('tells machines apart when not all was measured on one', () => {
    const other = { ...figure, name: 'else', measured: { ...figure.measured, cores: 8 } }
    const both = withResults(places, { figures: [figure, other] })
    expect(both).toContain('- `weight`: 2026-11-25, one round: 2 cores')
    expect(both).toContain('- `else`: 2026-11-25, one round: 8 cores')
  })
})

describe('one figure that is measured anew', () => {
  it('replaces its own, in the order of the document, and leaves the others', () => {
    const [first, last] = [
      { ...figure, name: 'first' },
      { ...figure, name: 'last' },
    ]
    const old = { figures: [first, last, { ...figure, name: 'given up' }] }
    const names = ['first', 'weight', 'last']
    expect(merged(old, figure, names)).toEqual({ figures: [first, figure, last] })
    const again = { ...first, title: 'again' }
    expect(merged(old, again, names)).toEqual({ figures: [again, last] })
  })
})

describe('a chart', () => {
  it('has a bar for each, the best first, as long as what was found', () => {
    const svg = chartOf(figure)
    const bars = [...svg.matchAll(/<rect class="(\w+)" x="\d+" y="(\d+)" width="([\d.]+)"/g)]
    const lengths = bars.map(([, , , width]) => Number(width))
    expect(bars.map(([, kind]) => kind)).toEqual(['reference', 'peer', 'holdall', 'peer', 'peer'])
    expect(lengths.at(-1)! / lengths[2]!).toBeCloseTo(1.5, 2)
    expect(svg).toContain('What a page &amp; its workers load')
  })
})

describe('verdicts', () => {
  const row = (ahead: number): Figure['rows'][number] => ({ ...figure.rows[1]!, ahead })

  it('name who is ahead, and nobody who is by a hair', () => {
    expect(verdict(row(2))).toBe('holdall, 2 ×')
    expect(verdict(row(0.5))).toBe('**small, 2 ×**')
    expect(verdict(row(0.99))).toBe('even')
    expect(verdict(figure.rows[0]!)).toBe('')
  })

  it('take an aim as met at its very edge', () => {
    expect(isMet({ text: '', wanted: 50, found: 50, atMost: true })).toBe(true)
    expect(isMet({ text: '', wanted: 50, found: 50.1, atMost: true })).toBe(false)
    expect(isMet({ text: '', wanted: 2, found: 1.9 })).toBe(false)
  })
})

describe('rounds', () => {
  it('take turns, each beginning with another, and whoever fails is out, with a reason', async () => {
    const turns: string[] = []
    const take = (name: string, time: number) => async () => {
      turns.push(name)
      if (name === 'broken') throw new Error('it broke\nat a line')
      return time
    }
    const told: string[] = []
    const contestants = {
      holdall: take('holdall', 1),
      broken: take('broken', 2),
      slow: take('slow', 3),
    }
    const { measured, failures } = await inTurn(2, contestants, (line) => told.push(line))
    expect(told[1]).toBe('  1/2 broken: it broke')
    expect(turns).toEqual(['holdall', 'broken', 'slow', 'slow', 'holdall'])
    expect(measured).toEqual({ holdall: [1, 1], slow: [3, 3] })
    expect(failures).toEqual({ broken: 'it broke' })
  })

  it('are worth nothing when holdall fails', async () => {
    const fails = async (): Promise<number> => Promise.reject(new Error('it broke'))
    await expect(inTurn(1, { holdall: fails })).rejects.toThrow('it broke')
  })

  it('are compared each with its own', () => {
    expect(ratio([2, 40, 9], [1, 10, 3])).toBe(3)
  })
})
