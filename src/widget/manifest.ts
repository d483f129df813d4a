/** Reads a manifest for the user to choose of; loaded by elements that are `selectable`. */

import { parseManifest } from '../manifest/json.ts'
import type { UrlFile } from '../manifest/types.ts'

/** What a manifest asks for, with absolute URLs. */
export interface ListedManifest {
  readonly name: string | undefined
  readonly files: readonly UrlFile[]
}

/** @throws Whatever is wrong with it: a job that is given its URL tells it better. */
export async function listManifest(url: string): Promise<ListedManifest> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  const { name, files } = parseManifest(await response.text(), url)
  const absolute = files.map((file) => ({ ...file, url: new URL(file.url, response.url).href }))
  return { name, files: absolute }
}
