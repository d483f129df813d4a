/** What sources make of the header fields of an answer. */

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { contentDisposition } from '../../src/engine/response-headers.ts'
import { dispositionName } from '../../src/sources/disposition.ts'
import { bodyLength } from '../../src/sources/lengths.ts'
import {
  delayBefore,
  isTransient,
  patienceOf,
  retryAfter,
  sleep,
} from '../../src/sources/patience.ts'

const PATIENCE = patienceOf()

/** As Fetch gives text that was sent as UTF-8. */
const bytes = (text: string): string => Buffer.from(text).toString('latin1')

describe('dispositionName()', () => {
  it.each([
    [null, undefined],
    ['', undefined],
    ['inline', undefined],
    ['attachment', undefined],
    ['attachment; filename=a.txt', 'a.txt'],
    ['attachment; filename="a b.txt"', 'a b.txt'],
    ['attachment; filename="a\\"b\\\\c.txt"', 'a"b\\c.txt'],
    ['ATTACHMENT; FILENAME="a.txt"', 'a.txt'],
    ['inline;filename=a.txt;size=5', 'a.txt'],
    ['attachment; filename="e.txt"; filename*=UTF-8\'\'%e2%82%ac.txt', '€.txt'],
    ["attachment; filename*=utf-8'en'a%20b.txt; filename=c", 'a b.txt'],
    ["attachment; filename*=UTF-8''%ff; filename=plain.txt", 'plain.txt'],
    ["attachment; filename*=iso-8859-1''%a3; filename=plain.txt", 'plain.txt'],
    [`attachment; filename="${bytes('Übersicht 写真 100%25.pdf')}"`, 'Übersicht 写真 100%25.pdf'],
    [`attachment; filename=${bytes('grün.txt')}`, 'grün.txt'],
    ['attachment; filename="gr\xfcn.txt"', 'grün.txt'],
    ['attachment; filename=""', undefined],
    ['attachment; filename="folder/"', undefined],
    ['attachment; filename="../folder/a.txt"', 'a.txt'],
    ["attachment; filename*=UTF-8''folder%2Fa.txt", 'a.txt'],
  ])('reads %j as %j', (field, name) => {
    expect(dispositionName(field)).toBe(name)
  })

  it('reads what contentDisposition() writes', () => {
    const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(word, (text) => {
        const name = dispositionName(contentDisposition(text))!
        // What is safe stays as it is.
        expect(dispositionName(contentDisposition(name))).toBe(name)
        expect(name).not.toBe('')
      }),
    )
  })
})

describe('bodyLength()', () => {
  it.each([
    ['5', 5],
    ['0', 0],
    ['5, 5', 5],
    ['5,5 , 5', 5],
    ['5, 6', undefined],
    ['5, 55', undefined],
    ['-1', undefined],
    ['', undefined],
  ])('reads %j as %s', (field, length) => {
    expect(bodyLength(new Headers({ 'Content-Length': field }))).toBe(length)
    expect(bodyLength(new Headers())).toBeUndefined()
  })
})

describe('retryAfter()', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2024, 4, 17, 10, 0, 0) }))
  afterEach(() => void vi.useRealTimers())

  it.each([
    ['0', 0],
    ['120', 120_000],
    ['Fri, 17 May 2024 10:00:30 GMT', 30_000],
    ['Fri, 17 May 2024 09:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ])('takes %j for %s ms', (value, ms) => {
    const headers = new Headers({ 'Retry-After': value })
    expect(retryAfter(headers)).toBe(ms)
    expect(retryAfter(new Headers())).toBeUndefined()
  })

  it.each([
    ['Fri, 17 May 2024 09:00:00 GMT', 90_000],
    ['Fri, 17 May 2024 11:00:00 GMT', 0],
    ['today', 30_000],
  ])('counts from %s, by the clock that set the date', (date, ms) => {
    const value = ms === 90_000 ? 'Fri, 17 May 2024 09:01:30 GMT' : 'Fri, 17 May 2024 10:00:30 GMT'
    expect(retryAfter(new Headers({ 'Retry-After': value, Date: date }))).toBe(ms)
  })
})

describe('delayBefore()', () => {
  it('doubles, and is never longer than half a minute', () => {
    for (let number = 2; number < 40; number++) {
      const most = Math.min(30_000, PATIENCE.delay * 2 ** (number - 2))
      const delay = delayBefore(number, PATIENCE, undefined)
      expect(delay).toBeGreaterThanOrEqual(most / 2)
      expect(delay).toBeLessThanOrEqual(most)
    }
  })

  it('is what the server asks for, up to five minutes', () => {
    expect(delayBefore(2, PATIENCE, 7000)).toBe(7000)
    expect(delayBefore(2, PATIENCE, 10 ** 9)).toBe(300_000)
  })

  it('is no shorter for what the server asks', () => {
    for (let number = 2; number < 10; number++) {
      const least = Math.min(30_000, PATIENCE.delay * 2 ** (number - 2)) / 2
      expect(delayBefore(number, PATIENCE, 0)).toBeGreaterThanOrEqual(least)
    }
  })
})

describe('isTransient()', () => {
  it('is true of answers that mean "later"', () => {
    const later = Array.from({ length: 500 }, (_, index) => index + 100).filter(isTransient)
    expect(later.slice(0, 3)).toEqual([408, 425, 429])
    const serverErrors = Array.from({ length: 100 }, (_, index) => index + 500)
    const isForGood = new Set([501, 505])
    expect(later.slice(3)).toEqual(serverErrors.filter((status) => !isForGood.has(status)))
  })
})

describe('sleep()', () => {
  afterEach(() => void vi.useRealTimers())

  it('ends by signal, and leaves no timer', async () => {
    vi.useFakeTimers()
    const ending = new AbortController()
    const reason = new Error('no more')
    const slept = sleep(60_000, ending.signal)
    ending.abort(reason)
    await expect(slept).rejects.toBe(reason)
    await expect(sleep(60_000, ending.signal)).rejects.toBe(reason)
    expect(vi.getTimerCount()).toBe(0)
  })
})
