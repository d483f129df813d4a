/** Whatever is given: a plan, or an error that says why not. */

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { prepareJob } from '../../src/engine/job.ts'
import { isHoldallError } from '../../src/errors.ts'
import type { ArchiveOptions, FileInput } from '../../src/manifest/types.ts'

const fetch = vi.fn(() => Promise.reject(new Error('There is no network here')))

beforeEach(() => vi.stubGlobal('fetch', fetch))
afterEach(() => vi.unstubAllGlobals())

const junk = fc.anything({
  withBigInt: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
})
const anyValue = fc.oneof(
  junk,
  fc.constantFrom<unknown>(Symbol('x'), () => 'x', new Blob(['x']), new File([], 'f'), class {}),
  fc.webUrl(),
  fc.integer(),
)

const FIELDS = ['url', 'data', 'handle', 'directory', 'symlink', 'name', 'size', 'crc32'] as const
const MORE = [
  'lastModified',
  'mode',
  'comment',
  'headers',
  'credentials',
  'integrity',
  'kind',
] as const
const keys = fc.constantFrom<string>(...FIELDS, ...MORE, 'opened', 'file', 'getFile', 'values')

async function settles(input: unknown, options: ArchiveOptions = {}): Promise<void> {
  const { signal } = new AbortController()
  const { code, plan } = await prepareJob(
    [input as FileInput],
    { sizes: 'as-given', ...options },
    signal,
  )
    .then(({ plan }) => ({ plan, code: undefined }))
    .catch((error: unknown) => {
      if (!isHoldallError(error)) throw error
      expect(error.message).toMatch(/^Cannot /)
      return { code: error.code, plan: undefined }
    })
  expect(plan?.entries.length ?? code).toBeTruthy()
}

describe('prepareJob() gives a plan, or a HoldallError, for', () => {
  it('any value in the list', async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, (input) => settles(input)),
      { numRuns: 500 },
    )
  })

  it('any values of the fields that it knows', async () => {
    const input = fc.dictionary(keys, anyValue, { maxKeys: 6, noNullPrototype: false })
    await fc.assert(
      fc.asyncProperty(input, (given) => settles(given)),
      { numRuns: 1500 },
    )
  })

  it.each(['size', 'crc32', 'lastModified', 'mode', 'comment', 'headers', 'credentials', 'name'])(
    'any %s of a file that is fine otherwise',
    async (field) => {
      const base = fc.constantFrom<object>(
        { url: 'https://host.test/a' },
        { name: 'a', data: 'text' },
        { name: 'a/', directory: true },
        { name: 'a', symlink: 'b' },
      )
      const property = fc.asyncProperty(base, anyValue, (file, value) =>
        settles({ ...file, [field]: value }),
      )
      await fc.assert(property, { numRuns: 150 })
    },
  )

  it('any values of the options', async () => {
    const names = ['duplicates', 'framing', 'comment', 'concurrency', 'sizes', 'retry', 'baseURL']
    const options = fc.dictionary(fc.constantFrom(...names), anyValue, { maxKeys: 3 })
    const property = fc.asyncProperty(options, (given) =>
      settles({ name: 'a', data: 'x' }, given as ArchiveOptions),
    )
    await fc.assert(property, { numRuns: 500 })
  })

  it('any list', async () => {
    const property = fc.asyncProperty(junk, async (list) => {
      const { signal } = new AbortController()
      if (typeof list === 'string') return
      const error: unknown = await prepareJob(list as FileInput[], {}, signal).catch(
        (e: unknown) => e,
      )
      if (error instanceof Error && !isHoldallError(error)) throw error
    })
    await fc.assert(property, { numRuns: 500 })
  })
})
