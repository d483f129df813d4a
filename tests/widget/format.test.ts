/** Numbers as people read them. */

import { describe, expect, it } from 'vitest'
import { numberFormats } from '../../src/widget/format.ts'

/** With plain spaces: languages have several kinds, and Unicode changes its mind. */
const plain = (text: string): string => text.replace(/\s/g, ' ')

describe('numberFormats()', () => {
  const { bytes, rate, percent, duration, count } = numberFormats('en')

  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [36_400_000, '36.4 MB'],
    [5_000_000_000, '5.0 GB'],
    [2e18, '2,000 PB'],
  ])('shows %d bytes as "%s"', (value, text) => {
    expect(plain(bytes(value))).toBe(text)
  })

  it('shows rates in two digits', () => {
    expect(plain(rate(8_543_210))).toBe('8.5 MB/s')
    expect(plain(rate(123))).toBe('0.12 kB/s')
  })

  it('says 100% only of what is whole', () => {
    expect([0, 0.4599, 0.999, 1].map(percent)).toEqual(['0%', '45%', '99%', '100%'])
  })

  it.each([
    [0, '1 sec'],
    [59_000, '59 sec'],
    [59_001, '1 min 0 sec'],
    [599_000, '9 min 59 sec'],
    [600_000, '10 min'],
    [3_661_000, '1 hr 1 min'],
  ])('shows %d ms as "%s"', (value, text) => {
    expect(plain(duration(value))).toBe(text)
  })

  it('writes as the locale does', () => {
    const german = numberFormats('de')
    expect(plain(german.bytes(36_400_000))).toBe('36,4 MB')
    expect(plain(german.percent(0.5))).toBe('50 %')
    expect(numberFormats('de-CH').count(70_000)).toMatch(/^70[’']000$/)
    expect(count(70_000)).toBe('70,000')
  })
})
