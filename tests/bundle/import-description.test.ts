/** `holdall-bundle.json` of anybody: a field that is not what it must be is refused by its path. */

import { describe, expect, it } from 'vitest'
import { parseDescription } from '../../src/bundle/import-description.ts'
import { limitsOf } from '../../src/bundle/import-limits.ts'
import { describeApp, HERE } from './made-bundle.ts'

const limits = limitsOf()

/** The path that a description is refused for, with one field of its own or of its first response changed. */
function refusedAt(field: string, value: unknown, inResponse = false): string {
  const { description } = describeApp()
  const [first, ...rest] = description.responses
  const changed = inResponse
    ? { ...description, responses: [{ ...first, [field]: value }, ...rest] }
    : { ...description, [field]: value }
  try {
    parseDescription(JSON.stringify(changed), limits)
  } catch (error) {
    expect(error).toMatchObject({ name: 'HoldallError', code: 'invalid-bundle' })
    return (error as { detail: { path: string } }).detail.path
  }
  return 'taken'
}

describe('parseDescription()', () => {
  it('takes what is right, and nothing else of it', () => {
    const { description } = describeApp()
    const [first, ...rest] = description.responses
    const more = {
      ...description,
      unknown: 1,
      responses: [{ ...first, page: 'a.html', unknown: 1 }, ...rest],
    }
    expect(parseDescription(JSON.stringify(more), limits)).toEqual({
      ...description,
      responses: [{ ...first, page: 'a.html' }, ...rest],
    })
  })

  it.each(['', 'null', '[]', '"x"', '{', '{}', '\u{feff}{}'])('refuses %j', (text) => {
    expect(() => parseDescription(text, limits)).toThrow(/^Cannot import the bundle: \$/)
  })

  it('says what to do about a version of a later holdall', () => {
    const text = JSON.stringify({ ...describeApp().description, version: 2 })
    expect(() => parseDescription(text, limits)).toThrow(
      /is 2, this holdall reads 1: update the app/,
    )
  })

  it.each([
    ['version', '1', '$.version'],
    ['generator', 7, '$.generator'],
    ['origin', `${HERE}/`, '$.origin'],
    ['origin', 'null', '$.origin'],
    ['origin', 'data:,', '$.origin'],
    ['scope', '/', '$.scope'],
    ['scope', 'https://other.example/', '$.scope'],
    ['created', 'yesterday', '$.created'],
    ['created', '2026-13-41T00:00:00Z', '$.created'],
    ['created', 0, '$.created'],
    ['start', '/etc/passwd', '$.start'],
    ['responses', {}, '$.responses'],
    ['responses', [null], '$.responses[0]'],
    ['responses', [[]], '$.responses[0]'],
  ])('refuses %s of %j', (field, value, path) => {
    expect(refusedAt(field, value)).toBe(path)
  })

  it.each([
    ['url', '/a', ''],
    ['url', 'javascript:alert(1)', ''],
    ['url', 'file:///etc/passwd', ''],
    ['url', 'HTTPS://APP.EXAMPLE/', ''],
    ['url', `${HERE}/a\n`, ''],
    ['url', `${HERE}/../a`, ''],
    ['url', 'https://a:b@app.example/', ''],
    ['cache', undefined, ''],
    ['cache', '', ''],
    ['cache', 'a\0', ''],
    ['cache', 'a'.repeat(1025), ''],
    ['cache', 'holdall-import:1', ''],
    ['vary', [], ''],
    ['vary', null, ''],
    ['vary', { 'a b': 'x' }, '["a b"]'],
    ['vary', { Accept: 'x\r\nHost: y' }, '["Accept"]'],
    ['status', 101, ''],
    ['status', 0, ''],
    ['status', 206, ''],
    ['status', 600, ''],
    ['status', '200', ''],
    ['status', 200.5, ''],
    ['statusText', 'OK\r\nX: y', ''],
    ['statusText', null, ''],
    ['headers', {}, ''],
    ['headers', [['a']], '[0][1]'],
    ['headers', [['a', 'b', 'c']], '[0]'],
    ['headers', [['a:', 'b']], '[0][0]'],
    ['headers', [['', 'b']], '[0][0]'],
    ['headers', [['a', 'b\r\nSet-Cookie: c']], '[0][1]'],
    ['headers', [['a', 'b\0']], '[0][1]'],
    ['headers', [['a', '\u{100}']], '[0][1]'],
    ['size', -1, ''],
    ['size', 1.5, ''],
    ['size', 2 ** 53, ''],
    ['size', '1', ''],
    ['crc32', '1234567', ''],
    ['crc32', 305_419_896, ''],
    ['sha256', 'g'.repeat(64), ''],
    ['sha256', 'ab'.repeat(33), ''],
    ['type', null, ''],
    ['path', '..', ''],
    ['page', '../a', ''],
    ['page', null, ''],
  ])('refuses %s of %j in a response', (field, value, at) => {
    expect(refusedAt(field, value, true)).toBe(`$.responses[0].${field}${at}`)
  })

  it.each([204, 205, 304])('refuses a body with the status %d', (status) => {
    expect(refusedAt('status', status, true)).toBe('$.responses[0].size')
  })

  it('refuses the same response twice, whatever its fragment', () => {
    const { description } = describeApp()
    const [first] = description.responses
    for (const url of [first!.url, `${first!.url}#a`]) {
      const text = JSON.stringify({ ...description, responses: [first, { ...first, url }] })
      expect(() => parseDescription(text, limits)).toThrow(/responses\[1\]\.url .* is there twice/)
    }
  })

  it('refuses caches without end', () => {
    const { description } = describeApp()
    const responses = Array.from({ length: 1001 }, (_, index) => ({
      ...description.responses[0],
      cache: `cache ${index}`,
    }))
    const text = (count: number): string =>
      JSON.stringify({ ...description, responses: responses.slice(0, count) })
    expect(() => parseDescription(text(1000), limits)).not.toThrow()
    expect(() => parseDescription(text(1001), limits)).toThrow(/are of more than 1000 caches/)
  })

  it('is not led astray by the keys of prototypes', () => {
    const text = JSON.stringify(describeApp().description)
    const hostile = text.replace('{', '{"__proto__":{"polluted":1},"constructor":{"prototype":{}},')
    expect(parseDescription(hostile, limits)).toEqual(describeApp().description)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})
