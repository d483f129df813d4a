/** The files that the element is to pack: its property's, its manifest's, or those of links. */

import { loaded } from '../client/loaded.ts'
import type { FileInput, FilesInput, UrlFile } from '../manifest/types.ts'

/** Files in a list, or the URL of a manifest. */
export type Files = readonly FileInput[] | string

const PACKABLE = new Set(['http:', 'https:', 'blob:', 'data:'])

/** One file for each link, in the page's order; a file that is linked twice is packed once. */
export function filesOfLinks(links: Iterable<Element>): UrlFile[] {
  const files = new Map<string, UrlFile>()
  for (const link of links) {
    if (!(link instanceof HTMLAnchorElement) || !PACKABLE.has(link.protocol)) continue
    if (link.getAttribute('href')?.startsWith('#')) continue // a place on this page
    const { href, download, referrerPolicy, dataset } = link
    const size = /^\d+$/.test(dataset['size'] ?? '') ? Number(dataset['size']) : NaN
    files.set(`${href} ${download}`, {
      url: href,
      ...(download !== '' && { name: download }),
      ...(Number.isSafeInteger(size) && { size }),
      ...(referrerPolicy !== '' && { referrerPolicy: referrerPolicy as ReferrerPolicy }),
    })
  }
  return [...files.values()]
}

/**
 * `input` as it can be read more than once: what it gives, or the URL of a manifest. At once if it can be.
 *
 * @returns A promise that rejects, if `input` gives nothing of the kind, or fails in time.
 */
export function collectFiles(input: FilesInput): Files | Promise<Files> {
  if (typeof input === 'string') return input
  if (input instanceof URL) return input.href
  return Symbol.iterator in Object(input) ? [...(input as Iterable<FileInput>)] : later(input)
}

async function later(input: FilesInput): Promise<Files> {
  const { collect } = await loaded(import('./collect-later.ts'))
  return collect(input)
}

/** `url` as a whole one; as it is where it is none, which the job that is given it tells. */
export function absolute(url: string | URL, base: string | URL): string {
  try {
    return new URL(url, base).href
  } catch {
    return String(url)
  }
}

/** Whether two values say the same: lists, plain objects, dates and URLs by what is in them, all else by being one. */
export function same(a: unknown, b: unknown): boolean {
  const [one, other] = [a, b] as Record<PropertyKey, unknown>[]
  const kind = one?.constructor
  if (a === b || kind !== other?.constructor) return a === b
  if (kind === Date || kind === URL) return JSON.stringify(a) === JSON.stringify(b)
  if (kind !== Object && kind !== Array) return false
  return Reflect.ownKeys({ ...one, ...other }).every((name) => same(one![name], other![name]))
}
