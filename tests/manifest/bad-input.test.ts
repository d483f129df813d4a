import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { prepareJob } from '../../src/engine/job.ts'
import { isHoldallError, type ErrorCode, type HoldallError } from '../../src/errors.ts'
import type { ArchiveOptions, FileInput, FilesInput } from '../../src/manifest/types.ts'

const fetch = vi.fn(() => Promise.reject(new Error('There is no network here')))

beforeEach(() => vi.stubGlobal('fetch', fetch))
afterEach(() => {
  vi.unstubAllGlobals()
  fetch.mockClear()
})

/** What is said of `files`, before anything is fetched. */
async function refusal(files: FilesInput, options: ArchiveOptions = {}): Promise<HoldallError> {
  const { signal } = new AbortController()
  const error: unknown = await prepareJob(files, options, signal).then(
    () => expect.fail('it was accepted'),
    (reason: unknown) => reason,
  )
  expect(fetch).not.toHaveBeenCalled()
  if (!isHoldallError(error)) throw error
  return error
}

/** `a` and `c` are fine; what is between them is not. */
function among(input: unknown): FileInput[] {
  return ['https://host.test/a', input as FileInput, 'https://host.test/c']
}

const url = 'https://host.test/b.bin'
const long = 'ä'.repeat(32_768)

describe('bad input', () => {
  it('of no files is told', async () => {
    for (const none of [[], new Set<string>(), (async function* () {})()]) {
      const error = await refusal(none)
      expect(error.code).toBe('no-files')
      expect(error.message).toContain('give at least one file')
    }
  })

  it.each<[string, unknown, ErrorCode, object, string]>([
    ['a number', 5, 'invalid-file', { index: 1 }, 'just one of url, data'],
    ['null', null, 'invalid-file', { index: 1 }, 'just one of url, data'],
    ['a symbol', Symbol('x'), 'invalid-file', { index: 1 }, 'just one of url, data'],
    ['an empty object', {}, 'invalid-file', { index: 1 }, 'just one of url, data'],
    ['a list in the list', [url], 'invalid-file', { index: 1 }, 'just one of url, data'],
    ['two shapes', { url, data: 'x' }, 'invalid-file', { index: 1 }, 'just one of url, data'],
    ['a URL that is none', { url: 5 }, 'invalid-file', { index: 1 }, 'give a URL'],
    ['data of another kind', { name: 'b', data: 5 }, 'invalid-file', { index: 1 }, 'file 1'],
    [
      'a number as data',
      { name: 'b', data: 5 },
      'invalid-file',
      {},
      '"b": its data is 5; give text',
    ],
    ['data of null', { name: 'b', data: null }, 'invalid-file', {}, '"b": its data is null;'],
    [
      'a stream of Node',
      { name: 'b', data: Readable.from(['x']) },
      'invalid-file',
      { index: 1 },
      'file 1, "b": its data is a value of type object; make the stream of Node one of the Web: Readable.toWeb(stream)',
    ],
    ['no directory', { name: 'b', directory: false }, 'invalid-file', { index: 1 }, 'file 1'],

    ['data without a name', { data: 'x' }, 'missing-name', { index: 1 }, 'set its name'],
    ['a Blob', new Blob(['x']), 'missing-name', { index: 1 }, 'file 1'],
    ['an empty name', { name: '', data: 'x' }, 'missing-name', { index: 1 }, 'set its name'],
    ['a name of another type', { name: 5, data: 'x' }, 'missing-name', { index: 1 }, 'set its'],
    ['a URL without a path', 'https://host.test', 'missing-name', { index: 1 }, 'set its name'],
    ['the URL of a folder', `${url}/`, 'missing-name', { index: 1 }, 'set its name'],
    ['a blob: URL', 'blob:https://host.test/1', 'missing-name', { index: 1 }, 'set its name'],
    ['a data: URL', 'data:,x', 'missing-name', { index: 1 }, 'set its name'],
    ['a link without a name', { symlink: 'a' }, 'missing-name', { index: 1 }, 'set its name'],
    ['a folder without one', { directory: true }, 'missing-name', { index: 1 }, 'set its name'],

    ['a relative URL', '/b', 'invalid-url', { entry: '/b', url: '/b' }, 'not an absolute URL'],
    ['a broken URL', 'https://', 'invalid-url', { url: 'https://' }, 'check how it was built'],
    ['a URL with a password', 'https://a:b@host.test/c', 'invalid-url', {}, 'send them in headers'],
    [
      'one of FTP, too',
      'ftp://a:word@host.test/c',
      'invalid-url',
      {},
      'file 1 from "ftp://host.test/c"',
    ],
    [
      'one that is broken',
      'https://a:word@ho st/c',
      'invalid-url',
      { url: 'https://…@ho st/c' },
      'file 1 from "https://…@ho st/c"',
    ],
    [
      'one that is broken, with one slash',
      'https:/a:word@ho st/c',
      'invalid-url',
      { url: 'https:/…@ho st/c' },
      'file 1 from "https:/…@ho st/c"',
    ],
    [
      'one that is broken by its password',
      'https://a:wo/rd#@host.test/c',
      'invalid-url',
      { entry: 'https://…@host.test/c' },
      'file 1 from "https://…@host.test/c"',
    ],
    ['a URL of FTP', 'ftp://host.test/b', 'invalid-url', {}, 'use http: or https:'],
    ['a URL of a script', { url: 'javascript:0', name: 'b' }, 'invalid-url', {}, 'use http: or'],

    ['a negative size', { url, size: -1 }, 'invalid-size', { entry: 'b.bin', size: -1 }, '-1'],
    ['a fractional size', { url, size: 1.5 }, 'invalid-size', { size: 1.5 }, 'leave it out'],
    ['an unsafe size', { url, size: 2 ** 53 }, 'invalid-size', { size: 2 ** 53 }, '"b.bin"'],
    ['a size without end', { url, size: Infinity }, 'invalid-size', { size: Infinity }, '"b.bin"'],
    ['no number as a size', { url, size: NaN }, 'invalid-size', { size: NaN }, '"b.bin"'],
    ['a size in text', { url, size: '12' }, 'invalid-size', { size: '12' }, 'not "12"; leave it'],
    ['a size of null', { url, size: null }, 'invalid-size', { size: null }, 'not null; leave it'],

    ['a negative CRC-32', { url, crc32: -1 }, 'invalid-crc32', { crc32: -1 }, '"b.bin"'],
    ['too large a CRC-32', { url, crc32: 2 ** 32 }, 'invalid-crc32', {}, '4294967295'],
    ['half a CRC-32', { url, crc32: 0.5 }, 'invalid-crc32', { crc32: 0.5 }, 'leave it out'],
    ['a CRC-32 in text', { url, crc32: 'ff' }, 'invalid-crc32', { crc32: 'ff' }, 'not "ff"; leave'],

    ['a name too long', { url, name: long }, 'name-too-long', { length: 65_536 }, 'shorten it'],
    ['too long a comment', { url, comment: long }, 'comment-too-long', {}, 'shorten it'],
    ['a comment of null', { url, comment: null }, 'invalid-metadata', { field: 'comment' }, 'a st'],

    [
      'a referrer policy that there is none of',
      { url, referrerPolicy: 'never' },
      'invalid-metadata',
      { field: 'referrerPolicy' },
      'one that fetch() knows',
    ],
    [
      'a cache of another kind',
      { url, cache: 1 },
      'invalid-metadata',
      { field: 'cache' },
      'its cache must be a string',
    ],
    ['no date', { url, lastModified: 'no' }, 'invalid-metadata', { field: 'lastModified' }, '"b.b'],
    ['a date of NaN', { url, lastModified: NaN }, 'invalid-metadata', {}, 'must be a date'],
    ['a date too late', { url, lastModified: 8.64e15 + 1 }, 'invalid-metadata', {}, 'a date'],
    ['a date of null', { url, lastModified: null }, 'invalid-metadata', {}, 'must be a date'],
    ['a symbol as date', { url, lastModified: Symbol('x') }, 'invalid-metadata', {}, 'a date'],
    ['a negative mode', { url, mode: -1 }, 'invalid-metadata', { field: 'mode' }, '"b.bin"'],
    ['too many bits', { url, mode: 0o10000 }, 'invalid-metadata', { field: 'mode' }, '0o7777'],
    ['half a mode', { url, mode: 0.5 }, 'invalid-metadata', { field: 'mode' }, 'permission bits'],
    ['a mode in text', { url, mode: '755' }, 'invalid-metadata', { field: 'mode' }, 'not "755"'],

    ['headers of 5', { url, headers: 5 }, 'invalid-metadata', { field: 'headers' }, 'HTTP allows'],
    ['a bad header', { url, headers: { 'a b': '' } }, 'invalid-metadata', {}, '"b.bin"'],
    ['a bad value', { url, headers: { a: 'b\r\nc: d' } }, 'invalid-metadata', {}, 'headers must'],
    ['other credentials', { url, credentials: 'yes' }, 'invalid-metadata', {}, "'omit', 'same-o"],
  ])('such as %s is told', async (_, input, code, detail, message) => {
    const error = await refusal(among(input))
    expect(error).toMatchObject({ code, detail })
    expect(error.message).toContain(message)
  })

  it.each([
    ['link', '/etc/passwd'],
    ['link', '\\etc'],
    ['link', 'C:/etc'],
    ['link', ''],
    ['link', 'a\0b'],
    ['link', 'a\\..\\..\\b'],
    ['link', '..'],
    ['link', 'a/../../b'],
    ['a/link', '../../b'],
    ['a/./link', '../../b'],
    ['a//link', '../../b'],
    // The name gets shorter when it is made safe, and with it the way up.
    ['../link', '../b'],
    ['C:/link', '../b'],
    [' . /link', '../b'],
    // With `up` a link to its own folder, `up/..` is that folder's parent.
    ['a/link', 'up/..'],
    ['a/b/link', 'up/..'],
    ['a/b/c/link', '../up/..'],
    ['a/link', '../up/../b'],
    ['link', 5],
    ['link', Symbol('x')],
  ])('such as a link %s → %s is told', async (name, symlink) => {
    const error = await refusal(among({ name, symlink }))
    expect(error.code).toBe('unsafe-symlink')
    expect(error.detail).toMatchObject({ entry: name })
    expect(error.message).toContain('give a relative path inside it')
  })

  it('such as a size that is not that of the data is told', async () => {
    for (const data of ['abc', new Blob(['abc'])]) {
      const error = await refusal(among({ name: 'b', data, size: 4 }))
      expect(error).toMatchObject({
        code: 'size-mismatch',
        detail: { entry: 'b', planned: 4, actual: 3 },
      })
      expect(error.message).toContain('leave size out')
    }
  })

  it('such as a stream that is locked, or was read, is told', async () => {
    const locked = new Blob(['x']).stream()
    locked.getReader()
    const read = new Blob(['x']).stream()
    const reader = read.getReader()
    await reader.read()
    reader.releaseLock()
    for (const data of [locked, read]) {
      const error = await refusal(among({ name: 'b', data }))
      expect(error).toMatchObject({ code: 'stream-used', detail: { entry: 'b' } })
      expect(error.message).toContain('a function that makes one')
    }
  })

  it('such as two files of one name is told, where that is asked for', async () => {
    const files = [
      { name: 'B.txt', data: '' },
      { name: 'b.TXT', data: '' },
    ]
    const error = await refusal(files, { duplicates: 'error' })
    expect(error).toMatchObject({ code: 'duplicate-name', detail: { entry: 'b.TXT' } })
    expect(error.message).toContain("set duplicates to 'rename'")
  })

  it.each([5, null, undefined, {}, true, Symbol('x'), () => []])(
    'instead of a list (%s) is told',
    async (files) => {
      const error = await refusal(files as unknown as FilesInput)
      expect(error).toMatchObject({ code: 'invalid-option', detail: { option: 'files' } })
      expect(error.message).toContain('an iterable of files or the URL of a manifest')
    },
  )

  it('in place of the URL of a manifest is told', async () => {
    const error = await refusal('manifest.json')
    expect(error).toMatchObject({ code: 'invalid-url', detail: { url: 'manifest.json' } })
    expect(error.message).toContain('to pack one file, give a list')
  })
})

describe('the URL of a manifest', () => {
  it.each([
    ['list.json', 'it is not an absolute URL; to pack one file, give a list'],
    ['ftp://host.test/list.json', 'ftp: URLs cannot be fetched; use http: or https:'],
    ['https://me:s3cret@host.test/list.json?a', 'send them in headers'],
  ])('such as %s is told at once', async (list, message) => {
    const error = await refusal(list)
    expect(error.code).toBe('invalid-url')
    expect(error.message).toMatch(/^Cannot fetch the manifest from /)
    expect(error.message).toContain(message)
    expect(error.message + JSON.stringify(error.detail)).not.toContain('s3cret')
  })
})

describe('bad options', () => {
  it.each<[string, unknown, string, string]>([
    ['duplicates', 'skip', 'duplicates', "'rename' or 'error', not \"skip\""],
    ['duplicates', null, 'duplicates', 'not null'],
    ['framing', 'deflate', 'framing', "'auto' or 'store' or 'deflate-stored'"],
    ['sizes', 'guess', 'sizes', "'probe' or 'as-given'"],
    ['sizes', { toString: 1 }, 'sizes', 'not a value of type object'],
    ['concurrency', 0, 'concurrency', 'a whole number from 1, not 0'],
    ['concurrency', 1.5, 'concurrency', 'not 1.5'],
    ['concurrency', '6', 'concurrency', 'not "6"'],
    ['concurrency', 6n, 'concurrency', 'not 6'],
    ['concurrency', NaN, 'concurrency', 'not NaN'],
    ['comment', 5, 'comment', 'a string, not 5'],
    ['retry', null, 'retry', 'an object, not null'],
    ['retry', 5, 'retry', 'an object, not 5'],
    ['retry', { attempts: 0 }, 'retry.attempts', 'a positive number, not 0'],
    ['retry', { attempts: null }, 'retry.attempts', 'not null'],
    ['retry', { delay: -1 }, 'retry.delay', 'not -1'],
    ['retry', { silence: '1' }, 'retry.silence', 'not "1"'],
    ['baseURL', '/app/', 'baseURL', 'an absolute URL, not "/app/"'],
    ['baseURL', 5, 'baseURL', 'an absolute URL, not 5'],
  ])('such as %s %o are told', async (name, value, option, message) => {
    const error = await refusal([url], { [name]: value })
    expect(error).toMatchObject({ code: 'invalid-option', detail: { option } })
    expect(error.message).toContain(`the option ${option} must be `)
    expect(error.message).toContain(message)
  })

  it('such as a comment that is too long are told', async () => {
    const error = await refusal([url], { comment: long })
    expect(error).toMatchObject({ code: 'comment-too-long', detail: { length: 65_536 } })
  })
})
