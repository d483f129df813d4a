/** Names: nothing of what anybody calls a file leaves the folder that it is unpacked to. */

import { posix, win32 } from 'node:path'
import fc from 'fast-check'
import { expect } from 'vitest'
import { isHoldallError } from '../../src/errors.ts'
import { planArchive } from '../../src/zip/plan.ts'
import { safeName } from '../../src/zip/names.ts'
import { fuzz } from './fuzz.ts'

const part = fc.constantFrom(
  ...['..', '.', '/', '\\', 'C:', 'con', 'NUL.txt', 'aux ', '...', ' ', 'a', 'A', 'é', 'e\u0301'],
  ...['\0', '\n', '\u202e', '\ud800', '\u200d', '\u2215', '\uff0f', ':', '~', '(2)', '.txt', 'ß'],
)
const name = fc.oneof(
  fc.array(part, { minLength: 1, maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
)

function expectSafe(given: string): void {
  for (const system of [posix, win32]) {
    expect(system.isAbsolute(given)).toBe(false)
    const place = system.resolve('/unpacked/here', given)
    expect(place.startsWith(system.resolve('/unpacked/here') + system.sep)).toBe(true)
  }
  expect(given.isWellFormed()).toBe(true)
  expect(given).toBe(given.normalize('NFC'))
  for (const one of given.replace(/\/$/, '').split('/')) {
    expect(one).not.toMatch(/^$|[. ]$|[\0-\x1f\x7f\\:*?"<>|]/) // oxlint-disable-line no-control-regex
    expect(one).not.toMatch(/^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i)
    expect(Buffer.byteLength(one)).toBeLessThanOrEqual(255)
  }
}

fuzz(
  'one name is safe, and safe as it is the second time',
  1 / 2,
  fc.property(name, (given) => {
    const safe = safeName(given)
    expectSafe(safe)
    expect(safeName(safe)).toBe(safe)
  }),
)

fuzz(
  'many names are different for every file system',
  1 / 2,
  fc.property(fc.array(name, { minLength: 2, maxLength: 30 }), (names) => {
    try {
      const { entries } = planArchive(
        names.map((given) => ({ name: given, size: 0, whole: true })),
        { now: 0 },
      )
      const folded = entries.map((entry) => entry.name.normalize('NFC').toLowerCase())
      expect(new Set(folded).size).toBe(names.length)
      for (const entry of entries) {
        expectSafe(entry.name)
        // no file where another entry has a folder
        for (const other of folded) {
          expect(other.startsWith(`${entry.name.normalize('NFC').toLowerCase()}/`)).toBe(false)
        }
      }
    } catch (error) {
      if (!isHoldallError(error)) throw error
    }
  }),
)
