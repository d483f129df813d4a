import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isHoldallError, type HoldallError } from '../../src/errors.ts'
import { parseManifest } from '../../src/manifest/json.ts'

const SOURCE = 'https://host.test/albums/manifest.json'

const parse = (value: unknown): ReturnType<typeof parseManifest> =>
  parseManifest(JSON.stringify(value), SOURCE)

function refusal(text: string): HoldallError {
  try {
    parseManifest(text, SOURCE)
  } catch (error) {
    if (isHoldallError(error)) return error
    throw error
  }
  return expect.fail('it was accepted')
}

describe('parseManifest()', () => {
  it('reads files, and the name of the archive', () => {
    const file = {
      url: '1.jpg',
      name: 'One.jpg',
      size: 5,
      crc32: 0xffff_ffff,
      lastModified: '2024-05-17T10:30:00Z',
      mode: 0o644,
      comment: 'c',
      credentials: 'include',
      integrity: 'sha256-abc',
      referrerPolicy: 'no-referrer',
      etag: '"1"',
      headers: { Accept: 'image/jpeg' },
    }
    expect(parse({ name: 'album.zip', files: [file, { url: '2.jpg' }] })).toEqual({
      name: 'album.zip',
      files: [file, { url: '2.jpg' }],
    })
  })

  it('takes "filename" for "name"', () => {
    expect(parse({ files: [{ url: 'a', filename: 'b' }] }).files).toEqual([{ url: 'a', name: 'b' }])
  })

  it('takes null for a field that is not there', () => {
    const file = { url: 'a', name: null, size: null, crc32: null, lastModified: null }
    expect(parse({ files: [file] }).files).toEqual([{ url: 'a' }])
  })

  it('leaves fields alone that it does not know', () => {
    expect(parse({ version: 7, files: [{ url: 'a', tags: ['x'], data: 'x' }] })).toEqual({
      files: [{ url: 'a' }],
    })
  })

  it('takes an empty list, which is told later', () => {
    expect(parse({ files: [] })).toEqual({ files: [] })
  })

  it('takes times as numbers too, those before 1970 too', () => {
    const files = [
      { url: 'a', lastModified: 0 },
      { url: 'a', lastModified: -1 },
    ]
    expect(parse({ files }).files).toEqual(files)
  })
})

describe('parseManifest() refuses', () => {
  it.each([
    ['nothing', ''],
    ['a web page', '<!doctype html>'],
    ['a comma too many', '{ "files": [], }'],
    ['half of it', '{ "files": [{ "url": "a"'],
  ])('what is not JSON: %s', (_, text) => {
    const error = refusal(text)
    expect(error).toMatchObject({ code: 'invalid-manifest', detail: { path: '$', url: SOURCE } })
    expect(error.message).toMatch(
      /^Cannot read the manifest \S+manifest\.json at \$: it is not JSON/,
    )
    expect(error.cause).toBeInstanceOf(SyntaxError)
  })

  const good = { url: 'a' }
  const at3 = (file: unknown): unknown => ({ files: [good, good, good, file] })

  it.each([
    [[], '$', 'an object'],
    [null, '$', 'an object'],
    ['x', '$', 'an object'],
    [5, '$', 'an object'],
    [{}, '$.files', 'an array'],
    [{ files: {} }, '$.files', 'an array'],
    [{ files: null }, '$.files', 'an array'],
    [{ name: 5, files: [] }, '$.name', 'a string'],
    [at3(null), '$.files[3]', 'an object'],
    [at3('a'), '$.files[3]', 'an object'],
    [at3([]), '$.files[3]', 'an object'],
    [at3({}), '$.files[3].url', 'missing'],
    [at3({ url: null }), '$.files[3].url', 'missing'],
    [at3({ url: 5 }), '$.files[3].url', 'a string, not 5'],
    [at3({ url: 'https://' }), '$.files[3].url', '"https://" is not a URL'],
    [at3({ ...good, name: 5 }), '$.files[3].name', 'a string, not 5'],
    [at3({ ...good, filename: {} }), '$.files[3].filename', 'a string, not {}'],
    [at3({ ...good, size: '5' }), '$.files[3].size', 'a number, not "5"'],
    [at3({ ...good, size: -1 }), '$.files[3].size', 'a whole number of bytes, 0 or more'],
    [at3({ ...good, size: 0.5 }), '$.files[3].size', 'a whole number of bytes, 0 or more'],
    [at3({ ...good, size: 2 ** 53 }), '$.files[3].size', 'a whole number of bytes, 0 or more'],
    [at3({ ...good, crc32: 'ff' }), '$.files[3].crc32', 'a number, not "ff"'],
    [at3({ ...good, crc32: -1 }), '$.files[3].crc32', 'from 0 to 4294967295'],
    [at3({ ...good, crc32: 2 ** 32 }), '$.files[3].crc32', 'from 0 to 4294967295'],
    [at3({ ...good, lastModified: {} }), '$.files[3].lastModified', 'a string or number, not {}'],
    [at3({ ...good, lastModified: 'today' }), '$.files[3].lastModified', 'a date, or milliseconds'],
    [at3({ ...good, lastModified: 1e20 }), '$.files[3].lastModified', 'a date, or milliseconds'],
    [at3({ ...good, mode: '644' }), '$.files[3].mode', 'a number, not "644"'],
    [at3({ ...good, comment: 5 }), '$.files[3].comment', 'a string, not 5'],
    [at3({ ...good, credentials: 'all' }), '$.files[3].credentials', "'omit', 'same-origin' or"],
    [at3({ ...good, headers: 'a: b' }), '$.files[3].headers', 'an object, not "a: b"'],
    [at3({ ...good, headers: { 'X-"': 1 } }), '$.files[3].headers["X-\\""]', 'a string'],
    [at3({ ...good, etag: 1 }), '$.files[3].etag', 'a string, not 1'],
  ])('%j, naming %s', (manifest, path, why) => {
    const error = refusal(JSON.stringify(manifest))
    expect(error).toMatchObject({ code: 'invalid-manifest', detail: { path, url: SOURCE } })
    expect(error.message).toContain(`the manifest ${SOURCE} at ${path}: `)
    expect(error.message).toContain(why)
  })
})

describe('parseManifest() gives a list, or a HoldallError, for', () => {
  const invalid = (text: string): boolean => refusal(text).code === 'invalid-manifest'
  const settles = (text: string): boolean => {
    try {
      return Array.isArray(parseManifest(text, SOURCE).files)
    } catch {
      return invalid(text)
    }
  }

  it('any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), settles))
  })

  it('any JSON', () => {
    fc.assert(fc.property(fc.json(), settles))
  })

  it('any values of the fields that it knows', () => {
    const fields = ['url', 'name', 'filename', 'size', 'crc32', 'lastModified', 'mode', 'comment']
    const more = ['credentials', 'integrity', 'referrerPolicy', 'etag', 'headers']
    const keys = fc.constantFrom(...fields, ...more)
    const value = fc.oneof(fc.jsonValue(), fc.integer(), fc.webUrl())
    const file = fc.dictionary(keys, value, { maxKeys: 5 })
    const manifest = fc.record({ files: fc.array(file, { maxLength: 3 }) })
    fc.assert(fc.property(manifest, (given) => settles(JSON.stringify(given))))
  })
})
