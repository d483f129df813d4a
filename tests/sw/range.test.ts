import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rangeOf } from '../../src/sw/range.ts'

const ask = (range?: string, condition?: string, length = 1000): ReturnType<typeof rangeOf> =>
  rangeOf(
    new Request('https://app.test/', {
      headers: {
        ...(range !== undefined && { Range: range }),
        ...(condition !== undefined && { 'If-Range': condition }),
      },
    }),
    '"tag"',
    length,
  )

describe('the range of a request', () => {
  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=0-999', 0, 1000],
    ['bytes=10-', 10, 1000],
    ['bytes=999-', 999, 1000],
    ['bytes=5-5000', 5, 1000],
    ['bytes=-1', 999, 1000],
    ['bytes=-5000', 0, 1000],
    ['bytes= 3-4 ', 3, 5],
  ])('%s is bytes %d to %d', (range, start, end) => {
    expect(ask(range)).toEqual({ start, end })
    expect(ask(range, '"tag"')).toEqual({ start, end })
  })

  it.each(['bytes=1000-', 'bytes=1000-1001', 'bytes=-0'])('%s cannot be', (range) => {
    expect(ask(range)).toBe('unsatisfiable')
  })

  it.each([
    undefined,
    '',
    'bytes=',
    'bytes=-',
    'bytes=5-4',
    'bytes=0-1,3-4',
    'items=0-1',
    'bytes=a-b',
  ])('%s is all', (range) => {
    expect(ask(range)).toBeUndefined()
  })

  it.each(['"other"', 'W/"tag"', 'tag', 'Wed, 21 Oct 2015 07:28:00 GMT'])(
    'is all, if the archive was to be %s',
    (condition) => {
      expect(ask('bytes=0-1', condition)).toBeUndefined()
    },
  )

  it('is within the archive, whatever is asked for', () => {
    const part = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789-=, bytes') }),
      fc.tuple(fc.nat(2000), fc.nat(2000)).map(([from, to]) => `bytes=${from}-${to}`),
    )
    fc.assert(
      fc.property(part, fc.integer({ min: 1, max: 2000 }), (text, length) => {
        const range = ask(text.trim(), undefined, length)
        if (range === undefined || range === 'unsatisfiable') return
        expect(range.start).toBeGreaterThanOrEqual(0)
        expect(range.start).toBeLessThan(range.end)
        expect(range.end).toBeLessThanOrEqual(length)
      }),
    )
  })
})
