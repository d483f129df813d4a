/** Manifests in JSON: what a server says there is to pack. */

import { HoldallError } from '../errors.ts'
import { isSha256 } from './checks.ts'
import type { UrlFile } from './types.ts'

/** What a manifest in JSON asks for. */
export interface JsonManifest {
  /** Name of the archive, where the manifest gives one. */
  readonly name?: string
  readonly files: readonly UrlFile[]
}

const FIELDS = {
  url: 'string',
  name: 'string',
  filename: 'string',
  size: 'number',
  crc32: 'number',
  sha256: 'string',
  lastModified: 'string or number',
  mode: 'number',
  comment: 'string',
  credentials: 'string',
  integrity: 'string',
  referrerPolicy: 'string',
  etag: 'string',
  headers: 'object',
} as const

/**
 * Reads `{ "files": [ { "url", "name" | "filename", "size", "crc32", "lastModified", … } ] }`.
 *
 * Fields of other names are left alone: a server may say more than is needed here.
 *
 * @param source The manifest's own URL, for messages.
 * @throws {HoldallError} `invalid-manifest`, with the path of what is wrong.
 */
export function parseManifest(text: string, source: string): JsonManifest {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw invalid('$', source, `it is not JSON (${(cause as Error).message})`, cause)
  }
  const manifest = asObject(value, '$', source)
  const { files, name } = manifest
  if (!Array.isArray(files)) throw invalid('$.files', source, 'it must be an array')
  if (name !== undefined && typeof name !== 'string') {
    throw invalid('$.name', source, 'it must be a string')
  }
  return {
    ...(name !== undefined && { name }),
    files: files.map((file, index) => parseEntry(file, `$.files[${index}]`, source)),
  }
}

function parseEntry(value: unknown, path: string, source: string): UrlFile {
  const fields = asObject(value, path, source)
  const entry: Record<string, unknown> = {}
  for (const [field, type] of Object.entries(FIELDS)) {
    const given = fields[field]
    if (given === undefined || given === null) continue
    if (!type.split(' or ').includes(typeof given)) {
      throw invalid(
        `${path}.${field}`,
        source,
        `it must be ${type === 'object' ? 'an' : 'a'} ${type}, not ${JSON.stringify(given)}`,
      )
    }
    entry[field === 'filename' ? 'name' : field] = given
  }
  checkValues(entry, path, source)
  return entry as unknown as UrlFile
}

function checkValues(entry: Record<string, unknown>, path: string, source: string): void {
  const { url, size, crc32, sha256, lastModified, credentials, headers } = entry
  if (url === undefined) throw invalid(`${path}.url`, source, 'it is missing')
  if (!canParse(url as string, source)) {
    throw invalid(`${path}.url`, source, `${JSON.stringify(url)} is not a URL`)
  }
  if (size !== undefined && !(Number.isSafeInteger(size) && (size as number) >= 0)) {
    throw invalid(`${path}.size`, source, 'it must be a whole number of bytes, 0 or more')
  }
  if (crc32 !== undefined && (crc32 as number) >>> 0 !== crc32) {
    throw invalid(`${path}.crc32`, source, 'it must be a whole number from 0 to 4294967295')
  }
  if (sha256 !== undefined && !isSha256(sha256)) {
    throw invalid(`${path}.sha256`, source, 'it must be 64 hexadecimal digits')
  }
  if (lastModified !== undefined && Number.isNaN(new Date(lastModified as string).getTime())) {
    throw invalid(`${path}.lastModified`, source, 'it must be a date, or milliseconds since 1970')
  }
  if (
    credentials !== undefined &&
    !['omit', 'same-origin', 'include'].includes(String(credentials))
  ) {
    throw invalid(`${path}.credentials`, source, "it must be 'omit', 'same-origin' or 'include'")
  }
  for (const [name, header] of Object.entries(headers ?? {})) {
    if (typeof header !== 'string') {
      throw invalid(`${path}.headers[${JSON.stringify(name)}]`, source, 'it must be a string')
    }
  }
}

function canParse(url: string, base: string): boolean {
  try {
    void new URL(url, base)
    return true
  } catch {
    return false
  }
}

function asObject(value: unknown, path: string, source: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw invalid(path, source, 'it must be an object')
}

function invalid(path: string, url: string, why: string, cause?: unknown): HoldallError {
  return new HoldallError(
    'invalid-manifest',
    `Cannot read the manifest ${url} at ${path}: ${why}`,
    { path, url },
    cause === undefined ? undefined : { cause },
  )
}
