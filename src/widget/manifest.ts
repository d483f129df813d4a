/** Reads a manifest for the user to choose of; loaded by elements that are `selectable`. */

import { parseManifest } from '../manifest/json.ts'
import type { UrlFile } from '../manifest/types.ts'

/** Of a file that is listed here: the URL of the manifest. Whoever packs it for another origin has to know. */
export const MANIFEST: unique symbol = Symbol('manifest')

/** What a manifest asks for, with absolute URLs. */
export interface ListedManifest {
  readonly name: string | undefined
  readonly files: readonly UrlFile[]
}

/**
 * @param base What `url` is relative to. Default: the page's.
 * @throws Whatever is wrong with it: a job that is given its URL tells it better.
 */
export async function listManifest(
  url: string,
  base: string | URL = document.baseURI,
): Promise<ListedManifest> {
  const source = new URL(url, base).href
  const response = await fetch(source)
  if (!response.ok) throw new Error(`${source} answered ${response.status}`)
  const { name, files } = parseManifest(await response.text(), source)
  const absolute = files.map((file) => {
    return { ...file, url: new URL(file.url, response.url).href, [MANIFEST]: source }
  })
  return { name, files: absolute }
}
