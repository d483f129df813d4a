/** Bundles of anybody: imported, or refused with a code, and then nothing of them is left. */

import fc from 'fast-check'
import { afterAll, expect, vi } from 'vitest'
import { importBundle } from '../../src/bundle.ts'
import { parseDescription } from '../../src/bundle/import-description.ts'
import { isSafePath } from '../../src/bundle/import-fields.ts'
import { limitsOf } from '../../src/bundle/import-limits.ts'
import { isHoldallError } from '../../src/errors.ts'
import { openPage } from '../bundle/import-page.ts'
import { APP, describeApp, HERE, zipOf } from '../bundle/made-bundle.ts'
import { fuzz } from './fuzz.ts'

afterAll(() => vi.unstubAllGlobals())

const { description } = describeApp()
const FIELDS = [...Object.keys(description.responses[2]!), 'page', '__proto__', 'constructor']
const OWN = [...Object.keys(description), '__proto__', 'toString']

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.webUrl(),
  fc.constantFrom<unknown>(
    ...[HERE, `${HERE}/`, `${HERE}/a#b`, 'https://evil.example/', '../a', 'a\\b', 'C:a', '', null],
    ...[204, 206, 101, 2 ** 53, -0, [['a', 'b\r\nc: d']], [['Vary', '*']], { Accept: 'x' }],
  ),
)

/** A description with some fields changed, as JSON, where keys of prototypes are keys like others. */
const text = fc
  .record({
    own: fc.array(fc.tuple(fc.constantFrom(...OWN), value), { maxLength: 2 }),
    of: fc.nat({ max: APP.length - 1 }),
    fields: fc.array(fc.tuple(fc.constantFrom(...FIELDS), value), { maxLength: 3 }),
  })
  .map(({ own, of, fields }) => {
    const responses = description.responses.map((response, index) =>
      index === of ? jsonOf(response, fields) : JSON.stringify(response),
    )
    return jsonOf(description, own).replace(
      JSON.stringify(description.responses),
      () => `[${responses.join()}]`,
    )
  })

function jsonOf(from: object, changes: readonly (readonly [string, unknown])[]): string {
  const fields = [...Object.entries(from), ...changes].map(
    ([key, given]) => `${JSON.stringify(key)}:${JSON.stringify(given) ?? 'null'}`,
  )
  return `{${fields.join()}}`
}

function expectRefusal(error: unknown): void {
  if (!isHoldallError(error)) throw error
  expect(error.code).toMatch(/^(invalid-bundle|bundle-|foreign-origin)/)
  expect(error.message).toMatch(/^Cannot import /)
}

fuzz(
  'a description',
  1 / 3,
  fc.property(fc.oneof({ weight: 5, arbitrary: text }, fc.json(), value.map(String)), (given) => {
    try {
      const { origin, responses, start } = parseDescription(given, limitsOf())
      expect(new URL(origin).origin).toBe(origin)
      for (const { url, path, page, headers, vary, status, statusText } of responses) {
        expect(new Request(url, { headers: vary ?? {} }).url).toBe(url)
        for (const name of [path, page ?? path, start]) expect(isSafePath(name)).toBe(true)
        const pairs = headers.map(([name, text]) => [name, text] as [string, string])
        expect(new Response(null, { status, statusText, headers: pairs }).status).toBe(status)
      }
    } catch (error) {
      expectRefusal(error)
    }
    expect(Object.keys(Object.prototype)).toEqual([])
  }),
)

/** Imports `bytes`, and makes sure that it was all or nothing. */
async function tryImport(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const { caches } = await openPage()
  const before = caches.seen()
  try {
    const { responses } = await importBundle(new Blob([bytes]))
    expect(Object.keys(caches.seen()).some((name) => name.startsWith('holdall-import'))).toBe(false)
    expect(responses).toBeGreaterThanOrEqual(0)
  } catch (error) {
    expectRefusal(error)
    expect(caches.seen()).toEqual(before)
  }
}

fuzz(
  'a bundle with a changed description',
  1 / 3,
  fc.asyncProperty(text, async (given) => {
    await tryImport(await zipOf({ description: given, bodies: describeApp().bodies }))
  }),
)

const whole = await zipOf(describeApp(APP.slice(0, -1)))

fuzz(
  'a bundle with changed bytes',
  1 / 3,
  fc.asyncProperty(
    fc.array(fc.tuple(fc.nat({ max: whole.length - 1 }), fc.nat({ max: 255 })), { maxLength: 4 }),
    fc.nat({ max: 4 * whole.length }),
    async (changes, cut) => {
      const bytes = whole.slice(0, cut)
      for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte
      await tryImport(bytes)
    },
  ),
)
