/** Single fields of a description: each is what it must be, or refused with its path. */

import { STAGING_PREFIX } from './import-staging.ts'
import { invalidBundle } from './import-refusals.ts'

/** RFC 9110 §5.6.2 and §5.5; a value that has line breaks in it would be headers of its own. */
const TOKEN = /^[!#$%&'*+.^_`|~\w-]+$/
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/

/** Longer names of caches are nobody's. */
const LONGEST_NAME = 1024

/** What a hostile file holds where an object is expected. */
type Fields = Readonly<Record<string, unknown>>

/** Whether `name` leads to a file below where it is unpacked, on every system. */
export function isSafePath(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- they are what must not be there
  const isPlain = !/[\0-\x1f\x7f\\]|^[a-z]:/i.test(name) && name.isWellFormed()
  return isPlain && name.split('/').every((part) => !['', '.', '..'].includes(part))
}

export function check(holds: boolean, path: string, why: string): asserts holds {
  if (!holds) throw invalidBundle(path, why)
}

export function objectAt(path: string, value: unknown): Fields {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  check(isObject, path, 'must be an object')
  return value as Fields
}

export function listAt(path: string, value: unknown): readonly unknown[] {
  check(Array.isArray(value), path, 'must be a list')
  return value
}

export function stringAt(path: string, value: unknown): string {
  check(typeof value === 'string' && value.isWellFormed(), path, 'must be text')
  return value
}

export function numberAt(path: string, value: unknown): number {
  const isCount = Number.isSafeInteger(value) && (value as number) >= 0
  check(isCount, path, 'must be a whole number from 0')
  return value as number
}

export function digestAt(path: string, value: unknown, digits: number): string {
  const digest = stringAt(path, value).toLowerCase()
  check(new RegExp(`^[0-9a-f]{${digits}}$`).test(digest), path, `must be ${digits} hex digits`)
  return digest
}

export function pathAt(path: string, value: unknown): string {
  const name = stringAt(path, value)
  check(isSafePath(name), path, 'must be a path inside the ZIP')
  return name
}

/** A URL as a cache has it: absolute, of HTTP, without a password. */
export function urlAt(path: string, value: unknown): URL {
  const text = stringAt(path, value)
  const url = parsed(text)
  const isKey =
    url !== undefined &&
    url.href === text &&
    /^https?:$/.test(url.protocol) &&
    url.username === '' &&
    url.password === ''
  check(isKey, path, 'must be an absolute URL of HTTP, as browsers write it')
  return url
}

export function originAt(path: string, value: unknown): string {
  const { origin } = urlAt(path, `${stringAt(path, value)}/`)
  check(origin === value, path, 'must be an origin, as in https://app.example')
  return origin
}

/** Whether a bundle may have responses of the cache called `name`. */
export function isCacheName(name: string): boolean {
  // oxlint-disable-next-line no-control-regex -- nobody could tell such names apart
  return name !== '' && name.length <= LONGEST_NAME && !/[\0-\x1f\x7f]/.test(name)
}

export function cacheNameAt(path: string, value: unknown): string {
  const name = stringAt(path, value)
  check(isCacheName(name), path, `must be the name of a cache, of up to ${LONGEST_NAME} characters`)
  check(!name.startsWith(STAGING_PREFIX), path, `must not begin with ${STAGING_PREFIX}`)
  return name
}

/**
 * Whether `status` is one of a whole response: 206 is a part, which Cache Storage refuses; what is below 200 is no response
 * to keep.
 */
export function isWhole(status: number): boolean {
  return status >= 200 && status <= 599 && status !== 206
}

export function fieldValueAt(path: string, value: unknown): string {
  const text = stringAt(path, value)
  check(FIELD_VALUE.test(text), path, 'has characters that no header may have')
  return text
}

export function headersAt(path: string, value: unknown): readonly (readonly [string, string])[] {
  return listAt(path, value).map((pair, index) => {
    const at = `${path}[${index}]`
    const [name, text, ...rest] = listAt(at, pair)
    check(rest.length === 0, at, 'must be a name and a value')
    return [tokenAt(`${at}[0]`, name), fieldValueAt(`${at}[1]`, text)]
  })
}

export function varyAt(path: string, value: unknown): Record<string, string> {
  const pairs = Object.entries(objectAt(path, value)).map(([name, text]) => {
    const at = `${path}[${JSON.stringify(name)}]`
    return [tokenAt(at, name), fieldValueAt(at, text)]
  })
  return Object.fromEntries(pairs) as Record<string, string>
}

function tokenAt(path: string, value: unknown): string {
  const name = stringAt(path, value)
  check(TOKEN.test(name), path, 'must be the name of a header')
  return name
}

export function timeAt(path: string, value: unknown): string {
  const time = stringAt(path, value)
  const isTime = ISO_8601.test(time) && !Number.isNaN(Date.parse(time))
  check(isTime, path, 'must be a time in ISO 8601')
  return time
}

/** `URL.canParse` is younger than the oldest browsers that holdall runs in. */
function parsed(text: string): URL | undefined {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}
