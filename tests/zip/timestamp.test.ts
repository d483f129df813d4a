import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dosTimestamp, unixTimestamp } from '../../src/zip/timestamp.ts'

describe('dosTimestamp()', () => {
  const FIRST = 0x0021_0000
  const LAST = 0xff9f_bf7d

  it.each([
    ['the first of DOS', [1980, 0, 1, 0, 0, 0], FIRST],
    ['the second before', [1979, 11, 31, 23, 59, 59], FIRST],
    ['the last of DOS', [2107, 11, 31, 23, 59, 58], LAST],
    ['the second after', [2108, 0, 1, 0, 0, 0], LAST],
    ['an even second', [2024, 4, 17, 10, 30, 42], 0x58b1_53d5],
    ['an odd second, rounded down', [2024, 4, 17, 10, 30, 43], 0x58b1_53d5],
  ] as const)('of %s', (_, [year, month, day, hours, minutes, seconds], dos) => {
    expect(dosTimestamp(new Date(year, month, day, hours, minutes, seconds).getTime())).toBe(dos)
  })

  it('holds local time, to two seconds', () => {
    const from = new Date(1980, 0, 1).getTime()
    const to = new Date(2107, 11, 31).getTime()
    fc.assert(
      fc.property(fc.integer({ min: from, max: to }), (time) => {
        const dos = dosTimestamp(time)
        const date = dos >>> 16
        const shown = new Date(
          (date >> 9) + 1980,
          ((date >> 5) & 15) - 1,
          date & 31,
          (dos >> 11) & 31,
          (dos >> 5) & 63,
          (dos & 31) * 2,
        )
        const local = new Date(time)
        local.setMilliseconds(0)
        local.setSeconds(local.getSeconds() & ~1)
        // By what clocks show: an hour that a change of clocks repeats has two times.
        expect(shown.toString().slice(0, 24)).toBe(local.toString().slice(0, 24))
      }),
    )
  })
})

describe('unixTimestamp()', () => {
  it.each([
    [0, 0],
    [1999, 1],
    [-1, -1],
    [0x7fff_ffff * 1000 + 999, 0x7fff_ffff],
    [0x8000_0000 * 1000, undefined],
    [-0x8000_0000 * 1000, -0x8000_0000],
    [-0x8000_0000 * 1000 - 1, undefined],
  ])('of %d ms is %s', (time, seconds) => {
    expect(unixTimestamp(time)).toBe(seconds)
  })
})
