/** Manifests of servers, and lists of callers: a plan comes of them, or an error with a code. */

import fc from 'fast-check'
import { expect } from 'vitest'
import { settle } from '../../src/engine/job.ts'
import { isHoldallError } from '../../src/errors.ts'
import { checkOptions } from '../../src/manifest/checks.ts'
import { parseManifest } from '../../src/manifest/json.ts'
import { parseFiles } from '../../src/manifest/parse.ts'
import type { ArchiveOptions, FileInput } from '../../src/manifest/types.ts'
import { planArchive, type EntryInput, type PlanOptions } from '../../src/zip/plan.ts'
import { fuzz } from './fuzz.ts'

const FIELDS = [
  'url',
  'name',
  'filename',
  'size',
  'crc32',
  'sha256',
  'lastModified',
  'mode',
  'comment',
  'credentials',
  'integrity',
  'referrerPolicy',
  'etag',
  'headers',
  'data',
  'handle',
  'directory',
  'symlink',
  '__proto__',
  'constructor',
  'toString',
]
const text = fc.string({ unit: 'binary', maxLength: 40 })
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  text,
  fc.webUrl(),
  fc.constantFrom<unknown>(
    '',
    'https://host.test/a',
    '//x',
    'data:,',
    'a/../b',
    -0,
    2 ** 53,
    1e308,
  ),
)
const fields = fc.array(fc.tuple(fc.constantFrom(...FIELDS), value), { maxLength: 6 })
const SOURCE = 'https://app.test/list.json'

/** As a hostile server writes it, the keys of the prototype among them. */
const json = fc.array(fields, { maxLength: 4 }).map((files) => {
  const entries = files.map(
    (file) =>
      `{${file.map(([key, given]) => `${JSON.stringify(key)}:${JSON.stringify(given) ?? 'null'}`).join()}}`,
  )
  return `{"files":[${entries.join()}]}`
})

function expectError(error: unknown): void {
  if (!isHoldallError(error)) throw error
  expect(error.code).toMatch(/^[a-z0-9-]+$/)
  expect(error.message).toMatch(/^Cannot /)
}

fuzz(
  'a manifest in JSON',
  1 / 4,
  fc.asyncProperty(fc.oneof(json, fc.json(), text), async (given) => {
    try {
      const { files } = parseManifest(given, SOURCE)
      for (const file of files) expect(FIELDS).toEqual(expect.arrayContaining(Object.keys(file)))
      const parsed = await parseFiles(files, SOURCE)
      const { plan } = settle(parsed, {}, 0, undefined)
      expect(plan.entries).toHaveLength(files.length)
    } catch (error) {
      expectError(error)
    }
    expect(Object.keys(Object.prototype)).toEqual([])
  }),
)

const anything = fc.oneof(
  fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withTypedArray: true }),
  fc.constantFrom<unknown>(Symbol('x'), () => 'x', new Blob(['x']), new URL('https://host.test/')),
  value,
)

fuzz(
  'a list of anything',
  1 / 4,
  fc.asyncProperty(
    fc.array(
      fc.oneof(anything, fc.dictionary(fc.constantFrom(...FIELDS), anything, { maxKeys: 6 })),
      {
        minLength: 1,
        maxLength: 3,
      },
    ),
    async (list) => {
      try {
        const parsed = await parseFiles(list as FileInput[], SOURCE)
        settle(parsed, {}, 0, undefined)
      } catch (error) {
        expectError(error)
      }
    },
  ),
)

const OPTIONS = [
  'duplicates',
  'framing',
  'comment',
  'concurrency',
  'sizes',
  'retry',
  'baseURL',
  'onError',
]

fuzz(
  'options of any kind',
  1 / 4,
  fc.asyncProperty(
    fc.dictionary(fc.constantFrom(...OPTIONS), anything, { maxKeys: 4 }),
    async (given) => {
      try {
        const options = given as ArchiveOptions
        checkOptions(options)
        const parsed = await parseFiles([{ name: 'a', data: 'x' }], SOURCE)
        settle(parsed, options, 0, undefined)
      } catch (error) {
        expectError(error)
      }
    },
  ),
)

const ENTRY = ['name', 'kind', 'size', 'crc32', 'lastModified', 'mode', 'comment', 'whole']

fuzz(
  'entries of an archive, for those who plan it themselves',
  1 / 4,
  fc.property(
    fc.oneof(
      fc.array(
        fc.oneof(fc.dictionary(fc.constantFrom(...ENTRY), anything, { maxKeys: 5 }), anything),
        {
          maxLength: 3,
        },
      ),
      anything,
    ),
    fc.dictionary(fc.constantFrom(...OPTIONS, 'now'), anything, { maxKeys: 3 }),
    (entries, options) => {
      try {
        planArchive(entries as EntryInput[], options as PlanOptions)
      } catch (error) {
        expectError(error)
      }
    },
  ),
)
