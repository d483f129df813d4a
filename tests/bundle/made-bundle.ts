/** Bundles as an export makes them, by holdall's own encoder, and what may be wrong with one. */

import { createHash } from 'node:crypto'
import type { BundleDescription, BundledResponse } from '../../src/bundle/description.ts'
import { crc32, zipStream, type FileInput } from '../../src/core.ts'

export const HERE = 'https://app.example'

/** A response, as far as it matters. */
export interface Given {
  readonly url: string
  readonly cache?: string | null
  readonly vary?: Record<string, string>
  readonly status?: number
  readonly statusText?: string
  readonly headers?: readonly (readonly [string, string])[]
  readonly body?: string | Uint8Array<ArrayBuffer>
}

export interface Made {
  readonly description: BundleDescription
  /** The bodies, by their paths. */
  readonly bodies: ReadonlyMap<string, Uint8Array<ArrayBuffer>>
}

/** A small app: pages, a script in Workbox's precache, pictures that vary, an answer without a body. */
export const APP: readonly Given[] = [
  {
    url: `${HERE}/index.html?__WB_REVISION__=8f1d`,
    cache: `workbox-precache-v2-${HERE}/`,
    headers: [['content-type', 'text/html; charset=utf-8']],
    body: '<title>App</title>',
  },
  {
    url: `${HERE}/assets/app.js`,
    cache: `workbox-precache-v2-${HERE}/`,
    headers: [
      ['content-encoding', 'gzip'],
      ['content-length', '12'],
      ['content-type', 'text/javascript'],
    ],
    body: 'console.log("app")',
  },
  {
    url: `${HERE}/api/list`,
    cache: 'api',
    vary: { 'Accept-Language': 'de' },
    headers: [['vary', 'Accept-Language']],
    body: '["eins"]',
  },
  {
    url: `${HERE}/api/list`,
    cache: 'api',
    vary: { 'Accept-Language': 'en' },
    headers: [['vary', 'Accept-Language']],
    body: '["one"]',
  },
  { url: `${HERE}/api/gone`, cache: 'api', status: 404, statusText: 'Not Found', body: 'gone' },
  { url: `${HERE}/api/nothing`, cache: 'api', status: 204, statusText: 'No Content', body: '' },
  { url: `${HERE}/empty.txt`, cache: null, body: '' },
  {
    url: `${HERE}/photo.jpg`,
    cache: null,
    body: Uint8Array.from({ length: 80_000 }, (_, i) => i * 7),
  },
]

/** The description of `responses`, and their bodies. */
export function describeApp(responses: readonly Given[] = APP, origin: string = HERE): Made {
  const bodies = new Map<string, Uint8Array<ArrayBuffer>>()
  const described = responses.map((given, index): BundledResponse => {
    const { url, cache = null, vary, status = 200, statusText = 'OK', headers = [] } = given
    const bytes = new Uint8Array(Buffer.from(given.body ?? ''))
    const path = `responses/${index}.bin`
    bodies.set(path, bytes)
    return {
      url,
      cache,
      ...(vary !== undefined && { vary }),
      status,
      statusText,
      headers,
      ...digestsOf(bytes),
      type: '',
      path,
    }
  })
  const description: BundleDescription = {
    version: 1,
    generator: 'holdall 0.1.0',
    origin,
    scope: `${origin}/`,
    created: '2026-11-25T12:00:00.000Z',
    start: 'index.html',
    responses: described,
  }
  return { description, bodies }
}

export function digestsOf(bytes: Uint8Array): { size: number; crc32: string; sha256: string } {
  return {
    size: bytes.length,
    crc32: crc32(bytes).toString(16).padStart(8, '0'),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}

/** The ZIP of `made`. */
export async function zipOf(
  { description, bodies }: { description: unknown; bodies: Made['bodies'] },
  more: readonly FileInput[] = [],
): Promise<Uint8Array<ArrayBuffer>> {
  const text = typeof description === 'string' ? description : JSON.stringify(description)
  const files: FileInput[] = [
    { name: 'index.html', data: '<title>App</title>' },
    { name: 'holdall-bundle.json', data: text },
    ...[...bodies].map(([name, data]) => ({ name, data })),
    ...more,
  ]
  return new Uint8Array(await new Response(zipStream(files)).arrayBuffer())
}

/** `bytes` with each place that holds `from` holding `to`, of the same length. */
export function replaced(
  bytes: Uint8Array,
  from: string | Uint8Array,
  to: string | Uint8Array,
): Uint8Array<ArrayBuffer> {
  const [before, after] = [Buffer.from(from), Buffer.from(to)]
  if (before.length !== after.length) throw new Error('They must be of one length')
  const copy = Buffer.from(bytes)
  let at = copy.indexOf(before)
  if (at < 0) throw new Error('It is not in there')
  for (; at >= 0; at = copy.indexOf(before, at + after.length)) after.copy(copy, at)
  return new Uint8Array(copy)
}

/** Where in `bytes` the central record of the entry called `name` is. */
export function centralRecord(bytes: Uint8Array, name: string): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const signature = Buffer.from([0x50, 0x4b, 1, 2])
  for (let at = buffer.indexOf(signature); at >= 0; at = buffer.indexOf(signature, at + 1)) {
    const length = buffer.readUInt16LE(at + 28)
    if (buffer.subarray(at + 46, at + 46 + length).toString() === name) return at
  }
  throw new Error(`There is no ${name}`)
}
