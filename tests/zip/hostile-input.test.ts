/** Input that is no entry, or no option: told with a code, for those who plan archives themselves. */

import { describe, expect, it } from 'vitest'
import { planArchive, type EntryInput, type PlanOptions } from '../../src/zip/plan.ts'

const file = { name: 'a', size: 1 }
const nothing = Object.create(null) as object

describe('planArchive() refuses', () => {
  it.each([
    ['what is no list', 5, 'invalid-option', { option: 'entries' }],
    ['what is no object', [file, null], 'invalid-file', { index: 1 }],
    ['an entry without a name', [{ size: 1 }], 'missing-name', { index: 0 }],
    ['a name that is no text', [{ name: nothing }], 'missing-name', { index: 0 }],
    ['a kind that is none', [{ ...file, kind: 'pipe' }], 'invalid-metadata', { field: 'kind' }],
    [
      'a comment that is no text',
      [{ ...file, comment: 5 }],
      'invalid-metadata',
      { field: 'comment' },
    ],
    ['a size that cannot be shown', [{ ...file, size: nothing }], 'invalid-size', { entry: 'a' }],
    [
      'a time in text',
      [{ ...file, lastModified: '5' }],
      'invalid-metadata',
      { field: 'lastModified' },
    ],
  ])('%s', (_, entries, code, detail) => {
    expect(() => planArchive(entries as EntryInput[])).toThrow(
      expect.objectContaining({ code, detail: expect.objectContaining(detail) }),
    )
  })

  it.each([
    ['duplicates', 'drop'],
    ['framing', 5],
    ['onError', nothing],
    ['comment', 5],
    ['now', 'today'],
  ])('the option %s as %j', (option, value) => {
    expect(() => planArchive([file], { [option]: value } as PlanOptions)).toThrow(
      expect.objectContaining({ code: 'invalid-option', detail: { option } }),
    )
  })
})
