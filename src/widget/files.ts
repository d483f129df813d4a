/** The files that the element is to pack: its property's, its manifest's, or those of links. */

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

/** `input` as it can be read more than once: what it gives, or the URL of a manifest. At once if it can be. */
export function collectFiles(input: FilesInput): Files | Promise<Files> {
  if (typeof input === 'string') return input
  if (input instanceof URL) return input.href
  return Symbol.iterator in input ? [...input] : collectLater(input)
}

async function collectLater(input: AsyncIterable<FileInput>): Promise<Files> {
  const files: FileInput[] = []
  for await (const file of input) files.push(file)
  return files
}

/** Whether two lists are of the same files; those of URLs may be written anew. */
export function sameFiles(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b
  const same = (file: object, other: object): boolean =>
    file === other || ('url' in Object(file) && JSON.stringify(file) === JSON.stringify(other))
  return a.length === b.length && a.every((file: object, index) => same(file, b[index] as object))
}
