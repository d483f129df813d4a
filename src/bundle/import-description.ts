/** Reads `holdall-bundle.json`, of which nothing is believed: every field is looked at. */

import { DESCRIPTION_VERSION, type BundleDescription, type BundledResponse } from './description.ts'
import {
  cacheNameAt,
  check,
  digestAt,
  fieldValueAt,
  headersAt,
  isWhole,
  listAt,
  numberAt,
  objectAt,
  originAt,
  pathAt,
  stringAt,
  timeAt,
  urlAt,
  varyAt,
} from './import-fields.ts'
import { checkLimit, type ImportLimits } from './import-limits.ts'
import { invalidBundle } from './import-refusals.ts'

/** Statuses that come without a body: `Response` takes none with them. */
export const WITHOUT_BODY: readonly number[] = [204, 205, 304]

/** A browser looks into each of them for what an app asks for. */
const MOST_CACHES = 1000

/**
 * @param text Of the file.
 * @throws {HoldallError} `invalid-bundle`, `bundle-too-large`.
 */
export function parseDescription(text: string, limits: ImportLimits): BundleDescription {
  const fields = objectAt('$', parseJson(text))
  const { version } = fields
  check(version === DESCRIPTION_VERSION, '$.version', otherVersion(version))
  const origin = originAt('$.origin', fields['origin'])
  const scope = urlAt('$.scope', fields['scope'])
  check(scope.origin === origin, '$.scope', 'is of another origin than the bundle')
  const created = timeAt('$.created', fields['created'])
  const responses = listAt('$.responses', fields['responses'])
  checkLimit('entries', limits, responses.length)
  const description: BundleDescription = {
    version: DESCRIPTION_VERSION,
    generator: stringAt('$.generator', fields['generator']),
    origin,
    scope: scope.href,
    created,
    start: pathAt('$.start', fields['start']),
    responses: responses.map((value, index) => responseAt(`$.responses[${index}]`, value)),
  }
  checkUnique(description.responses)
  checkLimit('bytes', limits, sum(description.responses))
  return description
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw invalidBundle('$', `is not JSON (${(cause as Error).message})`, cause)
  }
}

function responseAt(path: string, value: unknown): BundledResponse {
  const fields = objectAt(path, value)
  const status = numberAt(`${path}.status`, fields['status'])
  check(isWhole(status), `${path}.status`, 'is no status of a whole response')
  const size = numberAt(`${path}.size`, fields['size'])
  const isEmpty = !WITHOUT_BODY.includes(status) || size === 0
  check(isEmpty, `${path}.size`, `must be 0 with the status ${status}`)
  const { vary, page } = fields
  return {
    url: urlAt(`${path}.url`, fields['url']).href,
    cache: fields['cache'] === null ? null : cacheNameAt(`${path}.cache`, fields['cache']),
    ...(vary !== undefined && { vary: varyAt(`${path}.vary`, vary) }),
    status,
    statusText: fieldValueAt(`${path}.statusText`, fields['statusText']),
    headers: headersAt(`${path}.headers`, fields['headers']),
    size,
    crc32: digestAt(`${path}.crc32`, fields['crc32'], 8),
    sha256: digestAt(`${path}.sha256`, fields['sha256'], 64),
    type: stringAt(`${path}.type`, fields['type']),
    path: pathAt(`${path}.path`, fields['path']),
    ...(page !== undefined && { page: pathAt(`${path}.page`, page) }),
  }
}

/** Makes sure that no response takes the place of another. */
function checkUnique(responses: readonly BundledResponse[]): void {
  const seen = new Set<string>()
  for (const [index, { url, cache, vary = {} }] of responses.entries()) {
    const headers = Object.entries(vary).map(([name, value]) => [name.toLowerCase(), value])
    // caches do not look at fragments
    const key = JSON.stringify([cache, url.replace(/#.*/, ''), headers.toSorted()])
    check(!seen.has(key), `$.responses[${index}].url`, 'is there twice')
    seen.add(key)
  }
  const caches = new Set(responses.map(({ cache }) => cache))
  check(caches.size <= MOST_CACHES, '$.responses', `are of more than ${MOST_CACHES} caches`)
}

function sum(responses: readonly BundledResponse[]): number {
  return responses.reduce((bytes, { size }) => bytes + size, 0)
}

function otherVersion(version: unknown): string {
  return typeof version === 'number'
    ? `is ${version}, this holdall reads ${DESCRIPTION_VERSION}: update the app`
    : 'is missing'
}
